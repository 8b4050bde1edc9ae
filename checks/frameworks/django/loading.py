"""What `select_related`, `prefetch_related`, `Prefetch` and `prefetch_related_objects` load along."""

from __future__ import annotations

from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import rows_value
from checks.semantics.invocation import Invocation
from checks.semantics.rows import UNSURE, Path, Row, Rows
from checks.semantics.values import Value, constant

PREFETCH = "django.db.models.Prefetch"


def loading(rows: Rows, call: Invocation) -> Rows:
    """`select_related("a__b")`, `prefetch_related("a", Prefetch("b", queryset=...))`; None takes all back."""
    paths: list[Path] = []
    attributes = list(rows.attributes)
    queries = list(rows.inner)
    unsure = call.more is not None and call.more.const is not None
    for given in call.positional:
        if given.const is None:
            rows = rows.but(fresh=True, loaded=frozenset(), maybe=frozenset())
        elif isinstance(given.const, str):
            paths.append(tuple(given.const.split("__")))
        elif given.type == PREFETCH:
            found = _of_prefetch(given, attributes, queries)
            paths += found
            unsure = unsure or not found
        else:
            unsure = True
    if unsure:
        rows = rows.but(maybe=rows.maybe | {UNSURE})
    made = rows.with_loads(paths)
    if len(queries) == len(rows.inner) and len(attributes) == len(rows.attributes):
        return made
    return made.but(attributes=tuple(attributes), inner=tuple(queries))


def _of_prefetch(
    given: Value, attributes: list[tuple[Path, Rows]], queries: list[tuple[Path, Rows]]
) -> list[Path]:
    """What a `Prefetch` loads: its path, and behind it what its own query loads along."""
    items = given.items or {}
    lookup = items["lookup"].const if "lookup" in items else None
    if not isinstance(lookup, str):
        return []
    path = tuple(lookup.split("__"))
    queryset = items["queryset"].record if "queryset" in items else None
    name = items["to_attr"].const if "to_attr" in items else None
    if isinstance(name, str):
        place = (*path[:-1], name)
        rows = queryset if isinstance(queryset, Rows) else Rows(None)
        attributes.append((place, rows))
        path = place
    found = [path]
    if isinstance(queryset, Rows):
        queries.append((path, queryset))
        queries += [((*path, *inner), rows) for inner, rows in queryset.inner]
        found += [(*path, *inner) for inner in queryset.loaded]
        if queryset.back:
            found.append(
                (*path, queryset.back)
            )  # rows of a related manager know the row that they were asked of
        attributes += [((*path, *inner), rows) for inner, rows in queryset.attributes]
    return found


def prefetch(_frame: Frame, call: Invocation) -> Value | None:
    """`Prefetch(lookup, queryset=None, to_attr=None)`."""
    items = {}
    for position, name in enumerate(("lookup", "queryset", "to_attr")):
        given = call.argument((position, name))
        if given is not None:
            items[name] = given
    return Value(type=PREFETCH, items=items)


def prefetch_objects(frame: Frame, call: Invocation) -> Value | None:
    """`prefetch_related_objects(instances, *lookups)`: what is loaded is loaded for the objects that are given."""
    instances = call.argument(0)
    if instances is None:
        return constant(None)
    inner = Invocation(call.name, call.node, None, call.positional[1:], call.keywords, call.more)
    loaded = with_loads(instances, inner)
    if loaded is not instances:
        frame.replace(instances, loaded)
    return constant(None)


def with_loads(value: Value, call: Invocation, depth: int = 2) -> Value:
    """A row, a query or a container of rows with more relations loaded."""
    record = value.record
    if isinstance(record, Rows):
        return rows_value(loading(record, call), value.type)
    if isinstance(record, Row):
        rows = record.rows if record.rows is not None else Rows(value.type)
        inner = Rows(value.type)
        for path in loading(inner, call).loaded:
            rows = rows.with_loads([(*record.path, *path)])
        return value.but(record=Row(rows, record.path, None, record.loops))
    if not depth:
        return value
    items = {key: with_loads(item, call, depth - 1) for key, item in (value.items or {}).items()}
    rest = None if value.rest is None else with_loads(value.rest, call, depth - 1)
    if rest is value.rest and all(items[key] is item for key, item in (value.items or {}).items()):
        return value
    return value.but(items=items if value.items is not None else None, rest=rest)
