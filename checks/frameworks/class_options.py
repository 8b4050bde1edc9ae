"""Declared fields and options of classes, inherited ones included, as forms, serializers and schemas have them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from checks.semantics.definitions import bases
from checks.semantics.source import File


@dataclass(frozen=True, slots=True)
class Declared:
    """A field that a class declares: its class's dotted name, the call, and the file it stands in."""

    name: str
    dotted: str
    call: ast.Call
    file: File

    def flag(self, keyword: str) -> bool:
        """Whether a keyword argument is `True`."""
        folded = self.file.constant(self.argument(keyword))
        return folded is not None and folded.value is True

    def argument(self, keyword: str) -> ast.expr | None:
        """The value of a keyword argument."""
        return next((given.value for given in self.call.keywords if given.arg == keyword), None)


def lineage_of(node: ast.ClassDef, file: File) -> list[tuple[str, ast.ClassDef | None, File]]:
    """A class and those above it, nearest first."""
    return [(f"{file.module}.{node.name}", node, file), *bases(node, file)]


def declared_in(lineage: list[tuple[str, ast.ClassDef | None, File]]) -> dict[str, Declared]:
    """The fields that the bodies of classes declare by calls, the nearest class's first."""
    found: dict[str, Declared] = {}
    for _, node, file in lineage:
        for item in node.body if node is not None else ():
            if isinstance(item, (ast.Assign, ast.AnnAssign)) and isinstance(item.value, ast.Call):
                target = item.targets[0] if isinstance(item, ast.Assign) else item.target
                dotted = file.resolve(item.value.func)
                if isinstance(target, ast.Name) and dotted is not None and target.id not in found:
                    found[target.id] = Declared(target.id, dotted, item.value, file)
    return found


def meta_options(
    lineage: list[tuple[str, ast.ClassDef | None, File]], inner: str = "Meta"
) -> Mapping[str, tuple[ast.expr, File]]:
    """The options of the nearest `Meta`, those of a `Meta` that it derives from included."""
    for _, node, file in lineage:
        for item in node.body if node is not None else ():
            if isinstance(item, ast.ClassDef) and item.name == inner:
                found: dict[str, tuple[ast.expr, File]] = {}
                above = [(owner, home) for _, owner, home in bases(item, file) if owner is not None]
                for owner, home in ((item, file), *above):
                    for option in owner.body:
                        if isinstance(option, ast.Assign) and isinstance(option.targets[0], ast.Name):
                            found.setdefault(option.targets[0].id, (option.value, home))
                return found
    return {}


def names_given(option: tuple[ast.expr, File] | None) -> tuple[str, ...] | None:
    """The names in an option like `fields`, `("__all__",)` for all of them; `None` when absent or not certain."""
    if option is None:
        return None
    value, file = option
    folded = file.constant(value)
    if folded is None:
        return None
    if isinstance(folded.value, str):
        return (folded.value,)
    if isinstance(folded.value, (list, tuple)):
        return tuple(str(name) for name in folded.value)
    return None
