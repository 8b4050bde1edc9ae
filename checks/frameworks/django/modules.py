"""The modules that make up the settings of one Django site.

A setting that one module leaves out may stand in another: in the one that it takes all names of, or in one beside it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from checks.semantics.source import File

PRODUCTION = ("production", "prod", "product", "live", "deploy", "staging", "docker", "heroku")
"""What modules with the settings for production are called."""

_SHARED = ("base", "common", "defaults", "__init__", "security", "headers", "middleware", "installed_apps")
_WHOLE = ("settings_production", "settings_prod", "production_settings", "prod_settings", "settings_base")
# What may give settings that no reader of the module sees.
_DYNAMIC = frozenset({"exec", "globals", "include", "import_module", "locals", "setattr", "vars"})
_MODULES = 30


@dataclass(frozen=True)
class Site:
    """The settings modules that belong together, `file` first; `complete` unless some of them can't be seen."""

    modules: tuple[File, ...]
    complete: bool

    def mentions(self, *names: str) -> bool:
        """Whether any of the modules uses one of the names, as a name, a key or a text; comments don't count."""
        return any(_mentions(file, name) for file in self.modules for name in names)

    @cached_property
    def texts(self) -> frozenset[str]:
        """All texts in the modules."""
        return frozenset(
            node.value
            for file in self.modules
            for node in file.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )


def site_of(file: File) -> Site:
    """The settings modules around one: those that it takes names of, and those beside it."""
    found: dict[str, File] = {file.path: file}
    complete = True
    waiting = [file]
    for home in waiting:
        complete = complete and not _is_dynamic(home)
        for module in _taken(home):
            other = home.project.module(module, home.path)
            if other is None or len(found) > _MODULES:
                complete = False
            elif other.path not in found:
                found[other.path] = other
                waiting.append(other)
    for beside in _neighbours(file):
        found.setdefault(beside.path, beside)
    return Site(tuple(found.values()), complete)


def _taken(file: File) -> Iterator[str]:
    """The modules that a settings module takes names of, all of them or settings by name."""
    yield from file.names.star_modules()
    bindings = file.names.bindings(file.tree)
    yield from sorted(
        {
            binding.target.rpartition(".")[0]
            for name, binding in bindings.items()
            if binding.kind == "import" and name.isupper() and "." in binding.target
            if file.project.module(binding.target.rpartition(".")[0], file.path) is not None
        }
    )


def _neighbours(file: File) -> Iterator[File]:
    folder = file.path.rpartition("/")[0]
    for name in (*PRODUCTION, *_SHARED, *_WHOLE):
        beside = file.project.file(f"{folder}/{name}.py" if folder else f"{name}.py")
        if beside is not None:
            yield beside


def _is_dynamic(file: File) -> bool:
    """Whether a module fills its names in ways that only show when it runs: `globals().update(...)`, split settings."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _DYNAMIC
        for node in file.nodes
    )


def _mentions(file: File, name: str) -> bool:
    return name in file.text and any(_is(node, name) for node in file.nodes)


def _is(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.keyword(arg=word) | ast.alias(name=word):
            return word == name
        case ast.Constant(value=str(text)):
            return text == name
    return False
