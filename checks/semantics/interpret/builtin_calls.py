"""Calls of Python's own functions and methods: what they give, what they call, and which queries they run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from checks.semantics.contents import element, join
from checks.semantics.interpret.arguments import Arguments, invocation_of
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.effects import mutate, record
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import enter, in_loop, leave, taken
from checks.semantics.interpret.outcomes import has_read, text_maker, told
from checks.semantics.interpret.prefixes import begins, filled_in
from checks.semantics.interpret.queries import note_run
from checks.semantics.interpret.targets import Bound, Class, Super, shape_of
from checks.semantics.operations import builtin, iteration_element, method
from checks.semantics.rows import Row, Rows
from checks.semantics.values import UNKNOWN, Value, cleaned, constant

_NOTHING = Arguments((), {})


def call_builtin(frame: Frame, node: ast.Call, name: str, arguments: Arguments) -> Value | None:
    """What a built-in function gives, by its dotted name; None where nothing is known of it."""
    last = name[9:]
    _run_queries(frame, node, last, arguments)
    special = _SPECIAL.get(last)
    found = special(frame, node, arguments) if special is not None else None
    if found is not None:
        return found
    if frame.machine.knowledge.entry(name) is not None and last not in _FOLDED:
        return None
    invocation = invocation_of(name, node, None, arguments)
    maker = text_maker(frame, invocation) if last == "str" else None
    if maker is not None:
        return frame.machine.call(frame, node, maker, _NOTHING)
    known = builtin(name, invocation)
    if known is None:
        return None
    has_read(frame, name, invocation)
    if last == "str" and known.taints:
        known = cleaned(known, _NO_OBJECT)
    record(frame, node, invocation)
    return told(last, known, invocation)


def builtin_method(
    frame: Frame, node: ast.Call, receiver: Value, name: str, arguments: Arguments
) -> Value | None:
    """What a method of a built-in type gives; None where nothing is known of it."""
    invocation = invocation_of(f"{receiver.type_name or '*'}.{name}", node, receiver, arguments)
    record(frame, node, invocation)
    if name in _READING:
        for value in arguments.positional:
            if value.record is not None:
                note_run(frame, value, node, "iterate")
    known = method(receiver, name, invocation)
    if known is None:
        return None
    result, changed = known
    if name in _TAKING:
        result = taken(frame, result)
    if changed is not None:
        mutate(frame, node.func.value, receiver, changed)  # type: ignore[attr-defined]
    if name == "startswith":
        if arguments.positional and not result.is_constant:
            result = begins(receiver, arguments.positional[0], result, node)
    elif name == "format":
        result = _formatted(frame, node, receiver, arguments, result)
    return result


def _formatted(frame: Frame, node: ast.Call, receiver: Value, arguments: Arguments, result: Value) -> Value:
    given = (*arguments.positional, *arguments.keywords.values())
    for value in given:
        show(frame, node, value)
    return filled_in(str(receiver.const), next(iter(given), None), result) if receiver.is_constant else result


def show(frame: Frame, node: ast.AST, value: Value, conversion: str = "") -> None:
    """What making a text of an object of the project runs: its `__str__`, or `__repr__`."""
    if not isinstance(value.type, Class):
        return
    found = attribute(frame, value, "__repr__" if conversion == "r" else "__str__", node)
    if any(isinstance(target, Bound) for target in found.targets):
        call = ast.copy_location(ast.Call(func=node, args=[], keywords=[]), node)  # type: ignore[arg-type]
        frame.machine.call(frame, call, found, _NOTHING)
        frame.env.pop("!", None)


def above(frame: Frame) -> Value:
    """`super()` in a method: behind its class, on its first argument."""
    scope_owner = frame.owner
    function = frame.function
    if scope_owner is None or function is None:
        return UNKNOWN
    parameters = shape_of(function.node).parameters
    receiver = frame.env.get(parameters[0], UNKNOWN) if parameters else UNKNOWN
    return Value(targets=(Super(scope_owner, receiver),))


def one_by_one(frame: Frame, node: ast.Call, iterables: Sequence[Value]) -> list[Value]:
    """The elements of what a function is called with one by one: a loop begins, which the caller ends."""
    if any(value.record is not None or value.rest is not None for value in iterables):
        loops = frame.loops
        entered = [enter(frame, value, node, node) for value in iterables]
        frame.loops = (*loops, max(entered, key=lambda loop: loop.size == "rows"))
        return [in_loop(iteration_element(value), frame.loops[-1]) for value in iterables]
    enter(frame, iterables[0], node, node)
    return [iteration_element(value) for value in iterables]


def _run_queries(frame: Frame, node: ast.Call, name: str, arguments: Arguments) -> None:
    """The queries among the arguments of a built-in function that runs them."""
    if name in _RUNNING:
        for value in arguments.positional[_RUNNING[name] :]:
            if value.record is not None:
                note_run(frame, value, node, name if name in ("bool", "len") else "iterate")


def _called_for_each(frame: Frame, node: ast.Call, arguments: Arguments) -> tuple[Value, Value] | None:
    """What a function gives for the elements of the other arguments, and the first of these elements."""
    if len(arguments.positional) < 2:
        return None
    items = one_by_one(frame, node, arguments.positional[1:])
    result = frame.machine.call(frame, node, arguments.positional[0], Arguments(tuple(items), {}))
    leave(frame)
    return result, items[0]


def _map(frame: Frame, node: ast.Call, arguments: Arguments) -> Value | None:
    found = _called_for_each(frame, node, arguments)
    return Value(type="builtins.list", items={}, rest=found[0]) if found is not None else None


def _filter(frame: Frame, node: ast.Call, arguments: Arguments) -> Value | None:
    found = _called_for_each(frame, node, arguments)
    return Value(type="builtins.list", items={}, rest=found[1]) if found is not None else None


def _getattr(frame: Frame, node: ast.Call, arguments: Arguments) -> Value | None:
    if len(arguments.positional) < 2:
        return None
    holder, key, *default = arguments.positional
    named = isinstance(key.const, str)
    found = attribute(frame, holder, key.const, node) if named else element(holder.but(type=None))
    return join(found, default[0]) if default else found


def _setattr(frame: Frame, _node: ast.Call, arguments: Arguments) -> Value | None:
    if len(arguments.positional) != 3:
        return None
    target, key, value = arguments.positional
    if isinstance(key.const, str):
        frame.replace(target, target.but(items={**(target.items or {}), key.const: value}))
    return constant(None)


def _by_key(frame: Frame, node: ast.Call, arguments: Arguments) -> None:
    """`sorted(orders, key=...)`: the key is asked of each."""
    if "key" in arguments.keywords and arguments.positional:
        items = one_by_one(frame, node, arguments.positional[:1])
        frame.machine.call(frame, node, arguments.keywords["key"], Arguments(tuple(items), {}))
        leave(frame)


def _super(frame: Frame, _node: ast.Call, _arguments: Arguments) -> Value:
    return above(frame)


def _hasattr(frame: Frame, node: ast.Call, arguments: Arguments) -> None:
    if len(arguments.positional) == 2:
        held, key = arguments.positional
        if isinstance(held.record, Row) and isinstance(key.const, str):
            attribute(frame, held, key.const, node)


def _str(frame: Frame, node: ast.Call, arguments: Arguments) -> None:
    """`str(orders)`: of a list of rows each is shown."""
    value = arguments.positional[0] if arguments.positional else UNKNOWN
    if value.rest is not None and isinstance(value.rest.record, Row):
        items = one_by_one(frame, node, [value])
        show(frame, node, items[0], "r")
        leave(frame)


def _repr(frame: Frame, node: ast.Call, arguments: Arguments) -> None:
    value = arguments.positional[0] if arguments.positional else UNKNOWN
    if value.rest is not None and isinstance(value.rest.record, Row):
        _str(frame, node, arguments)
    else:
        show(frame, node, value, "r")


def _isinstance(_frame: Frame, _node: ast.Call, arguments: Arguments) -> Value | None:
    """Whether a query is one is known."""
    if len(arguments.positional) != 2:
        return None
    value, kind = arguments.positional
    is_query = (kind.name or "").endswith(".QuerySet") and value.type == kind.name
    return constant(True) if isinstance(value.record, Rows) and is_query else None


_SPECIAL: Mapping[str, Callable[[Frame, ast.Call, Arguments], Value | None]] = {
    "filter": _filter,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "isinstance": _isinstance,
    "map": _map,
    "max": _by_key,
    "min": _by_key,
    "repr": _repr,
    "setattr": _setattr,
    "sorted": _by_key,
    "str": _str,
    "super": _super,
}
"""The built-in functions that call others, or look into objects."""
_TAKING = frozenset({"pop", "popitem", "popleft"})
_READING = frozenset(
    {"difference", "extend", "intersection", "issubset", "issuperset", "join", "union", "update"}
)
"""The methods that go through what they are given."""
_RUNNING = {
    "all": 0, "any": 0, "bool": 0, "dict": 0, "enumerate": 0, "filter": 1, "frozenset": 0, "iter": 0, "len": 0,
    "list": 0, "map": 1, "max": 0, "min": 0, "next": 0, "reversed": 0, "set": 0, "sorted": 0, "sum": 0, "tuple": 0,
    "zip": 0,
}  # fmt: skip
"""The built-in functions that run a query, and from which argument on."""
_NO_OBJECT = frozenset({"nosql"})  # a text holds no operators of a query
_FOLDED = frozenset(
    {
        "len", "int", "float", "bool", "str", "bytes", "list", "tuple", "dict", "set", "frozenset", "sorted",
        "reversed", "enumerate", "zip", "range", "min", "max", "sum", "abs", "round", "any", "all", "isinstance",
        "issubclass", "ord", "chr", "repr", "ascii", "format", "hash", "id", "iter", "next", "hex", "oct", "bin",
        "divmod", "pow", "print", "vars", "dir", "slice", "type",
    }
)  # fmt: skip
