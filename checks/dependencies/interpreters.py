"""Which Python something runs on: `.python-version`, Heroku's `runtime.txt`, and the workflows of GitHub Actions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from packaging.version import InvalidVersion, Version

from checks.dependencies.model import Runtime
from checks.dependencies.yaml_places import at, items, pairs, read_yaml_nodes, scalar, span_of
from checks.model import Span

_LINE = re.compile(r"(?:(?:python|cpython)[-@]?)?(?P<version>[23]\.\d+(?:\.\d+)?)$", re.IGNORECASE)
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}$")
_SETUP = re.compile(r"actions/setup-python@|astral-sh/setup-uv@")
_IMAGE = re.compile(
    r"(?:(?:docker\.io/)?(?:library/)?|public\.ecr\.aws/docker/library/|mirror\.gcr\.io/library/)python:"
    r"(?P<version>[23]\.\d+(?:\.\d+)?)(?![\w.])"
)
_MAX_FOUND = 200


def pinned_runtimes(text: str) -> tuple[Runtime, ...]:
    """The versions that `.python-version` or `runtime.txt` names, one a line; other interpreters are left out."""
    found = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text)[:50], 1):
        bare = line.partition("#")[0].strip()
        match = _LINE.match(bare)
        if match is not None:
            start = line.index(bare) + 1
            found.append(
                Runtime(Version(match["version"]), Span(number, start, number, start + len(bare)), bare)
            )
    return tuple(found)


def workflow_runtimes(text: str) -> tuple[Runtime, ...]:
    """The versions that a workflow's jobs set up or take a container of. Unreadable where it is no YAML."""
    found: list[Runtime] = []
    seen: set[int] = set()  # aliases can have thousands of jobs share thousands of steps
    for _, job in pairs(at(read_yaml_nodes(text), "jobs")):
        steps = at(job, "steps")
        if id(job) in seen or id(steps) in seen:
            continue
        seen |= {id(job)} if steps is None else {id(job), id(steps)}
        container = at(job, "container")
        for node in (container, at(container, "image")):
            version = image_version(scalar(node))
            if node is not None and version is not None:
                found.append(Runtime(version, span_of(node), scalar(node)))
        for step in items(steps):
            if _SETUP.match(scalar(at(step, "uses"))):
                found.extend(_versions(at(step, "with", "python-version"), job))
        if len(found) > _MAX_FOUND:
            break
    return tuple(found[:_MAX_FOUND])


def image_version(image: str) -> Version | None:
    """The version of Python that a name of Docker's official image gives, `None` for any other."""
    match = _IMAGE.match(image[:300])
    return Version(match["version"]) if match else None


def _versions(node: yaml.Node | None, job: yaml.Node) -> Iterator[Runtime]:
    """The versions that a value stands for: its own, one a line, or those of the matrix that it names."""
    matrix = _MATRIX.match(scalar(node).strip())
    if matrix is not None:
        strategy = at(job, "strategy", "matrix")
        listed = items(at(strategy, matrix[1]))
        listed += [
            one for entry in items(at(strategy, "include")) if (one := at(entry, matrix[1])) is not None
        ]
    else:
        listed = [node] if node is not None else []
    for one in listed:
        for word in scalar(one).split():
            match = _LINE.match(word.removesuffix("-dev"))
            if match is not None:
                try:
                    yield Runtime(Version(match["version"]), span_of(one), word)
                except InvalidVersion:
                    continue
