"""Requirements files as pip reads them."""

from __future__ import annotations

import time

import pytest

from checks.dependencies.model import Include, Manifest, Requirement
from checks.dependencies.requirements_txt import MAX_LINES, group_of, read_requirements
from checks.model import Problem, Span


def read(text: str, path: str = "requirements.txt") -> Manifest:
    manifest, problems = read_requirements(path, text)
    assert problems == ()
    return manifest


def one(text: str) -> Requirement:
    (requirement,) = read(text).requirements
    return requirement


def problems_of(text: str) -> tuple[Problem, ...]:
    return read_requirements("requirements.txt", text)[1]


@pytest.mark.parametrize(
    ("line", "name", "specifier"),
    [
        ("Django==5.2.4", "django", "==5.2.4"),
        ("django ~= 5.2", "django", "~=5.2"),
        ("zope.interface>=5,<6", "zope-interface", "<6,>=5"),
        ("Flask_Login", "flask-login", ""),
        ("a===2024b", "a", "===2024b"),
        ("a==1.* # why", "a", "==1.*"),
        ("a (>=1.0)", "a", ">=1.0"),
        ("\tindented==1", "indented", "==1"),
        ("a==1#not-a-comment", None, None),
    ],
)
def test_names_are_normalised_and_versions_kept(line: str, name: str | None, specifier: str | None) -> None:
    if name is None:
        assert len(problems_of(line)) == 1
    else:
        assert (one(line).name, str(one(line).specifier)) == (name, specifier)


def test_extras_markers_and_hashes_are_read() -> None:
    requirement = one(
        "celery[redis, Sqs]==5.4.0 ; python_version >= '3.9' \\\n"
        "    --hash=sha256:AAAA \\\n"
        "    --hash sha512:bbbb\n"
        "    # via -r requirements.in\n"
    )
    assert requirement.extras == {"redis", "sqs"}
    assert str(requirement.marker) == 'python_version >= "3.9"'
    assert requirement.hashes == ("sha256:aaaa", "sha512:bbbb")
    assert str(requirement.pinned) == "5.4.0"
    assert requirement.written == "celery[redis, Sqs]==5.4.0"
    assert requirement.span == Span(1, 1, 1, 52)


@pytest.mark.parametrize(
    ("line", "name", "url", "editable"),
    [
        (
            "git+https://git.example.com/a/b.git@v1#egg=B",
            "b",
            "git+https://git.example.com/a/b.git@v1#egg=B",
            False,
        ),
        (
            "-e git+ssh://git@git.example.com/a/b.git#egg=b[x]",
            "b",
            "git+ssh://git@git.example.com/a/b.git#egg=b[x]",
            True,
        ),
        ("b @ git+https://git.example.com/a/b@main", "b", "git+https://git.example.com/a/b@main", False),
        ("--editable .[dev]", "", ".[dev]", True),
        ("-e.", "", ".", True),
        ("./libs/shop", "", "./libs/shop", False),
        ("libs/shop-1.0-py3-none-any.whl", "", "libs/shop-1.0-py3-none-any.whl", False),
        ("https://example.com/b-1.0.tar.gz", "", "https://example.com/b-1.0.tar.gz", False),
        ("file:///srv/b.zip", "", "file:///srv/b.zip", False),
    ],
)
def test_urls_and_paths_are_requirements(line: str, name: str, url: str, editable: bool) -> None:
    requirement = one(line)
    assert (requirement.name, requirement.url, requirement.editable) == (name, url, editable)
    assert requirement.pinned is None


def test_a_hash_in_a_url_counts() -> None:
    assert one("b @ https://example.com/b.zip#sha256=ABCD").hashes == ("sha256:abcd",)
    assert one("https://example.com/b.zip#egg=b&sha512=ef").hashes == ("sha512:ef",)


def test_a_marker_behind_a_url_is_no_part_of_it() -> None:
    requirement = one('https://example.com/b.zip ; sys_platform == "linux"')
    assert (requirement.url, str(requirement.marker)) == (
        "https://example.com/b.zip",
        'sys_platform == "linux"',
    )


def test_includes_lead_from_the_files_own_folder() -> None:
    manifest = read(
        "-r base.txt\n--requirement=../shared/web.in\n-cconstraints.txt\n--constraint ./c.txt\n"
        "-r ../../outside.txt\n-r https://example.com/r.txt\n-r ${HERE}/r.txt\n",
        "requirements/prod.txt",
    )
    assert [(one.path, one.constraint) for one in manifest.includes] == [
        ("requirements/base.txt", False),
        ("shared/web.in", False),
        ("requirements/constraints.txt", True),
        ("requirements/c.txt", True),
    ]
    assert manifest.includes[0] == Include("requirements/base.txt", Span(1, 1, 1, 12), False)


