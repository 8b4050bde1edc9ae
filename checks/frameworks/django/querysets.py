"""What the methods of Django's managers and querysets do to a query, and which of them run it.

From Django's documentation: "QuerySet API reference", "Related objects reference".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from checks.frameworks.django.contrib_models import is_contrib_model
from checks.frameworks.django.managers import MANAGER, QUERYSET, made_of, own_get_queryset
from checks.frameworks.django.paths import non_null_paths
from checks.frameworks.django.signals import run_receivers
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.calls import call_function
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import is_code, note_asked, note_run, rows_value
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry
from checks.semantics.rows import ANY, UNSURE, Origin, Path, Row, Rows
from checks.semantics.taints import Taint
from checks.semantics.values import UNKNOWN, Value, constant, instance

Does = Callable[[Frame, Invocation], Value | None]
PREFETCH = "django.db.models.Prefetch"
_SLICED = frozenset({"slice", "union"})
_WRITTEN = (ast.Call, ast.Attribute)
"""The nodes that a query is written as; those of frameworks derive from them."""


def opened(frame: Frame, call: Invocation) -> Value | None:
    """The query that a method is called on; a manager's own `get_queryset` begins it."""
    receiver = call.receiver
    if receiver is None or not isinstance(receiver.record, Rows):
        return None
    if call.name.endswith(".get_queryset") or "begun" in receiver.record.applied:
        return receiver
    method = own_get_queryset(frame.machine, receiver)
    if method is None:
        return receiver
    made = call_function(frame, call.node, method, Arguments((receiver,), {}), call.node.func)
    frame.env.pop("!", None)
    rows = receiver.record
    if isinstance(made.record, Rows):
        opened_rows = made.record.but(
            parent=rows.parent,
            accessor=rows.accessor,
            back=rows.back,
            pristine=rows.pristine,
            loops=rows.loops,
        )
        return rows_value(opened_rows, made.type)
    type_ = made.type if made.type is not None and made.type != receiver.type else QUERYSET
    return rows_value(rows, type_)


def written(frame: Frame, rows: Rows, node: ast.AST) -> Rows:
    """The query as an expression that more can be written behind: the whole chain, unless it has ended."""
    root = rows.root
    if root.__class__ is Taint or rows.applied & _SLICED or node.__class__ not in _WRITTEN:
        return rows
    if not is_code(frame.file):
        return rows  # a template writes no queries
    if isinstance(root, Origin) and root.way in ("expression", "class"):
        called: ast.AST = node.func if isinstance(node, ast.Call) else node
        below = called.value if isinstance(called, ast.Attribute) else None
        if below is not root.node:
            return rows
    return rows.written(Origin(frame.file, node))


def _chained(change: Callable[[Rows, Frame, Invocation], Rows], *, narrows: bool = True) -> Does:
    """A method that gives another query."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        base = opened(frame, call)
        if base is None:
            return None
        assert isinstance(base.record, Rows)
        name = call.name.rpartition(".")[2]
        rows = written(frame, change(base.record, frame, call), call.node)
        made = rows.but(
            applied=rows.applied | {name, "begun"},
            pristine=rows.pristine and not narrows,
            loops=frame.loops,
        )
        return rows_value(made, _queryset_type(base.type))

    return does


def _queryset_type(type_: object) -> object:
    """What a manager's methods give: a queryset with the methods of its own class, where that has any."""
    return QUERYSET if type_ == MANAGER else type_


def _same(rows: Rows, _frame: Frame, _call: Invocation) -> Rows:
    return rows


def _select(rows: Rows, frame: Frame, call: Invocation) -> Rows:
    if not call.positional and call.more is None:
        known = isinstance(rows.type, Class)
        return rows.with_loads(list(non_null_paths(frame.machine, rows.type)) if known else [(ANY,)])
    return _loading(rows, call)


def _loading(rows: Rows, call: Invocation) -> Rows:
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
        attributes += [((*path, *inner), rows) for inner, rows in queryset.attributes]
    return found


