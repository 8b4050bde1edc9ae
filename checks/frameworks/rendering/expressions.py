"""What the expressions of a template give: names followed part by part, methods called, filters applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from checks.frameworks.lookups import Place, followed, shown
from checks.frameworks.rendering.tags import ProjectTag, Tags
from checks.frameworks.templates import DJANGO, Expression, Filter, Node, Tag, TemplateFile
from checks.frameworks.templates.expressions import parse_expression
from checks.frameworks.templates.tags import arguments_of
from checks.semantics.contents import join
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.calls import call, call_method
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import enter, in_loop
from checks.semantics.interpret.queries import limited, note_run
from checks.semantics.interpret.targets import Class
from checks.semantics.operations import iteration_element
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value, constant, instance

if TYPE_CHECKING:
    from checks.frameworks.rendering.template import _Rendering

Names = dict[str, Value]
_KEEPING = frozenset(
    {
        "batch", "default", "default_if_none", "d", "dictsort", "dictsortreversed", "list", "reject", "rejectattr",
        "reverse", "safe", "select", "selectattr", "sort", "unique",
    }
)  # fmt: skip
_COUNTING = frozenset({"count", "length", "length_is"})
_ONE = frozenset({"first", "last", "random"})
_BY_ATTRIBUTE = frozenset(
    {"groupby", "map", "max", "min", "rejectattr", "selectattr", "sort", "sum", "unique"}
)


class Evaluator:
    """The expressions of one template."""

    def __init__(self, frame: Frame, template: TemplateFile, tags: Tags) -> None:
        self._frame = frame
        self._language = template.language
        self._tags = tags
        self.macros: dict[str, tuple[_Rendering, Node]] = {}
        self.modules: dict[str, Mapping[str, tuple[_Rendering, Node]]] = {}

    def printed(self, expression: Expression, names: Names, place: Place) -> None:
        """A value that is printed: an object says its text."""
        self.shown(self.value(expression, names, place), place)

    def shown(self, value: Value, place: Place) -> None:
        """What making a text of a value asks."""
        if self._language == DJANGO:
            shown(self._frame, value, place)
        elif isinstance(value.type, Class):
            self._called(attribute(self._frame, value, "__str__", place), _NOTHING, place)

    def value(self, expression: Expression, names: Names, place: Place) -> Value:
        """What an expression gives."""
        for one in expression.asked:
            self.value(one, names, place)
        found = self._plain(expression, names, place)
        for applied in expression.filters:
            found = self._filtered(found, applied, names, place)
        return found

    def _plain(self, expression: Expression, names: Names, place: Place) -> Value:
        if expression.value is not None:
            return constant(expression.value)
        if expression.path:
            return self._path(expression, names, place)
        found: Value | None = None
        for part in expression.parts:
            value = self.value(part, names, place)
            found = value if found is None else join(found, value)
        if expression.literal and not expression.parts:
            if expression.text.lstrip("-").isdigit():
                return constant(int(expression.text[:18]))
            if expression.text in _WORDS:
                return constant(_WORDS[expression.text])
        return UNKNOWN if found is None else found

    def _path(self, expression: Expression, names: Names, place: Place) -> Value:
        first, *rest = expression.path
        arguments = [self.value(one, names, place) for one in expression.arguments]
        if expression.called and self._macro(expression, arguments):
            return UNKNOWN
        value = names.get(first, UNKNOWN)
        if value is UNKNOWN and expression.called and not rest and first in _HOLDING:
            return _holding(expression, arguments)
        if value is UNKNOWN or not rest:
            if expression.called and value.targets:
                return self._called(value, Arguments(tuple(arguments), {}), place)
            return value
        if not expression.called:
            return self.followed(value, tuple(rest), place)
        holder = self.followed(value, tuple(rest[:-1]), place)
        return self._method(holder, rest[-1], arguments, place)

    def _macro(self, expression: Expression, arguments: Sequence[Value]) -> bool:
        """Call a macro of this template, or of one that it imports."""
        path = expression.path
        found = self.macros.get(path[0]) if len(path) == 1 else self.modules.get(path[0], {}).get(path[1])
        if found is None:
            return False
        rendering, node = found
        self._frame.step()
        if len(self._frame.loops) < _NESTED:
            names = _keywords(expression.text, len(arguments))
            given = list(zip(names, arguments, strict=True))
            positional = [value for name, value in given if not name]
            rendering.call_macro(node, positional, {name: value for name, value in given if name})
        return True

    def followed(self, value: Value, path: Sequence[str], place: Place) -> Value:
        """What a dotted path gives, as the language looks each part up."""
        return followed(self._frame, value, path, place, calls=self._language == DJANGO)

    def _method(self, holder: Value, name: str, arguments: Sequence[Value], place: Place) -> Value:
        if holder is UNKNOWN:
            return UNKNOWN
        made = call_method(self._frame, place, holder, name, Arguments(tuple(arguments), {}))
        self._frame.env.pop("!", None)
        return made

    def _called(self, value: Value, arguments: Arguments, place: Place) -> Value:
        made = call(self._frame, place, value, arguments)
        self._frame.env.pop("!", None)
        return made

    def _filtered(self, value: Value, applied: Filter, names: Names, place: Place) -> Value:
        given = [self.value(one, names, place) for one in applied.arguments]
        name = applied.name
        own = self._tags.filter(name)
        if own is not None:
            return self._called(own, Arguments((value, *given), {}), place)
        if value is UNKNOWN:
            return UNKNOWN
        if name in _COUNTING:
            note_run(self._frame, value, place, "len")
            return instance("builtins.int")
        if name in _ONE:
            note_run(self._frame, value, place, "index")
            return iteration_element(value)
        if name == "slice":
            return self._sliced(value, given)
        if name in _BY_ATTRIBUTE and self._language != DJANGO:
            return self._by_attribute(value, name, given, place)
        if name == "join":
            outer = self._frame.loops
            loop = enter(self._frame, value, place, applied)
            self.shown(in_loop(iteration_element(value), loop), place)
            self._frame.loops = outer
            return instance("builtins.str")
        if name in ("default", "default_if_none", "d") and given:
            return join(value, given[0]) if value is not UNKNOWN else given[0]
        return value if name in _KEEPING else UNKNOWN

    def _sliced(self, value: Value, given: Sequence[Value]) -> Value:
        bounds = given[0].const if given else None
        upper = bounds.rpartition(":")[2] if isinstance(bounds, str) and bounds.count(":") <= 1 else ""
        if isinstance(value.record, Rows):
            return limited(value, constant(int(upper)) if upper.isdigit() else None)
        return value

    def _by_attribute(self, value: Value, name: str, given: Sequence[Value], place: Place) -> Value:
        """Jinja2's filters that read an attribute of each element."""
        path = next((one.const for one in given if isinstance(one.const, str)), None)
        outer = self._frame.loops
        loop = enter(self._frame, value, place, place)
        one = in_loop(iteration_element(value), loop)
        part = self.followed(one, tuple(path.split(".")), place) if path is not None else one
        self._frame.loops = outer
        if name == "map":
            return Value(type="builtins.list", items={}, rest=part)
        if name == "groupby":
            group = Value(
                type="builtins.tuple", items={0: part, 1: Value(type="builtins.list", items={}, rest=one)}
            )
            return Value(type="builtins.list", items={}, rest=group)
        if name in ("max", "min"):
            return one
        return UNKNOWN if name == "sum" else value

    def words(self, tag: Tag, names: Names, place: Place) -> list[tuple[str, Value]]:
        """The values of a tag's words, each with the name under which it is given."""
        found = []
        for word in arguments_of(tag.arguments):
            expression = parse_expression(word.text, self._language, lambda _start, _end: place.span)
            found.append((word.name, self.value(expression, names, place)))
        return found

    def tag(
        self, found: ProjectTag, tag: Tag, names: Names, place: Place
    ) -> Iterator[tuple[str, Mapping[str, Value]]]:
        """Call a tag of the project; of one that includes a template its name and context."""
        given = self.words(tag, names, place)
        texts = [word.text for word in arguments_of(tag.arguments)]
        target = ""
        if "as" in texts[:-1]:
            index = texts.index("as")
            target, given = texts[index + 1], given[:index]
        positional = [value for name, value in given if not name]
        if found.takes_context:
            positional.insert(0, Value(type="builtins.dict", items=dict(names)))
        keywords = {name: value for name, value in given if name}
        result = self._called(found.function, Arguments(tuple(positional), keywords), place)
        if target:
            names[target] = result
        elif not found.template:
            self.shown(result, place)
        if found.template:
            yield (
                found.template,
                {key: value for key, value in (result.items or {}).items() if isinstance(key, str)},
            )


_NESTED = 8
_NOTHING = Arguments((), {})
_WORDS = {"False": False, "None": None, "True": True, "false": False, "none": None, "true": True}
_HOLDING = frozenset({"dict", "namespace"})
"""Jinja2's functions that give an object with what they are given."""


def _holding(expression: Expression, arguments: Sequence[Value]) -> Value:
    names = _keywords(expression.text, len(arguments))
    items = {name: value for name, value in zip(names, arguments, strict=True) if name}
    return Value(type="builtins.dict", items=items, rest=UNKNOWN)


def _keywords(text: str, count: int) -> list[str]:
    """The names under which a call's arguments are given, empty for those that go by their position."""
    names = [""] * count
    depth, index, quoted = 0, 0, ""
    for position, character in enumerate(text):
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "\"'":
            quoted = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 1:
            index += 1
        elif character == "=" and depth == 1 and index < count and not names[index]:
            word = text[:position].rstrip().rpartition(",")[2].rpartition("(")[2].strip()
            names[index] = word if word.isidentifier() and text[position + 1 : position + 2] != "=" else ""
    return names
