"""Dockerfiles read into instructions and stages."""

from __future__ import annotations

import pytest

from checks.frameworks.documents import decoded, document_of, fill_in, kind_of, stages_of
from checks.model import Span
from checks.semantics.source import Document


def dockerfile(text: str) -> Document:
    found = document_of("Dockerfile", text)
    assert isinstance(found, Document)
    return found


def read(text: str) -> list[tuple[str, str]]:
    return [(item.keyword, item.value) for item in dockerfile(text).instructions]


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile",
        "dockerfile",
        "deploy/Dockerfile",
        "Dockerfile.prod",
        "web.Dockerfile",
        "Containerfile",
        "docker/web.dockerfile",
    ],
)
def test_dockerfiles_by_their_names(path: str) -> None:
    assert kind_of(path) == "dockerfile"


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile.md",
        "docs/dockerfile.rst",
        "dockerfile.py",
        "Dockerfiles/readme",
        "mydockerfile",
        "Dockerfile.txt",
        "views.py",
        "compose.yml",
    ],
)
def test_other_files_are_none(path: str) -> None:
    assert kind_of(path) is None
    assert document_of(path, "FROM a\n") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM python:3.13\nUSER app\n", [("FROM", "python:3.13"), ("USER", "app")]),
        ("from python\n  user app\n", [("FROM", "python"), ("USER", "app")]),
        ("RUN\techo a\n", [("RUN", "echo a")]),
        ("RUN a \\\n    && b\nUSER c\n", [("RUN", "a && b"), ("USER", "c")]),
        ("RUN a \\  \n  b\n", [("RUN", "a b")]),
        ("RUN a \\\n# why\n\n  b\n", [("RUN", "a b")]),
        ("RUN a \\\n# the end\n", [("RUN", "a")]),
        ("RUN a \\\n", [("RUN", "a")]),
        ("# escape=`\nRUN a `\n  b\nRUN c \\\nUSER d\n", [("RUN", "a b"), ("RUN", "c \\"), ("USER", "d")]),
        ("FROM a\r\nUSER b\r\n", [("FROM", "a"), ("USER", "b")]),
        ("EXPOSE\nCMD x\n", [("EXPOSE", ""), ("CMD", "x")]),
        ("# USER root\n\n   # FROM a\n", []),
        ("", []),
    ],
)
def test_logical_lines_become_instructions(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "RUN <<EOF\nUSER root\nEOF\nUSER app\n",
        "RUN <<-'END' cat > /x\n  USER root\n  END\nUSER app\n",
        "COPY <<a <<b /x/\nUSER root\na\nUSER root\nb\nUSER app\n",
        "run python3 <<EOF && true\nUSER root\nEOF\nUSER app\n",
    ],
)
def test_here_documents_belong_to_their_instruction(text: str) -> None:
    assert read(text)[1:] == [("USER", "app")]
    assert "USER root" in read(text)[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "RUN cat <<< word\nUSER app\nword\n",
        "RUN cat <<<word\nUSER app\nword\n",
        "RUN echo $((1 << four))\nUSER app\nfour\n",
        "RUN echo '<<EOF'\nUSER app\nEOF\n",
        "RUN cat <<EOF\nUSER app\n",
        "ENV A=1 <<EOF\nUSER app\nEOF\n",
    ],
    ids=["here string", "attached", "shift", "quoted", "no end", "not there"],
)
def test_what_only_looks_like_a_here_document_swallows_nothing(text: str) -> None:
    assert ("USER", "app") in read(text)


def test_an_instruction_spans_its_lines() -> None:
    spans = [item.span for item in dockerfile("FROM a\n  RUN b \\\n  c\nUSER d").instructions]
    assert spans == [Span(1, 1, 1, 7), Span(2, 3, 3, 4), Span(4, 1, 4, 7)]


def test_stages_build_on_images_and_on_each_other() -> None:
    text = (
        "ARG TAG=3.13\nFROM --platform=linux/amd64 python:${TAG} AS build\nUSER app\nRUN a\n"
        "FROM Build AS test\nRUN b\nFROM scratch\nCOPY x y\n"
    )
    build, test, last = stages_of(dockerfile(text))
    assert [stage.image for stage in (build, test, last)] == ["python:3.13", "Build", "scratch"]
    assert [stage.name for stage in (build, test, last)] == ["build", "test", ""]
    assert test.base is build
    assert last.base is None
    user = test.last("USER")
    assert user is not None
    assert user.value == "app"
    assert last.last("USER") is None


@pytest.mark.parametrize("text", ["", "RUN a\n", "FROM\n", "FROM a AS\n", "FROM a AS a\nFROM a AS a\n"])
def test_odd_dockerfiles_have_stages_or_none(text: str) -> None:
    assert len(stages_of(dockerfile(text))) == text.count("FROM")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("a:$TAG", "a:1"),
        ("a:${TAG}", "a:1"),
        ("${TAG:-2}", "1"),
        ("${OTHER:-2}", "2"),
        ("$OTHER", "$OTHER"),
        ("${OTHER}", "${OTHER}"),
        ("plain", "plain"),
        ("$TAGS", "$TAGS"),
    ],
)
def test_variables_are_filled_in_where_they_are_known(text: str, filled: str) -> None:
    assert fill_in(text, {"TAG": "1"}) == filled


@pytest.mark.parametrize(
    "piece", ["\n", "RUN cat <<A\n", "RUN a \\\n", "# a\n", "FROM a AS a\n", " ", "<<A "]
)
def test_hostile_files_end(piece: str) -> None:
    document = dockerfile(piece * 200_000)
    assert len(document.instructions) <= 5_000
    stages = stages_of(document)
    assert not stages or stages[-1].last("USER") is None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-sig", "utf-16-be-sig", "utf-32"]
)
def test_byte_order_marks_tell_the_encoding(encoding: str) -> None:
    text = "Django==5.2\r\nnaïve\r\n"
    plain = encoding.removesuffix("-sig") if encoding != "utf-8-sig" else encoding
    mark = "\ufeff" if plain in ("utf-16-le", "utf-16-be") else ""
    assert decoded((mark + text).encode(plain)) == text


def test_what_is_no_text_is_decoded_all_the_same() -> None:
    assert decoded(b"caf\xe9\n") == "caf\ufffd\n"
