"""Settings of both frameworks in one shape: a name, its value, and the environment they are for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.semantics.source import File


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting given a value: `node` is the smallest node to point at, `framework` django or flask.

    `conditional` says that it is set within an `if`, so only under some circumstances.
    """

    name: str
    value: ast.expr
    node: ast.AST
    framework: str
    conditional: bool = False


def settings_of(file: File) -> Iterator[Setting]:
    """The settings that a file gives, of either framework."""
    from checks.frameworks.django.settings import django_settings
    from checks.frameworks.flask.settings import flask_settings

    yield from django_settings(file)
    yield from flask_settings(file)
