"""The interpreter of a project, with what the tables and the frameworks know."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from checks.frameworks.django.interpretation import Django
from checks.frameworks.flask.interpretation import Flask
from checks.frameworks.libraries import all_libraries
from checks.frameworks.own import own_library
from checks.own_tables import OwnEntry
from checks.semantics.interpret.world import World
from checks.semantics.library import Knowledge
from checks.semantics.source import Project


def world_of(project: Project, *, own: tuple[OwnEntry, ...] = (), wanted: Iterable[str] = ()) -> World:
    """The interpreter of a project; `own` is what its configuration adds, `wanted` the calls to record."""
    return World(project, _knowledge(own), (Django(), Flask()), wanted)


@cache
def _knowledge(own: tuple[OwnEntry, ...]) -> Knowledge:
    return Knowledge((*all_libraries(), own_library(own)))
