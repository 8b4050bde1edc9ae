"""The interpreter of a project, with what the tables and the frameworks know."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from checks.frameworks.django.interpretation import Django
from checks.frameworks.flask.interpretation import Flask
from checks.frameworks.libraries import all_libraries
from checks.semantics.interpret.world import World
from checks.semantics.library import Knowledge, Library
from checks.semantics.source import Project


def world_of(project: Project, *, own: tuple[Library, ...] = (), wanted: Iterable[str] = ()) -> World:
    """The interpreter of a project; `own` are the tables that its configuration adds, `wanted` the calls to record."""
    return World(project, _knowledge(own), (Django(), Flask()), wanted)


@cache
def _knowledge(own: tuple[Library, ...]) -> Knowledge:
    return Knowledge((*all_libraries(), *own))
