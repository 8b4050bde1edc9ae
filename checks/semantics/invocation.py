"""A call as the interpreter sees it: what is called, with which values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from checks.semantics.library import Place
from checks.semantics.values import UNKNOWN, Value


@dataclass(slots=True, eq=False)  # not frozen: that takes three times as long, for every call there is
class Invocation:
    """A call: `name` dotted as the tables know it, the `receiver` of a method, and the arguments' values.

    `more` joins what `*args` and `**kwargs` may bring beyond those in sight; None when they bring nothing.
    """

    name: str
    node: ast.Call
    receiver: Value | None
    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]
    more: Value | None = None

    def argument(self, place: Place) -> Value | None:
        """The value of an argument, None when it is not given; one that only `*args` may bring is their join.

        Of one that only goes by its name, nobody says that `**kwargs` bring it.
        """
        position, keyword = place if isinstance(place, tuple) else (place, place)
        if isinstance(keyword, str) and keyword in self.keywords:
            return self.keywords[keyword]
        if isinstance(position, int):
            if position == -1:
                return self.receiver
            if position < len(self.positional):
                return self.positional[position]
        return None if isinstance(place, str) else self.more

    def arguments(self, place: Place) -> list[Value]:
        """The values at a place: `*` gives every argument, with the receiver."""
        if place != "*":
            found = self.argument(place)
            return [] if found is None else [found]
        every = [*self.positional, *self.keywords.values()]
        return every + [value for value in (self.more, self.receiver) if value is not None]

    def constant(self, place: Place) -> object:
        """The constant that an argument is, UNKNOWN's `NOTHING` when it is absent or not certain."""
        found = self.argument(place)
        return (found or UNKNOWN).const

    def expression(self, place: Place) -> ast.expr:
        """The expression of an argument, the call itself where it is not in sight."""
        position, keyword = place if isinstance(place, tuple) else (place, place)
        for given in self.node.keywords:
            if given.arg == keyword:
                return given.value
        if isinstance(position, int) and 0 <= position < len(self.node.args):
            before = self.node.args[: position + 1]
            if not any(isinstance(value, ast.Starred) for value in before):
                return self.node.args[position]
        if position == -1 and isinstance(self.node.func, ast.Attribute):
            return self.node.func.value
        return self.node
