"""What SQLAlchemy's loader options say of a query: `joinedload(Order.customer).selectinload(Customer.address)`.

From SQLAlchemy's documentation: "Relationship Loading Techniques", "Column Loading Options".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from checks.frameworks.sqlalchemy.relations import model_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry
from checks.semantics.rows import UNSURE, Path, Rows
from checks.semantics.values import Value

Does = Callable[[Frame, Invocation], Value | None]

LOAD = "sqlalchemy.orm.Load"
ATTRIBUTE = "sqlalchemy.orm.InstrumentedAttribute"
EVERYTHING = "**"
"""At the end of a path: whatever is read from there on is loaded, or never asked for."""
TAKEN_BACK = "!"
"""At the beginning of a path: an option takes back that the models load it along."""

_LOADS = "contains_eager immediateload joinedload selectinload subqueryload"
_QUIET = "noload raiseload"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that an option says: `kind` of the relation at a path from a model's rows.

    `load`, `quiet` (it is never asked for), `lazy`, or of the rows that the path leads to the columns (`names`) that
    alone are loaded (`only`), that are left out (`defer`) or not (`undefer`). `root` is the model, where one is named.
    """

    kind: str
    root: Class | None
    path: Path
    names: frozenset[str] = frozenset()


def attribute_of(value: Value) -> tuple[Class, str] | None:
    """The model and the name of a class's mapped attribute: `Order.customer`."""
    return (value.facts or {}).get("attribute")


def _relation(kind: str) -> Does:
    """A function or method that says how a relation is loaded; of several that it is given, the last one."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        _, root, path = _begun(call)
        for given in call.positional:
            for name in _names(given):
                found = attribute_of(given)
                root = found[0] if root is None and not path and found is not None else root
                path = (*path, EVERYTHING if name == "*" and kind != "lazy" else name)
        return _made(frame, call, (Option(kind, root, path),) if kind and path else (), root, path)

    return does


def _names(given: Value) -> Iterator[str]:
    found = attribute_of(given)
    if found is not None:
        yield found[1]
    elif isinstance(given.const, str):
        yield from given.const.split(".")
    else:
        yield "?"


def _columns(kind: str) -> Does:
    """A function or method that says which columns are loaded."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        _, root, path = _begun(call)
        found = [attribute_of(given) for given in call.positional]
        names = frozenset(
            [one[1] for one in found if one is not None]
            + [given.const for given in call.positional if isinstance(given.const, str)]
        )
        if root is None and not path:
            root = next((one[0] for one in found if one is not None), None)
        known = len(names) == len(call.positional) and call.more is None
        return _made(frame, call, (Option(kind, root, path, names),) if known else (), root, path)

    return does


def _root(frame: Frame, call: Invocation) -> Value | None:
    """`Load(Order)`."""
    given = call.argument(0)
    targets = given.targets if given is not None else ()
    return _made(frame, call, (), next((target for target in targets if isinstance(target, Class)), None), ())


def _further(frame: Frame, call: Invocation) -> Value | None:
    """`joinedload(Order.customer).options(joinedload(Customer.address))`."""
    _, root, path = _begun(call)
    added = [
        replace(one, root=root, path=(*path, *one.path))
        for given in call.positional
        for one in options_of(given) or ()
    ]
    return _made(frame, call, tuple(added), root, path)


def _begun(call: Invocation) -> tuple[tuple[Option, ...], Class | None, Path]:
    """What the option says so far, the model that it begins at, and where it has come."""
    facts = (call.receiver.facts if call.receiver is not None else None) or {}
    root, path = facts.get("at", (None, ()))
    return facts.get("options", ()), root, path


def _made(frame: Frame, call: Invocation, added: tuple[Option, ...], root: Class | None, path: Path) -> Value:
    """An option that says more; before version 2 one with a name says so itself, as do all that begin as it does."""
    before = (call.receiver.facts if call.receiver is not None else None) or {}
    begins = before.get("begins", call.node)
    if before and isinstance(call.node.func, ast.Attribute) and isinstance(call.node.func.value, ast.Name):
        for value in list(frame.env.values()):
            facts = value.facts or {}
            if value.type == LOAD and facts.get("begins") is begins:
                options = tuple(dict.fromkeys((*facts["options"], *added)))
                frame.replace(value, value.but(facts={**facts, "options": options}))
    options = (*before.get("options", ()), *added)
    return Value(type=LOAD, facts={"options": options, "at": (root, path), "begins": begins})


def options_of(value: Value) -> tuple[Option, ...] | None:
    """What an option says, None for a value of which that is not known."""
    found: tuple[Option, ...] | None = (value.facts or {}).get("options")
    return found


def _itself(call: Invocation) -> Value | None:
    """`Order.items.of_type(Special)`, `Order.items.and_(...)`."""
    return call.receiver


def applied(rows: Rows, call: Invocation) -> Rows:
    """A query under `.options(...)`: what only running tells may load anything."""
    unsure = call.more is not None
    for given in call.positional:
        found = options_of(given)
        if found is None:
            unsure = True
        for option in found or ():
            unsure = unsure or "?" in option.path
            if option.root is None or rows.type is None or _is_related(option.root, rows.type):
                rows = _with_option(rows, option)
    return rows.but(maybe=rows.maybe | {UNSURE}) if unsure else rows


def _is_related(one: Class, other: object) -> bool:
    return isinstance(other, Class) and (one in other.order()[0] or other in one.order()[0])


def _with_option(rows: Rows, option: Option) -> Rows:
    if option.kind in ("load", "quiet"):
        return rows.but(loaded=(rows.loaded - {(TAKEN_BACK, *option.path)}) | {option.path})
    if option.kind == "lazy":
        return rows.but(loaded=(rows.loaded - {option.path}) | {(TAKEN_BACK, *option.path)})
    if option.path:
        return rows
    if option.kind == "only":
        model = model_of(rows.type)
        keys = [one.name for one in model.columns.values() if one.primary_key] if model is not None else []
        return rows.but(only=option.names.union(keys))
    deferred = rows.deferred | option.names if option.kind == "defer" else rows.deferred - option.names
    return rows.but(deferred=deferred)


def _each(names: str, does: Does) -> dict[str, Entry]:
    return dict.fromkeys(names.split(), Entry(returns=LOAD, does=does))


OPTIONS: Mapping[str, Entry] = {
    **_each(_LOADS, _relation("load")),
    **_each(_QUIET, _relation("quiet")),
    **_each("lazyload", _relation("lazy")),
    **_each("defaultload", _relation("")),
    **_each("load_only", _columns("only")),
    **_each("defer", _columns("defer")),
    **_each("undefer", _columns("undefer")),
}
"""The functions of `sqlalchemy.orm`, and the methods of `Load` of the same names."""

FURTHER: Mapping[str, Entry] = {
    "options": Entry(returns=LOAD, does=_further),
    **dict.fromkeys(
        ("selectin_polymorphic", "undefer_group", "with_expression"),
        Entry(returns="self", apply=_itself),
    ),
}
"""What only an option that is begun has."""

ROOT = Entry(returns=LOAD, does=_root)
ATTRIBUTES: Mapping[str, Entry] = dict.fromkeys(("and_", "of_type"), Entry(returns=ATTRIBUTE, apply=_itself))
"""Methods of a mapped attribute that give it again."""
