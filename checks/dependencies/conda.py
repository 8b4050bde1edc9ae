"""Conda's `environment.yml`: the version of Python, and what pip is told to install in it."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from checks.dependencies.model import Manifest, Python, Requirement
from checks.dependencies.specifiers import requirement_of
from checks.dependencies.yaml_places import at, items, read_yaml_nodes, scalar, span_of
from checks.errors import Unreadable
from checks.model import Problem

MAX_PROBLEMS = 10
_PYTHON = re.compile(r"python\s*(?:=\s*(?P<release>\d+(?:\.\d+)*)(?:\.\*|=.*)?|(?P<clauses>[<>=!~].*))$")


def read_environment(path: str, text: str) -> tuple[Manifest, tuple[Problem, ...]]:
    """What an `environment.yml` asks pip for; conda's own packages are other distributions, and not read.

    Unreadable where it is no YAML.
    """
    requirements: list[Requirement] = []
    problems: list[Problem] = []
    python: Python | None = None
    for node in items(at(read_yaml_nodes(text), "dependencies")):
        match = _PYTHON.match(scalar(node).strip()[:200])
        if match is not None:
            written = f"=={match['release']}.*" if match["release"] else match["clauses"]
            try:
                python = Python(scalar(node), SpecifierSet(written.replace("===", "==")), span_of(node))
            except InvalidSpecifier:
                continue  # conda's grammar is larger than PEP 440's
        for item in items(at(node, "pip")):
            if not scalar(item) or scalar(item).startswith("-"):
                continue
            try:
                requirements.append(requirement_of(scalar(item), path, span_of(item)))
            except Unreadable as error:
                if len(problems) < MAX_PROBLEMS:
                    problems.append(Problem(path, "syntax", str(error), span_of(item).line))
    return Manifest(path, "conda", tuple(requirements), python=python, package=False), tuple(problems)
