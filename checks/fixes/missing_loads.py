"""Queries whose rows ask for relations one by one, written so that they load them along: the edit for each library."""

from __future__ import annotations

from checks.fixes.admin_loads import with_admin_loads
from checks.fixes.eager_loads import is_iterated, with_loads
from checks.fixes.loader_options import with_options
from checks.model import Edit, Fix
from checks.semantics.repeated import Read, Unloaded
from checks.semantics.rows import Origin, Rows
from checks.semantics.source import File

_UNJOINED = frozenset({"only", "raw", "select_for_update", "union"})


def loads_along(found: Unloaded, *, safe: bool) -> Fix | None:
    """The query of rows that ask for relations one by one, written so that it loads them along."""
    origin, rows = found.origin, found.rows
    if origin is None or not isinstance(origin.file, File):
        return None
    if rows.library == "sqlalchemy":
        return _with_options(found.reads, rows, origin)
    if rows.library != "django":
        return None
    if "union" in rows.applied or any("any" in read.kinds[:-1] for read in found.reads):
        return None
    select, prefetch = _by_method(found.reads, joins=not rows.applied & _UNJOINED and not rows.deferred)
    columns = _columns(found.reads, rows)
    edits = _edits(origin, rows, select, prefetch, columns)
    if not edits:
        return None
    title = "Load " + ", ".join(f"`{name}`" for name in (*select, *prefetch, *columns)) + " with the query"
    return Fix(title, safe=safe, edits=edits)


def _edits(
    origin: Origin, rows: Rows, select: list[str], prefetch: list[str], columns: list[str]
) -> tuple[Edit, ...]:
    if origin.way.startswith("admin"):
        return with_admin_loads(origin, sorted("__".join(path) for path in rows.loaded), select, prefetch)
    if prefetch and "unchunked" in rows.applied and not is_iterated(origin.node):
        return ()  # where the rows are asked for a few at a time is out of sight
    edit = with_loads(origin, select, prefetch, columns)
    return (edit,) if edit is not None else ()


def _with_options(reads: tuple[Read, ...], rows: Rows, origin: Origin) -> Fix | None:
    """The same for SQLAlchemy."""
    paths = [read.path for read in reads if "column" not in read.kinds]
    columns = [read.name for read in reads if read.kinds == ("column",)]
    loaded = with_options(origin, rows, paths, columns)
    if loaded is None:
        return None
    title = "Load " + ", ".join(f"`{'.'.join(path)}`" for path in loaded.paths) + " with the query"
    return Fix(title, safe=True, edits=loaded.edits)


def _by_method(reads: tuple[Read, ...], *, joins: bool) -> tuple[list[str], list[str]]:
    """The paths to join and those to prefetch; one that is the beginning of another goes with that."""
    select: list[str] = []
    prefetch: list[str] = []
    for read in reads:
        if "column" not in read.kinds:
            joined = joins and all(kind == "one" for kind in read.kinds)
            (select if joined else prefetch).append("__".join(read.path))
    return _longest(select), _longest(prefetch)


def _columns(reads: tuple[Read, ...], rows: Rows) -> list[str]:
    """The columns that `only` or `defer` leave out and the rows are asked for: of a relation, its key."""
    found = ["__".join(read.path) for read in reads if "column" in read.kinds]
    if rows.only is not None:
        found += [read.path[0] for read in reads if read.kinds[0] == "one" and read.path[0] not in rows.only]
    return list(dict.fromkeys(found))


def _longest(names: list[str]) -> list[str]:
    return [name for name in names if not any(other.startswith(f"{name}__") for other in names)]
