"""Names followed into the project's other files: re-exports, module-level values, and what factories return."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from checks.semantics.source import File

_DEPTH = 6
_STARS = 30


def origin(name: str, file: File) -> str:
    """The dotted name behind one that the project itself defines.

    Where `shop/__init__.py` says `app = Flask(__name__)`, `shop.app.run` is `flask.Flask.run`. A name that leads out of
    the project, or to a definition of its own, is returned as it is.
    """
    for _ in range(_DEPTH):
        followed = _step(name, file)
        if followed is None or followed == name:
            return name
        name = followed
    return name


def _step(name: str, file: File) -> str | None:
    parts = name.split(".")
    if parts[0] in sys.stdlib_module_names:
        return None
    for split in range(len(parts) - 1, 0, -1):
        home = file.project.module(".".join(parts[:split]), file.path)
        if home is None or not _is_reachable(home.path, parts[:split], file.path):
            continue
        bound = home.names.bindings(home.tree).get(parts[split])
        if bound is None:
            return None
        if bound.kind == "import":
            behind: str | None = bound.target
        elif bound.kind == "definition":
            behind = home.names.result(f"{home.module}.{parts[split]}")
        else:
            behind = home.resolve(bound.node) if bound.node is not None else None
        if behind is None or behind == f"{home.module}.{parts[split]}":
            return None
        return ".".join([behind, *parts[split + 1 :]])
    return None


def _is_reachable(path: str, module: list[str], importer: str) -> bool:
    """Whether an absolute import in a file can mean this path: its root is the project's, `src`, or above the importer.

    A file that merely ends in the module's name (`shop/json.py` for `json`) is not meant.
    """
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    root = parts[: len(parts) - len(module)]
    return not root or root == ["src"] or importer.split("/")[: len(root)] == root


def definition(name: str, file: File, depth: int = _DEPTH) -> tuple[ast.AST, File] | None:
    """The class or function of a dotted name and its file, re-exports followed; `None` outside the project."""
    module, _, last = name.rpartition(".")
    home = file if module == file.module else file.project.module(module, file.path) if module else None
    if home is None or depth <= 0:
        return None
    bound = home.names.bindings(home.tree).get(last)
    if bound is None:
        starred = (
            definition(f"{taken}.{last}", home, depth - 1) for taken in home.names.star_modules()[:_STARS]
        )
        return next((found for found in starred if found is not None), None)
    if bound.kind == "import" and bound.target != name:
        return definition(bound.target, home, depth - 1)
    return (bound.node, home) if bound.kind == "definition" and bound.node is not None else None


def bases(
    node: ast.ClassDef, file: File, depth: int = _DEPTH
) -> Iterator[tuple[str, ast.ClassDef | None, File]]:
    """The classes above a class, near and far: dotted name, class, and its file where the project has it."""
    for base in node.bases if depth > 0 else ():
        name = file.resolve(base.value if isinstance(base, ast.Subscript) else base)
        if name is None:
            continue
        found = definition(name, file)
        if found is not None and isinstance(found[0], ast.ClassDef) and found[0] is not node:
            yield name, found[0], found[1]
            yield from bases(found[0], found[1], depth - 1)
        else:
            yield name, None, file
