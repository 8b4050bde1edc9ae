"""Names followed into the project's other files: re-exports, module-level values, and what factories return."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from checks.semantics.source import File

_DEPTH = 6
_STARS = 30
_MODULES = 100
_SHARED = 2  # folders above a package that is shared within a repository
_BUDGET = 100  # names, or classes, that one question looks at: a hostile project has cycles and fans


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
        if home is None or not is_reachable(home.path, parts[:split], file):
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


def is_reachable(path: str, module: list[str], importer: File) -> bool:
    """Whether an absolute import in a file can mean this path: its root is the project's, `src`, or above the importer.

    A file that merely ends in the module's name (`shop/json.py` for `json`) is not meant. A package that services of
    one repository share lies beside them, in a folder that is no package itself.
    """
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    root = parts[: len(parts) - len(module)]
    if not root or root == ["src"] or importer.path.split("/")[: len(root)] == root:
        return True
    if len(module) < 2 or len(root) > _SHARED:
        return False
    has, folder = importer.project.has, "/".join(root)
    return has(f"{folder}/{module[0]}/__init__.py") and not has(f"{folder}/__init__.py")


def definition(name: str, file: File) -> tuple[ast.AST, File] | None:
    """The class or function of a dotted name and its file, re-exports followed; `None` outside the project."""
    waiting = [(name, file)]
    seen: set[tuple[str, str]] = set()
    for wanted, asker in waiting:
        module, _, last = wanted.rpartition(".")
        home = (
            asker if module == asker.module else asker.project.module(module, asker.path) if module else None
        )
        if home is None or (home.path, last) in seen or len(seen) >= _MODULES:
            continue
        seen.add((home.path, last))
        bound = home.names.bindings(home.tree).get(last)
        if bound is None:
            waiting += [(f"{taken}.{last}", home) for taken in home.names.star_modules()[:_STARS]]
        elif bound.kind == "import":
            waiting.append((bound.target, home))
        elif bound.kind == "definition" and bound.node is not None:
            return bound.node, home
    return None


def bases(node: ast.ClassDef, file: File) -> Iterator[tuple[str, ast.ClassDef | None, File]]:
    """The classes above a class, near and far, each once: dotted name, class, and its file where the project has it."""
    yield from _bases(node, file, _DEPTH, {node})


def _bases(
    node: ast.ClassDef, file: File, depth: int, seen: set[ast.ClassDef]
) -> Iterator[tuple[str, ast.ClassDef | None, File]]:
    for base in node.bases if depth > 0 else ():
        written = base.value if isinstance(base, ast.Subscript) else base
        name = file.resolve(written)
        if name is None and isinstance(written, ast.Name) and file.names.star_modules():
            name = f"{file.module}.{written.id}"  # one of the names that a star brings
        if name is None:
            continue
        found = definition(name, file)
        if found is None or not isinstance(found[0], ast.ClassDef):
            yield origin(name, file), None, file
        elif found[0] not in seen:
            seen.add(found[0])
            yield name, found[0], found[1]
            yield from _bases(found[0], found[1], depth - 1, seen)
