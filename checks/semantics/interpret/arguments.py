"""The arguments of a call, evaluated; what `*` and `**` bring is spread where it is known."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from checks.semantics.contents import element, join
from checks.semantics.interpret.frame import Frame
from checks.semantics.invocation import Invocation
from checks.semantics.operations import iterated, iteration_element
from checks.semantics.values import Value


class Arguments:
    """The evaluated arguments of a call."""

    __slots__ = ("keywords", "more", "positional")

    def __init__(
        self, positional: tuple[Value, ...], keywords: Mapping[str, Value], more: Value | None = None
    ) -> None:
        self.positional = positional
        self.keywords = keywords
        self.more = more

    def after(self, first: Value) -> Arguments:
        """The same arguments behind another one."""
        return Arguments((first, *self.positional), self.keywords, self.more)

    def behind_first(self) -> Arguments:
        """The arguments without the first, which is the receiver of `str.strip(text)`."""
        return Arguments(self.positional[1:], self.keywords, self.more)

    def every(self) -> list[Value]:
        """All of their values."""
        found = [*self.positional, *self.keywords.values()]
        return found if self.more is None else [*found, self.more]


def evaluated(frame: Frame, node: ast.Call) -> Arguments:
    """The arguments of a call; what `*` and `**` bring is spread where it is known."""
    positional: list[Value] = []
    more: Value | None = None
    evaluate = frame.evaluate
    for given in node.args:
        if given.__class__ is ast.Starred:
            value = evaluate(given.value)
            exact = iterated(value) if more is None else None
            if exact is not None and value.type_name != "builtins.dict":
                positional += exact
            else:
                more = _joined(more, iteration_element(value))
        elif more is not None:
            more = _joined(more, evaluate(given))
        else:
            positional.append(evaluate(given))
    keywords: dict[str, Value] = {}
    for keyword in node.keywords:
        value = evaluate(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        else:
            for key, item in (value.items or {}).items():
                if isinstance(key, str):
                    keywords.setdefault(key, item)
            if value.rest is not None or value.items is None:
                more = _joined(more, element(value.but(items=None)))
    return Arguments(tuple(positional), keywords, more)


def _joined(one: Value | None, other: Value) -> Value:
    return other if one is None else join(one, other)


def invocation_of(name: str, node: ast.Call, receiver: Value | None, arguments: Arguments) -> Invocation:
    return Invocation(name, node, receiver, arguments.positional, arguments.keywords, arguments.more)
