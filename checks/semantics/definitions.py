"""Names followed into the project's other files: re-exports, module-level values, and what factories return."""

from __future__ import annotations

import sys

from checks.semantics.source import File

_DEPTH = 6


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
