"""Files of environment variables."""

from __future__ import annotations

import time

import pytest

from checks.frameworks.documents import document_of, kind_of
from checks.frameworks.env_files import is_env_file, variables
from checks.semantics.source import Document


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.production",
        "backend/.env",
        ".env.local",
        "deploy/prod.env",
        ".envrc",
        "a/.env.prod.local",
    ],
)
def test_files_that_something_runs_with_are_known(path: str) -> None:
    assert is_env_file(path)
    assert kind_of(path) == "env"


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",
        ".env.sample",
        "sample.env",
        ".env.template",
        ".env.dist",
        ".env.test",
        "tests/.env",
        "examples/web/.env",
        ".env.vault",
        ".env.enc",
        "env.py",
        ".environment",
        "docs/env.md",
    ],
)
def test_files_to_copy_and_others_are_not(path: str) -> None:
    assert not is_env_file(path)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NAME=value", ("NAME", "value")),
        ("  export NAME = value ", ("NAME", "value")),
        ('NAME="a # b"', ("NAME", "a # b")),
        ("NAME='a b'  # why", ("NAME", "a b")),
        ("NAME=value # why", ("NAME", "value")),
        ("NAME=a#b", ("NAME", "a#b")),
        ("NAME=", ("NAME", "")),
    ],
)
def test_variables_are_read_without_quotes_and_comments(line: str, expected: tuple[str, str]) -> None:
    [item] = variables(line)
    assert (item.keyword, item.value) == expected


def test_comments_and_other_lines_hold_none() -> None:
    assert variables("# NAME=value\nplain text\n=x\n1A=b\n") == ()


def test_a_document_holds_its_variables_at_their_lines() -> None:
    document = document_of(".env", "# all\nA=1\r\nB=2\n")
    assert isinstance(document, Document)
    assert [(item.keyword, item.span.line) for item in document.instructions] == [("A", 2), ("B", 3)]


def test_hostile_files_are_read_in_time() -> None:
    before = time.perf_counter()
    assert len(variables("A=" + '"' * 100_000 + "\n" + "A=1\n" * 50_000 + " " * 200_000)) <= 2_001
    assert time.perf_counter() - before < 2
