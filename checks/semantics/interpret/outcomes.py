"""What calls that came back tell of their arguments, and built-in functions that run code of the project."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from checks.semantics.contents import join
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.binding import Binding
from checks.semantics.interpret.effects import change
from checks.semantics.interpret.frame import Frame, Summary
from checks.semantics.interpret.targets import Bound, Class, Function, shape_of
from checks.semantics.invocation import Invocation
from checks.semantics.library import INJECTIONS
from checks.semantics.operations.parts import ANY_BOOL
from checks.semantics.values import Implication, Value, all_taints

_ALL = frozenset({"*"})
_LINES = frozenset({"cookie", "header", "log", "response-header"})
_READ = {
    "builtins.int": INJECTIONS - _LINES,  # `int("1\\n")` is 1
    "builtins.float": INJECTIONS - _LINES - {"code", "command", "nan", "url"},  # `nan`, `infinity`
}
_ENUMERATIONS = frozenset({"Enum", "IntEnum", "StrEnum", "TextChoices", "IntegerChoices"})


def has_read(frame: Frame, name: str, invocation: Invocation) -> None:
    """A number, UUID or the like was read from a text: nothing else stands in the text, or it had raised."""
    clean = _READ.get(name)
    if clean is not None and invocation.positional:
        returned_for(frame, invocation.positional[0], invocation.expression(0), clean)


def has_found(frame: Frame, holder: Value, key: Value, node: ast.expr) -> None:
    """`NAMES[key]` gave something: the key is one of those that the code put there, or it had raised."""
    if (
        key.taints
        and holder.type == "builtins.dict"
        and holder.items
        and holder.rest is None
        and not holder.taints
    ):
        returned_for(frame, key, node, _ALL)


def has_member(frame: Frame, target: Class, invocation: Invocation) -> bool:
    """Whether a class is an enumeration whose member was found by a value: the value is one of its own."""
    if len(invocation.positional) != 1 or invocation.more is not None:
        return False
    _, bases = target.order()
    if not any(base.rpartition(".")[2] in _ENUMERATIONS for base in bases):
        return False
    returned_for(frame, invocation.positional[0], invocation.expression(0), _ALL)
    return True


def returned_for(frame: Frame, subject: Value, node: ast.expr, clean: frozenset[str]) -> None:
    """Note what a call that came back says of what it was given."""
    if all_taints(subject):
        text = "" if isinstance(node, ast.Name) else ast.unparse(node)
        frame.apply((Implication(subject, text, clean),))


def emptied(value: Value) -> tuple[Implication, ...]:
    """What it says of a value that it counts as false: nothing is in it."""
    if not value.taints or isinstance(value.type, Class):
        return ()
    return (Implication(value, "", _ALL),)


def text_maker(frame: Frame, invocation: Invocation) -> Value | None:
    """The `__str__` that `str(object)` calls, where the object's class in the project has one."""
    value = invocation.argument(0)
    if value is None or not isinstance(value.type, Class) or len(invocation.positional) != 1:
        return None
    found = attribute(frame, value, "__str__", invocation.node)
    return found if any(isinstance(target, Bound) for target in found.targets) else None


def told(name: str, known: Value, invocation: Invocation) -> Value:
    """The answer of a built-in function, with what it tells of its arguments."""
    if name == "isinstance" and known.true and len(invocation.node.args) == 2:
        return _with_text(known, invocation.node.args[0])
    if name == "set" and known.taints and len(invocation.positional) == 1:
        return known.but(part_of=invocation.positional[0])
    if name in ("any", "all") and not known.is_constant and invocation.positional:
        return _decided(name, invocation.positional[0]) or known
    return known


def _with_text(value: Value, node: ast.expr) -> Value:
    """The implications of a test, with the expression that was tested."""
    if isinstance(node, ast.Name):
        return value
    text = ast.unparse(node)
    return value.but(
        true=tuple(Implication(one.subject, text, one.clean, one.value) for one in value.true),
        false=tuple(Implication(one.subject, text, one.clean, one.value) for one in value.false),
    )


def _decided(name: str, value: Value) -> Value | None:
    """`any(...)` and `all(...)` over what a comprehension gave: what its condition said of each element."""
    said = (value.facts or {}).get("each")
    if said is None:
        return None
    every_true, some_true, every_false, some_false = said
    true, false = (some_true, every_false) if name == "any" else (every_true, some_false)
    return ANY_BOOL.but(true=true, false=false) if true or false else None


def said_of_each(
    conditions: list[tuple[Value, Value]], iterable: Value, node: ast.expr, *, exact: bool
) -> dict[str, object] | None:
    """What the conditions of a generator say where all or some hold: of what stands outside, and of all elements.

    `conditions` are pairs of an element and what the condition gave for it.
    """
    if not any(value.true or value.false for _, value in conditions):
        return None
    text = "" if isinstance(node, ast.Name) else ast.unparse(node)

    def every(sides: list[tuple[Value, tuple[Implication, ...]]]) -> tuple[Implication, ...]:
        found = []
        for element, side in sides:
            for implied in side:
                if implied.subject is element:
                    found += [] if exact else [Implication(iterable, text, implied.clean)]
                elif exact:
                    found.append(implied)
        return tuple(found)

    true = [(element, value.true) for element, value in conditions]
    false = [(element, value.false) for element, value in conditions]
    return {"each": (every(true), _some(true), every(false), _some(false))}


def _some(sides: list[tuple[Value, tuple[Implication, ...]]]) -> tuple[Implication, ...]:
    """What holds whichever of the elements decided."""
    element, first = sides[0]
    found = []
    for implied in first:
        others = [
            any(one.subject is implied.subject and one.clean >= implied.clean for one in side)
            for _, side in sides[1:]
        ]
        if implied.subject is not element and implied.value is None and all(others):
            found.append(implied)
    return tuple(found)


def note_effects(
    frame: Frame,
    function: Function,
    summary: Summary,
    binding: Binding,
    texts: Callable[[], dict[int, str]],
) -> None:
    """What a call did beside its result: arguments checked and changed, names around it bound anew."""
    if summary.checked:
        written = texts()
        for index, clean in summary.checked.items():
            frame.apply((Implication(binding.arguments[index], written.get(index, ""), clean),))
    if summary.changed:
        for index, value in summary.changed.items():
            change(frame, binding.arguments[index], binding.substituted(value))
    if summary.outer:
        _bind_outer(frame, function, summary.outer, binding)


def _bind_outer(frame: Frame, function: Function, outer: Mapping[str, Value], binding: Binding) -> None:
    """Names that a called function bound for others: of the function around it, of the module as one sees it here."""
    if function.scope is not frame.scope and (function.is_nested or function.file is not frame.file):
        return
    own = shape_of(frame.function.node).assigned if frame.function is not None else ()
    for identifier, value in outer.items():
        if function.scope is frame.scope or identifier not in own:
            known, value_here = frame.env.get(identifier), binding.substituted(value)
            frame.env[identifier] = value_here if known is None else join(known, value_here)
