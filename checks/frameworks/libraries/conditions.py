"""When a call is a sink at all: by the options that it is given.

A condition speaks of what is certain in the code: an option that only running tells leaves a sink out.
"""

from __future__ import annotations

from collections.abc import Callable

from checks.semantics.invocation import Invocation
from checks.semantics.library import Place
from checks.semantics.values import Value

Condition = Callable[[Invocation], bool]

SHELLS = frozenset({"ash", "bash", "cmd", "cmd.exe", "csh", "dash", "fish", "ksh", "powershell", "sh", "zsh"})
_SHELL_OPTIONS = frozenset({"-c", "-ec", "-lc", "/c", "/C", "-Command"})


def constant_is(place: Place, *constants: object) -> Condition:
    """Where an argument is certainly one of these constants."""
    return lambda call: call.constant(place) in constants


def absent_or(place: Place, *constants: object) -> Condition:
    """Where an argument is left out, or is certainly one of these constants."""
    return lambda call: _is_absent(call, place) or call.constant(place) in constants


def is_given(place: Place) -> Condition:
    """Where an argument is given."""
    return lambda call: call.argument(place) is not None


def is_absent(place: Place) -> Condition:
    """Where an argument is left out."""
    return lambda call: _is_absent(call, place)


def _is_absent(call: Invocation, place: Place) -> bool:
    return call.argument(place) is None and call.more is None


def is_named(place: Place, *names: str) -> Condition:
    """Where an argument is one of these functions or classes."""

    def condition(call: Invocation) -> bool:
        value = call.argument(place)
        return value is not None and (value.name in names or value.type_name in names)

    return condition


def is_built(place: Place = 0) -> Condition:
    """Where an argument is a text put together from the code's own and something else.

    For methods of unknown receivers: `thing.execute(data)` may be anything, `thing.execute(f"DELETE ... {data}")` not.
    """

    def condition(call: Invocation) -> bool:
        value = call.argument(place)
        return value is not None and value.built

    return condition


def both(one: Condition, other: Condition) -> Condition:
    """Where two conditions hold."""
    return lambda call: one(call) and other(call)


def either(one: Condition, other: Condition) -> Condition:
    """Where one of two conditions holds."""
    return lambda call: one(call) or other(call)


def no(condition: Condition) -> Condition:
    """Where a condition doesn't hold."""
    return lambda call: not condition(call)


def is_markup(*places: Place) -> Condition:
    """Where a response is of a type that browsers run scripts in: by its content type, HTML when that is left out."""

    def condition(call: Invocation) -> bool:
        for place in places:
            given = call.argument(place)
            if given is None or given.const is None:
                continue
            return isinstance(given.const, str) and any(
                word in given.const for word in ("html", "svg", "xml")
            )
        return call.more is None

    return condition


def in_shell(argv: Place, shell: Place) -> Condition:
    """Where a shell reads the command line: `shell=True`, or a list such as `["sh", "-c", line]`."""
    asked = constant_is(shell, True, 1)
    return lambda call: asked(call) or _is_shell(call.argument(argv))


def _is_shell(argv: Value | None) -> bool:
    if argv is None or not argv.items:
        return False
    program, option = (argv.items.get(index) for index in (0, 1))
    if program is None or option is None:
        return False
    name = program.const
    return isinstance(name, str) and name.rpartition("/")[2] in SHELLS and option.const in _SHELL_OPTIONS


def is_text(place: Place = 0) -> Condition:
    """Where an argument is a text, or of a type that isn't known."""

    def condition(call: Invocation) -> bool:
        value = call.argument(place)
        return value is not None and value.type_name in ("", "builtins.str", "builtins.bytes")

    return condition
