"""What a project gives all of its REST views: the classes named in `REST_FRAMEWORK`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checks.frameworks.homes import at_home, home_of
from checks.frameworks.routed import names_in
from checks.semantics.roles import Role, role_of
from checks.semantics.source import File, Project

SETTINGS_FILES = (
    "settings.py",
    "/settings/*.py",
    "_settings.py",
    "base.py",
    "common.py",
    "conf.py",
    "config.py",
    "default.py",
    "defaults.py",
    "prod.py",
    "production.py",
    "rest.py",
    "settings_docker.py",
    "settings_example.py",
    "settings_prod.py",
    "settings_production.py",
    "drf.py",
    "rest_framework.py",
)
_NOT_RUNNING = (Role.TEST, Role.DEVELOPMENT, Role.VENDORED)


@dataclass(frozen=True, slots=True)
class RestDefaults:
    """The defaults of REST views by key (`DEFAULT_PERMISSION_CLASSES`), each a list of dotted names.

    `given` tells whether the project has such settings at all, `complete` whether all of them can be seen.
    """

    given: bool = False
    complete: bool = True
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[str, ...] | None:
        """The default classes of a kind (permission, authentication, throttle); `None` when not told."""
        return self.classes.get(f"DEFAULT_{kind.upper()}_CLASSES")


def rest_defaults(file: File) -> RestDefaults:
    """What `REST_FRAMEWORK` says in the settings for production of a file's project, computed once."""
    project, home = file.project, home_of(file.path, file.project)
    return project.once(f"rest-defaults:{home}", lambda: _read(project, home))


def settings_mention(file: File, *words: str) -> bool:
    """Whether the settings for production of a file's project hold one of some words."""
    paths = file.project.mentioning(words, *SETTINGS_FILES)
    running = [path for path in paths if role_of(path) not in _NOT_RUNNING]
    return bool(at_home(running, home_of(file.path, file.project), file.project))


def _read(project: Project, home: str) -> RestDefaults:
    classes: dict[str, tuple[str, ...]] = {}
    given, complete = False, True
    for path in at_home(project.mentioning(("REST_FRAMEWORK",), *SETTINGS_FILES), home, project):
        file = project.file(path) if role_of(path) not in _NOT_RUNNING else None
        for value in _values(file) if file is not None else ():
            given = True
            if isinstance(value, ast.Dict):
                complete = complete and None not in value.keys
                classes.update(_entries(value, file))
            else:
                complete = False
    return RestDefaults(given, complete, classes)


def _values(file: File | None) -> Iterator[ast.expr]:
    """What the setting is given; for `REST_FRAMEWORK["KEY"] = value` a dictionary of that alone."""
    for node in file.nodes if file is not None else ():
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id == "REST_FRAMEWORK":
                yield node.value
            elif isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == "REST_FRAMEWORK":
                yield ast.Dict(keys=[target.slice], values=[node.value])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if getattr(node.func.value, "id", "") == "REST_FRAMEWORK" and node.func.attr == "update":
                yield node.args[0] if node.args else node


def _entries(value: ast.Dict, file: File | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, given in zip(value.keys, value.values, strict=True):
        if file is not None and isinstance(key, ast.Constant) and isinstance(key.value, str):
            if key.value.startswith("DEFAULT_") and key.value.endswith("_CLASSES"):
                yield key.value, tuple(names_in(given, file))
