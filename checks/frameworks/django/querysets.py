"""What the methods of Django's managers and querysets do to a query, and which of them run it.

From Django's documentation: "QuerySet API reference", "Related objects reference".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from checks.frameworks.django.loading import loading
from checks.frameworks.django.managers import MANAGER, QUERYSET, made_of, own_get_queryset
from checks.frameworks.django.narrowing import annotated, filtered
from checks.frameworks.django.paths import non_null_paths
from checks.frameworks.django.signals import run_receivers
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.calls import call_function
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import is_code, note_asked, note_run, rows_value
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry
from checks.semantics.rows import ANY, UNSURE, Origin, Row, Rows
from checks.semantics.taints import Taint
from checks.semantics.values import UNKNOWN, Value, instance

Does = Callable[[Frame, Invocation], Value | None]
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
    if made.type is None and isinstance(receiver.type, Class):
        return receiver  # what it gives is out of sight: the methods are its own all the same
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
    return loading(rows, call)


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
        maybe=rows.maybe | {UNSURE} if _LOADING.search(name) else rows.maybe,
    )
    return rows_value(written(frame, made, call.node), _queryset_type(base.type))


_LOADING = re.compile(r"fetch|load|related|select|with_|join|optimi")
"""What the name of a method has that may load relations along."""
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

_CHAINED = "alias complex_filter distinct exclude extra reverse select_for_update using"
_SET = "difference intersection union"

METHODS: Mapping[str, Does] = {
    "all": _chained(_same, narrows=False),
    **dict.fromkeys(_CHAINED.split(), _chained(_same)),
    **dict.fromkeys(
        _SET.split(), _chained(lambda rows, frame, call: rows.but(applied=rows.applied | {"union"}))
    ),
    "filter": _chained(filtered),
    "annotate": _chained(annotated),
    "order_by": _chained(_ordering),
    "select_related": _chained(_select),
    "prefetch_related": _chained(lambda rows, frame, call: loading(rows, call)),
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
