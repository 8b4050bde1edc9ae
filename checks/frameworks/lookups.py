"""Dotted paths followed from a value as frameworks follow them: keys, attributes, indexes, methods that are called."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.model import Span
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.calls import call, call_method
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import enter, in_loop
from checks.semantics.interpret.queries import note_run
from checks.semantics.interpret.targets import Bound, Class, Function
from checks.semantics.invocation import Invocation
from checks.semantics.operations import iteration_element, subscript
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value, constant

_DICTIONARY = frozenset({"builtins.dict", "collections.OrderedDict", "collections.defaultdict", ""})
_VIEWS = frozenset({"items", "keys", "values"})
_NOTHING = Arguments((), {})


class Place(ast.Call):
    """A place where a framework asks for something, in the form of a node that can: a call of nothing."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.lineno, self.col_offset = span.line, span.column - 1
        self.end_lineno, self.end_col_offset = span.end_line, span.end_column - 1
        self.func = ast.copy_location(ast.Name("framework", ast.Load()), self)
        self.args = []
        self.keywords = []


def place_of(node: ast.AST) -> Place:
    """The place of a node, for what a framework does because of it."""
    line = getattr(node, "lineno", 1)
    end = getattr(node, "end_lineno", None) or line
    column, last = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None) or 0
    return Place(Span(line, column + 1, end, last + 1))


def followed(frame: Frame, value: Value, path: Sequence[str], place: Place, *, calls: bool = True) -> Value:
    """What a path of names gives; what can be called on the way is called, unless the text must say so itself."""
    for name in path:
        if value is UNKNOWN:
            break
        value = _part(frame, value, name, place, calls=calls)
    return value


def _part(frame: Frame, value: Value, name: str, place: Place, *, calls: bool) -> Value:
    items = value.items
    if items is not None and name in items:
        return _callable(frame, items[name], place, calls=calls)
    if value.type_name in _DICTIONARY and (items is not None or value.rest is not None):
        if name in _VIEWS and value.type_name:
            return call_method(frame, place, value, name, _NOTHING)
        return value.rest or UNKNOWN
    if name.isdigit():
        if isinstance(value.record, Rows):
            note_run(frame, value, place, "index", anew=True)
            return value.rest or UNKNOWN
        return subscript(value, constant(int(name)))
    found = attribute(frame, value, name, place)
    if isinstance(value.record, Rows) and value.type != "builtins.list" and found.name is not None and calls:
        return call_method(frame, place, value, name, _NOTHING)
    if found.targets or found.record is not None or found.type is not None:
        return _callable(frame, found, place, calls=calls)
    return found


def _callable(frame: Frame, value: Value, place: Place, *, calls: bool) -> Value:
    for target in value.targets:
        if isinstance(target, Bound) and target.function.kind == "property":
            return called(frame, value, place)
        if calls and isinstance(target, Bound | Function):
            return called(frame, value, place)
    return value


def called(frame: Frame, value: Value, place: Place, *arguments: Value, **keywords: Value) -> Value:
    """What a framework's call of something gives."""
    made = call(frame, place, value, Arguments(arguments, keywords))
    frame.env.pop("!", None)
    return made


def method_called(frame: Frame, holder: Value, name: str, place: Place, *arguments: Value) -> Value | None:
    """What a framework's call of the project's own method gives, None where the class has none of that name."""
    if not any(name in one.env for one in (holder.type.order()[0] if isinstance(holder.type, Class) else ())):
        return None
    found = attribute(frame, holder, name, place)
    if not any(isinstance(target, Bound | Function) for target in found.targets):
        return None
    return called(frame, found, place, *arguments)


def shown(frame: Frame, value: Value, place: Place) -> None:
    """What making a text of a value asks: an object's `__str__`."""
    if isinstance(value.type, Class):
        method_called(frame, value, "__str__", place)


def each(frame: Frame, rows: Value, place: Place, node: object) -> Value:
    """Begin a loop of a framework's own over a query or a list: what it meets. `ended` ends it."""
    loop = enter(frame, rows, place, node)
    return in_loop(iteration_element(rows), loop)


def all_of(frame: Frame, value: Value, place: Place) -> Value:
    """The rows of a manager, as frameworks ask for them: `.all()`."""
    if isinstance(value.record, Rows) and value.type != "builtins.list":
        made = call_method(frame, place, value, "all", _NOTHING)
        return made if isinstance(made.record, Rows) else value
    return value


def attrgetter(_frame: Frame, call: Invocation) -> Value | None:
    """`operator.attrgetter("customer.name", ...)`: what it will follow."""
    return Value(type="operator.attrgetter", items=dict(enumerate(call.positional)))


def attributes_got(frame: Frame, call: Invocation) -> Value | None:
    """The call of what `attrgetter` made: each of its paths followed."""
    holder = call.argument(0)
    paths = (call.receiver.items or {}).values() if call.receiver is not None else ()
    found = UNKNOWN
    for path in paths if holder is not None else ():
        if isinstance(path.const, str) and holder is not None:
            found = followed(frame, holder, path.const.split("."), place_of(call.node), calls=False)
    return found
