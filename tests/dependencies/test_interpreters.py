"""Which Python a file has something run on."""

from __future__ import annotations

import time

import pytest

from checks.dependencies.interpreters import image_version, pinned_runtimes, workflow_runtimes
from checks.errors import Unreadable
from checks.model import Span

JOB = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n"


def versions(text: str) -> list[str]:
    return [str(one.version) for one in workflow_runtimes(text)]


def with_version(value: str, strategy: str = "") -> str:
    return (
        f"{JOB}{strategy}    steps:\n      - uses: actions/checkout@v4\n"
        f"      - uses: actions/setup-python@v5\n        with:\n          python-version: {value}\n"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3.12\n", ["3.12"]),
        ("3.12.4", ["3.12.4"]),
        ("python-3.9.18\n", ["3.9.18"]),
        ("cpython@3.11\n", ["3.11"]),
        ("# why\n\n3.12 # the first one\r\n3.8\n", ["3.12", "3.8"]),
        ("pypy3.10-7.3\n", []),
        ("system\n", []),
        ("3\n", []),
        ("3.12-dev\n", []),
        ("this is a text about runtime 3.8\n", []),
        ("", []),
    ],
)
def test_files_that_name_the_interpreter(text: str, found: list[str]) -> None:
    assert [str(one.version) for one in pinned_runtimes(text)] == found


def test_the_place_is_the_version() -> None:
    assert pinned_runtimes("\n  3.8  # old\n")[0].span == Span(2, 3, 2, 6)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('"3.12"', ["3.12"]),
        ("3.10", ["3.10"]),
        ("'3.13-dev'", ["3.13"]),
        ("|\n            3.8\n            3.12", ["3.8", "3.12"]),
        ("3.x", []),
        ("pypy3.10", []),
        ("'>=3.9 <3.13'", []),
        ("${{ inputs.version }}", []),
        ("${{ matrix.python }}", []),
    ],
)
def test_versions_of_a_step(value: str, found: list[str]) -> None:
    assert versions(with_version(value)) == found


def test_versions_of_a_matrix() -> None:
    strategy = (
        "    strategy:\n      matrix:\n        python: [3.8, '3.13']\n"
        "        include:\n          - python: 3.9\n          - os: windows-latest\n"
    )
    assert versions(with_version("${{ matrix.python }}", strategy)) == ["3.8", "3.13", "3.9"]


def test_containers_and_other_actions() -> None:
    assert versions(f"{JOB}    container: python:3.8-slim\n") == ["3.8"]
    assert versions(f"{JOB}    container:\n      image: python:3.9\n") == ["3.9"]
    uv = f"{JOB}    steps:\n      - uses: astral-sh/setup-uv@v6\n        with: {{python-version: '3.12'}}\n"
    assert versions(uv) == ["3.12"]
    other = f"{JOB}    steps:\n      - uses: actions/setup-node@v4\n        with: {{python-version: '3.8'}}\n"
    assert versions(other) == []


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("python:3.8", "3.8"),
        ("python:3.8.19-slim-bookworm", "3.8.19"),
        ("docker.io/library/python:3.12-alpine", "3.12"),
        ("public.ecr.aws/docker/library/python:3.9", "3.9"),
        ("python:3.12@sha256:abc", "3.12"),
        ("python", None),
        ("python:3", None),
        ("python:latest", None),
        ("python:${VERSION}", None),
        ("python:3.13.0rc1", None),
        ("mypython:3.8", None),
        ("example.com/python:3.8", None),
        ("node:20", None),
        ("", None),
    ],
)
def test_versions_of_images(image: str, version: str | None) -> None:
    found = image_version(image)
    assert (None if found is None else str(found)) == version


@pytest.mark.parametrize(
    "text", ["", "jobs: 1\n", "jobs: {a: 1, b: [], c: {steps: 3, container: []}}\n", "- a\n"]
)
def test_workflows_of_any_shape(text: str) -> None:
    assert versions(text) == []


def test_shared_steps_cost_nothing() -> None:
    steps = "".join("      - uses: actions/checkout@v4\n" for _ in range(2_000))
    jobs = "".join(f"  j{number}: {{steps: *s}}\n" for number in range(5_000))
    started = time.process_time()
    assert versions(f"jobs:\n  first:\n    steps: &s\n{steps}{jobs}") == []
    assert time.process_time() - started < 8


def test_what_is_no_yaml_is_said() -> None:
    with pytest.raises(Unreadable, match=r"it is not valid YAML in line [23]"):
        workflow_runtimes("jobs:\n  a: [\n")
