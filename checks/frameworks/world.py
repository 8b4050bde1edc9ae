"""The interpreter of a project, with what the tables and the frameworks know."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from checks.frameworks.django.interpretation import Django
from checks.frameworks.django.urls import views_of as django_views
from checks.frameworks.flask.interpretation import Flask
from checks.frameworks.flask.routes import views_of as flask_views
from checks.frameworks.libraries import all_libraries
from checks.frameworks.own import own_library
from checks.frameworks.sqlalchemy.interpretation import SqlAlchemy
from checks.own_tables import OwnEntry
from checks.semantics.interpret.world import World
from checks.semantics.library import Knowledge
from checks.semantics.source import Project


def world_of(project: Project, *, own: tuple[OwnEntry, ...] = (), wanted: Iterable[str] = ()) -> World:
    """The interpreter of a project; `own` is what its configuration adds, `wanted` the calls to record."""
    return World(project, _knowledge(own), (Django(), Flask(), SqlAlchemy()), wanted)


@cache
def _knowledge(own: tuple[OwnEntry, ...]) -> Knowledge:
    return Knowledge((*all_libraries(), own_library(own)))


def note_uses(project: Project) -> None:
    """Note that an answer rests on the project's routes, whichever file asked for them first."""
    django_views(project)
    flask_views(project)