def _only(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    names = _names(call)
    if names is None:
        return rows.but(only=None, deferred=frozenset())
    return rows.but(only=frozenset(names), deferred=frozenset())


def _defer(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    names = _names(call)
    return rows.but(deferred=frozenset() if names is None else rows.deferred | names)


def _names(call: Invocation) -> frozenset[str] | None:
    """The constant texts among the arguments; None where others are given."""
    names = [value.const for value in call.positional]
    if call.more is not None or not all(isinstance(name, str) for name in names):
        return None
    return frozenset(str(name) for name in names)


def _values(rows: Rows, _frame: Frame, _call: Invocation) -> Rows:
    return rows.but(values=True)


def _ordering(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    return rows.but(ordered=bool(call.positional) or call.more is not None)


def _iterated(frame: Frame, call: Invocation) -> Value | None:
    """`iterator()`: the rows of the query, which is written before it, a few at a time.

    Without the size of a chunk, what `prefetch_related` says is not loaded.
    """
    base = opened(frame, call)
    if base is None:
        return None
    assert isinstance(base.record, Rows)
    rows = written(frame, base.record, _inner(call)) if base.record.root is None else base.record
    sized = bool(call.positional or call.keywords)
    applied = rows.applied | {"begun", "iterator"} | (set() if sized else {"unchunked"})
    return rows_value(rows.but(applied=applied, pristine=False, loops=frame.loops), _queryset_type(base.type))


def _nothing(rows: Rows, _frame: Frame, _call: Invocation) -> Rows:
    return rows.but(limit=0)


def _one(how: str, *, optional: bool = False) -> Does:
    """A method that takes one row."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        base = opened(frame, call)
        if base is None:
            return None
        rows = base.record
        assert isinstance(rows, Rows)
        asked = "first in order" if how == "first" and rows.ordered else how  # `last` turns the order round
        note_run(
            frame, rows_value(written(frame, rows, _inner(call)), base.type), call.node, asked, anew=True
        )
        if rows.values:
            return UNKNOWN
        single = rows.but(loops=frame.loops, root=_root_of_one(frame, rows, call))
        if asked != "first in order":
            single = single.but(pristine=False)
        return Value(type=rows.type, optional=optional, record=Row(single))

    return does


def _inner(call: Invocation) -> ast.AST:
    return call.node.func.value if isinstance(call.node.func, ast.Attribute) else call.node


def _root_of_one(frame: Frame, rows: Rows, call: Invocation) -> Origin | Taint:
    """The query in front of `get` is what can be written on."""
    if rows.root is not None:
        return rows.root
    return Origin(frame.file, _inner(call))


def _asks(how: str, gives: Value = UNKNOWN, *, rows_of: str = "") -> Does:
    """A method that runs the query and gives a number, a truth value, or what `rows_of` says: `dict`, `list`."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        base = opened(frame, call)
        if base is None:
            return None
        note_run(frame, base, call.node, how, anew=True)
        if not rows_of:
            return gives
        return Value(type=f"builtins.{rows_of}", items={}, rest=base.rest)

    return does


def _makes(how: str, *, pair: bool = False) -> Does:
    """A method that writes a row and gives it; with whether it was made, where `pair` says so."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        receiver = call.receiver
        if receiver is None or not isinstance(receiver.record, Rows):
            return None
        rows = receiver.record
        note_asked(frame, call.node, how, rows)
        made = Value(type=rows.type, record=Row(Rows(rows.type, loops=frame.loops)))
        if pair:
            return Value(type="builtins.tuple", items={0: made, 1: instance("builtins.bool")})
        return made

    return does


def _writes(how: str) -> Does:
    def does(frame: Frame, call: Invocation) -> Value | None:
        receiver = call.receiver
        if receiver is not None and isinstance(receiver.record, Rows):
            note_asked(frame, call.node, how, receiver.record)
        return None

    return does


def of_instance(how: str) -> Does:
    """A method of a model's instances that asks the database: `save`, `delete`, `refresh_from_db`."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        receiver = call.receiver
        if receiver is not None and isinstance(receiver.type, Class):
            note_asked(frame, call.node, how, Rows(receiver.type, parent=_row(receiver)))
            run_receivers(frame, how, receiver, call.node)
        return None

    return does


def _row(value: Value) -> Row | None:
    return value.record if isinstance(value.record, Row) else None


def _get_queryset(frame: Frame, call: Invocation) -> Value | None:
    receiver = call.receiver
    if receiver is None or not isinstance(receiver.record, Rows):
        return None
    rows = written(frame, receiver.record, call.node)
    return rows_value(
        rows.but(loops=frame.loops, applied=rows.applied | {"begun"}), _queryset_type_of(receiver)
    )


def _queryset_type_of(receiver: Value) -> object:
    """A manager made from a queryset's class gives that class; another gives Django's own."""
    if isinstance(receiver.type, Class):
        names = receiver.type.order()[1]
        if any(name.endswith("QuerySet") for name in names):
            return receiver.type
    return QUERYSET


def _as_manager(_frame: Frame, call: Invocation) -> Value | None:
    receiver = call.receiver
    for target in receiver.targets if receiver is not None else ():
        if isinstance(target, Class):
            return Value(type=target)
    return None


def _from_queryset(frame: Frame, call: Invocation) -> Value | None:
    if not call.positional:
        return None
    return made_of(frame.machine, call.receiver or UNKNOWN, call.positional[0])


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
        return rows_value(_loading(record, call), value.type)
    if isinstance(record, Row):
        rows = record.rows if record.rows is not None else Rows(value.type)
        inner = Rows(value.type)
        for path in _loading(inner, call).loaded:
            rows = rows.with_loads([(*record.path, *path)])
        return value.but(record=Row(rows, record.path, None, record.loops))
    if not depth:
        return value
    items = {key: with_loads(item, call, depth - 1) for key, item in (value.items or {}).items()}
    rest = None if value.rest is None else with_loads(value.rest, call, depth - 1)
    if rest is value.rest and all(items[key] is item for key, item in (value.items or {}).items()):
        return value
    return value.but(items=items if value.items is not None else None, rest=rest)


def get_object(frame: Frame, call: Invocation) -> Value | None:
    """`get_object_or_404(Order, pk=...)`: of a model, a manager or a query."""
    base = _taken(frame, call)
    if base is None:
        return None
    rows = base.record
    assert isinstance(rows, Rows)
    note_run(frame, base, call.node, "get", anew=True)
    return Value(type=rows.type, record=Row(rows.but(loops=frame.loops, pristine=False)))


def get_list(frame: Frame, call: Invocation) -> Value | None:
    """`get_list_or_404(Order, paid=True)`."""
    base = _taken(frame, call)
    if base is None:
        return None
    note_run(frame, base, call.node, "iterate", anew=True)
    return Value(type="builtins.list", items={}, rest=base.rest)


def _taken(frame: Frame, call: Invocation) -> Value | None:
    """The query that a shortcut is given: itself, or of a model's class, which is then written on."""
    given = call.argument((0, "klass"))
    if given is None:
        return None
    node = call.expression((0, "klass"))
    origin = Origin(frame.file, node)
    if isinstance(given.record, Rows):
        rows = given.record if given.record.root is not None else given.record.but(root=origin)
        return rows_value(rows, given.type)
    for target in given.targets:
        if isinstance(target, Class):
            manager = frame.machine.attribute(target, "objects", given)
            if manager is not None and isinstance(manager.record, Rows):
                root = Origin(frame.file, node, "class")
                return rows_value(manager.record.but(root=root), manager.type)
    if given.name is not None and is_contrib_model(given.name):
        return rows_value(Rows(given.name, Origin(frame.file, node, "class")), QUERYSET)
    return None


def _other_manager(frame: Frame, call: Invocation) -> Value | None:
    """`order.items(manager="archived")`: the related rows by another manager of theirs."""
    receiver, name = call.receiver, call.constant("manager")
    if receiver is None or not isinstance(receiver.record, Rows):
        return None
    rows = receiver.record
    if not isinstance(rows.type, Class) or not isinstance(name, str):
        return receiver
    other = frame.machine.attribute(rows.type, name, Value(targets=(rows.type,)))
    return rows_value(rows.but(pristine=False), other.type if other is not None else receiver.type)


def queryset_of(frame: Frame, call: Invocation) -> Value | None:
    """`QuerySet(Order)`."""
    return _rows_of_class(call, QUERYSET)


def _rows_of_class(call: Invocation, type_: object) -> Value | None:
    given = call.argument((0, "model"))
    for target in given.targets if given is not None else ():
        if isinstance(target, Class):
            return rows_value(Rows(target, applied=frozenset({"begun"})), type_)
    return None


def made(frame: Frame, target: Class, call: Invocation) -> Value | None:
    """An instance of a project's own queryset class: `Orders(self.model, using=self._db)`."""
    if not any(name == QUERYSET or name.endswith("QuerySet") for name in target.order()[1]):
        return None
    return _rows_of_class(call, target)


def scoped_manager(_frame: Frame, call: Invocation) -> Value | None:
    """`ScopedManager(_manager_class=Orders, shop="shop")` of django-scopes: an instance of the class, or Django's."""
    given = call.argument("_manager_class")
    for target in given.targets if given is not None else ():
        if isinstance(target, Class):
            return Value(type=target)
    return instance(MANAGER)


def unknown_method(frame: Frame, call: Invocation) -> Value | None:
    """A method of a library's manager that nobody knows: the same rows, or fewer."""
    name = call.node.func.attr if isinstance(call.node.func, ast.Attribute) else ""
    if name.startswith(_GIVES_OTHER):
        return None
    base = opened(frame, call)
    if base is None or not isinstance(base.record, Rows):
        return None
    rows = base.record
    made = rows.but(
        applied=rows.applied | {"begun", name},
        pristine=False,
        loops=frame.loops,
    )
    return rows_value(written(frame, made, call.node), _queryset_type(base.type))


_GIVES_OTHER = (
    "as_",
    "bulk_",
    "count",
    "create",
    "delete",
    "exists",
    "first",
    "get",
    "has",
    "is_",
    "last",
    "update",
)

_CHAINED = "alias annotate complex_filter distinct exclude extra filter reverse select_for_update using"
_SET = "difference intersection union"

METHODS: Mapping[str, Does] = {
    "all": _chained(_same, narrows=False),
    **dict.fromkeys(_CHAINED.split(), _chained(_same)),
    **dict.fromkeys(
        _SET.split(), _chained(lambda rows, frame, call: rows.but(applied=rows.applied | {"union"}))
    ),
    "order_by": _chained(_ordering),
    "select_related": _chained(_select),
    "prefetch_related": _chained(lambda rows, frame, call: _loading(rows, call)),
    "only": _chained(_only),
    "defer": _chained(_defer),
    **dict.fromkeys(["dates", "datetimes", "values", "values_list"], _chained(_values)),
    "none": _chained(_nothing),
    **dict.fromkeys(("iterator", "aiterator"), _iterated),
    "raw": _chained(_same),
    **dict.fromkeys(("get", "aget"), _one("get")),
    **{f"{prefix}{name}": _one(name, optional=True) for prefix in ("", "a") for name in ("first", "last")},
    **{f"{prefix}{name}": _one(name) for prefix in ("", "a") for name in ("earliest", "latest")},
    **dict.fromkeys(("count", "acount"), _asks("count", instance("builtins.int"))),
    **dict.fromkeys(("exists", "aexists"), _asks("exists", instance("builtins.bool"))),
    **dict.fromkeys(("contains", "acontains"), _asks("contains", instance("builtins.bool"))),
    **dict.fromkeys(("aggregate", "aaggregate"), _asks("aggregate")),
    **dict.fromkeys(("in_bulk", "ain_bulk"), _asks("in_bulk", rows_of="dict")),
    **dict.fromkeys(("create", "acreate"), _makes("create")),
    **{
        f"{prefix}{name}": _makes(name, pair=True)
        for prefix in ("", "a")
        for name in ("get_or_create", "update_or_create")
    },
    **{
        f"{prefix}{name}": _writes(name)
        for prefix in ("", "a")
        for name in ("update", "delete", "bulk_create", "bulk_update", "add", "remove", "set", "clear")
    },
    "get_queryset": _get_queryset,
    "as_manager": _as_manager,
    "from_queryset": _from_queryset,
    "db_manager": _chained(_same, narrows=False),
    "__call__": _other_manager,
}
"""What each method does, by its name."""


def described(methods: Mapping[str, Entry]) -> dict[str, Entry]:
    """Table entries for methods of managers and querysets, with what these do to a query."""
    return {
        name: replace(entry, does=METHODS[name]) if name in METHODS else entry
        for name, entry in methods.items()
    }
