"""Asks the interpreter which requests reach which sinks in a small project."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.world import world_of
from checks.semantics.flows import flows

Found = set[tuple[str, int, str]]


def reached(files: Mapping[str, str], order: Sequence[str] | None = None) -> Found:
    """Path, line and kind of every sink that a request reaches; `order` is that in which files are asked for."""
    return asked(files, order)[0]


def asked(files: Mapping[str, str], order: Sequence[str] | None = None) -> tuple[Found, list[str]]:
    """The same, and the functions whose budget was exhausted."""
    tree = DictTree({path: textwrap.dedent(text).encode() for path, text in files.items()})
    project = Project(tree)
    world = world_of(project)
    found: Found = set()
    exhausted: list[str] = []
    for path in order or files:
        file = project.file(path)
        assert file is not None
        facts = world.facts(file)
        exhausted += facts.exhausted
        found |= {
            (flow.file.path, flow.node.lineno, flow.kind)
            for flow in flows(facts.reaches)
            if flow.label == "request"
        }
    return found, exhausted


def lines(code: str) -> set[int]:
    """The lines of one file at which a request reaches a sink."""
    return {line for _, line, _ in reached({"views.py": code})}