def test_options_are_kept_by_their_long_names() -> None:
    manifest = read(
        "-i https://example.com\n--require-hashes\n--pre\n--no-binary :all:\n--find-links=x\na==1 --no-binary=a\n"
    )
    assert manifest.options == {"--index-url", "--require-hashes", "--pre", "--no-binary", "--find-links"}
    assert [one.name for one in manifest.requirements] == ["a"]


def test_comments_and_continuations_are_read_as_pip_does() -> None:
    manifest = read("# a==1 \\\nb==1\nc== \\\n 2\nd==1 \\\n# between\ne==1  # f==1\n\n\\\n")
    assert [(one.name, str(one.specifier)) for one in manifest.requirements] == [
        ("b", "==1"),
        ("c", "==2"),
        ("d", "==1"),
        ("e", "==1"),
    ]
    assert [one.span.line for one in manifest.requirements] == [2, 3, 5, 7]


def test_carriage_returns_end_lines() -> None:
    assert [one.span.line for one in read("a==1\r\nb==2\rc==3\n").requirements] == [1, 2, 3]


def test_a_constraints_file_asks_for_nothing() -> None:
    manifest = read("django==5.2\n", "constraints.txt")
    assert manifest.requirements == ()
    assert [one.name for one in manifest.constraints] == ["django"]


def test_a_line_that_pip_refuses_is_a_problem_and_the_others_stand() -> None:
    manifest, problems = read_requirements("requirements.txt", "a==1\nbad one two\nb=1\nc==1\n")
    assert [one.name for one in manifest.requirements] == ["a", "c"]
    assert [(problem.line, problem.kind) for problem in problems] == [(2, "syntax"), (3, "syntax")]
    assert problems[0].message == "`bad one two` is no requirement as PEP 508 writes it"


def test_many_refused_lines_are_a_few_problems() -> None:
    assert len(problems_of("not a requirement\n" * 500)) == 10


@pytest.mark.parametrize(
    "header",
    [
        "#\n# This file is autogenerated by pip-compile with Python 3.13\n# by the following command:\n",
        "# This file was autogenerated by uv via the following command:\n",
        "#    uv pip compile requirements.in -o requirements.txt\n",
        "#    pip-compile --generate-hashes\n",
    ],
)
def test_files_that_a_tool_wrote_are_told_by_their_header(header: str) -> None:
    assert read(header + "a==1\n").compiled
    assert not read("# pinned by hand\na==1\n").compiled


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("requirements.txt", ""),
        ("requirements/base.txt", ""),
        ("requirements/production.txt", ""),
        ("requirements-web.txt", ""),
        ("latest/requirements.txt", ""),
        ("requirements/dev.txt", "dev"),
        ("requirements-test.txt", "test"),
        ("requirements.dev.in", "dev"),
        ("docs/requirements.txt", "docs"),
        ("tests/requirements.txt", "tests"),
        ("ci/requirements.txt", "ci"),
        ("requirements/local.txt", "local"),
    ],
)
def test_the_group_is_told_by_the_path(path: str, group: str) -> None:
    assert group_of(path) == group


@pytest.mark.parametrize(
    "text",
    [
        "a \\\n" * 50_000,
        "#" * 1_000_000,
        "a " * 500_000,
        "a" + " --hash=sha256:aa" * 60_000,
        "-r " * 300_000,
        " " * 1_000_000 + "x",
        "a;" + "(" * 4_000,
        "a;" + "(" * 900 + "os_name=='a'" + ")" * 900,
        "x[" + "a," * 2_400 + "a]",
        "a" + "==1," * 1_200,
        "\\" * 1_000_000,
        " #" * 500_000,
        "https://" + "#egg=" * 200_000,
        "a==1\n" * 200_000,
        "=" * 1_000_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_files_end(text: str) -> None:
    started = time.process_time()
    _, problems = read_requirements("requirements.txt", text)
    assert time.process_time() - started < 8
    assert len(problems) <= 11


def test_a_file_that_is_too_long_says_so() -> None:
    manifest, problems = read_requirements("requirements.txt", "a==1\n" * (MAX_LINES + 5))
    assert len(manifest.requirements) == MAX_LINES
    assert [problem.kind for problem in problems] == ["too-large"]
