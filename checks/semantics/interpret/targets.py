"""What a value may be when it is called or looked into: functions, classes and modules of the project."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.semantics.nodes import descendants, parent
from checks.semantics.source import File
from checks.semantics.values import Value

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True, eq=False)  # made once for each `Shape`: it is hashed more than all else
class Parameter:
    """The origin of what a caller gives: which function's parameter it is, by position."""

    owner: Definition
    index: int


class Scope:
    """Names that functions defined within may read: a module's, or an enclosing function's as they stand."""

    __slots__ = ("above", "env")

    def __init__(self, env: dict[str, Value], above: Scope | None = None) -> None:
        self.env = env
        self.above = above


class Function:
    """A function of the project: where it stands, what its free names mean, and what its decorators make of it.

    `kind` is function, method, static, class or property. `owner` is the class that a method is defined in.
    """

    __slots__ = ("__weakref__", "defaults", "file", "kind", "name", "node", "owner", "scope")

    def __init__(
        self,
        node: Definition,
        file: File,
        name: str,
        scope: Scope,
        defaults: Mapping[str, Value] | None = None,
        owner: Class | None = None,
        kind: str = "function",
    ) -> None:
        self.node = node
        self.file = file
        self.name = name
        self.scope = scope
        self.defaults = defaults or {}
        self.owner = owner
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Function) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)

    @property
    def is_nested(self) -> bool:
        """Whether it stands in another function, whose names it may read."""
        return self.scope.above is not None


class Class:
    """A class of the project: its body's names, and its bases as values. `providers` says whence its attributes."""

    __slots__ = ("_order", "bases", "env", "file", "name", "node", "providers")

    def __init__(
        self, node: ast.ClassDef, file: File, name: str, bases: tuple[Value, ...], env: dict[str, Value]
    ) -> None:
        self.node = node
        self.file = file
        self.name = name
        self.bases = bases
        self.env = env
        self.providers: dict[object, object] = {}
        self._order: tuple[tuple[Class, ...], tuple[str, ...]] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Class) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)

    def order(self) -> tuple[tuple[Class, ...], tuple[str, ...]]:
        """The project's classes in the order in which attributes are looked up, and the names of libraries' bases.

        Depth first, a class that is met again counts where it is met last: what C3 gives wherever it gives anything
        for the small diamonds of real code.
        """
        if self._order is None:
            self._order = ((self,), ())  # a class that derives from itself ends here
            classes: list[Class] = []
            names: list[str] = []
            self._collect(classes, names, 0)
            unique = list(dict.fromkeys(reversed(classes)))
            self._order = (tuple(reversed(unique)), tuple(dict.fromkeys(names)))
        return self._order

    def lineage(self) -> tuple[Class | str, ...]:
        """The classes of the project and of libraries in the order in which attributes are looked up."""
        found: list[Class | str] = []
        self._line_up(found, 0)
        return tuple(reversed(dict.fromkeys(reversed(found))))

    def _line_up(self, found: list[Class | str], depth: int) -> None:
        if len(found) > _MAX_CLASSES or depth > _MAX_DEPTH:
            return
        found.append(self)
        for base in self.bases:
            owners = [target for target in base.targets if isinstance(target, Class)]
            if owners and owners[0] is not self:
                owners[0]._line_up(found, depth + 1)
            elif base.name:
                found.append(base.name)

    def _collect(self, classes: list[Class], names: list[str], depth: int) -> None:
        if len(classes) > _MAX_CLASSES or depth > _MAX_DEPTH:
            return
        classes.append(self)
        for base in self.bases:
            owners = [target for target in base.targets if isinstance(target, Class)]
            if owners and owners[0] is not self:
                owners[0]._collect(classes, names, depth + 1)
            elif base.name:
                names.append(base.name)


_MAX_CLASSES = 200
_MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project: its names as they stand at its end."""

    file: File
    scope: Scope = field(compare=False)


@dataclass(frozen=True, eq=False, slots=True)
class Bound:
    """A function with its first argument: a method looked up on an instance or a class."""

    function: Function
    receiver: Value


@dataclass(frozen=True, eq=False, slots=True)
class Partial:
    """A callable with some of its arguments."""

    callee: Value
    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]


@dataclass(frozen=True, eq=False, slots=True)
class Super:
    """What `super()` gives in a method of a class, called on an instance."""

    owner: Class
    receiver: Value


class Pending:
    """An imported name that nobody has asked for yet."""

    __slots__ = ("dotted", "file")

    def __init__(self, dotted: str, file: File) -> None:
        self.dotted = dotted
        self.file = file


def parameters_of(node: Definition) -> list[ast.arg]:
    """The parameters in the order in which summaries count them: by position, `*args`, by keyword, `**kwargs`."""
    given = node.args
    found = [*given.posonlyargs, *given.args]
    if given.vararg is not None:
        found.append(given.vararg)
    found += given.kwonlyargs
    if given.kwarg is not None:
        found.append(given.kwarg)
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """What a function's text alone tells: found once, kept on its node.

    `tested` are the parameters that decide which way the function goes, `assigned` the names that it binds, `read`
    those that it reads, `whole` those that it hands on, not only looks into, `texts` the constants by which it can look
    into others, `yields` whether it is a generator, `outer` the names around it that it binds anew.
    """

    parameters: tuple[str, ...]
    origins: tuple[Parameter, ...]
    tested: frozenset[str]
    assigned: frozenset[str]
    read: frozenset[str]
    whole: frozenset[str]
    texts: frozenset[str]
    yields: bool
    outer: tuple[str, ...] = ()


def shape_of(node: Definition) -> Shape:
    """The shape of a function."""
    known: Shape | None = getattr(node, "_shape", None)
    if known is None:
        known = _shape(node)
        node._shape = known  # type: ignore[union-attr]
    return known


def _shape(node: Definition) -> Shape:
    names = tuple(parameter.arg for parameter in parameters_of(node))
    body = node.body if isinstance(node.body, list) else [node.body]
    tested: set[str] = set()
    assigned: set[str] = set()
    read: set[str] = set()
    whole: set[str] = set()
    texts: set[str] = set()
    yields = False
    outer: list[str] = []
    for statement in body:
        for inner in descendants(statement):
            kind = inner.__class__
            if kind is ast.Name:
                (read if isinstance(inner.ctx, ast.Load) else assigned).add(inner.id)  # type: ignore[attr-defined]
                if not isinstance(parent(inner), ast.Attribute | ast.Subscript):
                    whole.add(inner.id)  # type: ignore[attr-defined]
            elif kind is ast.Constant:
                if inner.value.__class__ is str:  # type: ignore[attr-defined]
                    texts.add(inner.value)  # type: ignore[attr-defined]
            elif kind in _TESTS:
                test = getattr(inner, "test", None) or getattr(inner, "subject", None) or inner
                tested.update(part.id for part in descendants(test) if isinstance(part, ast.Name))
            elif kind is ast.Nonlocal or kind is ast.Global:
                outer += inner.names  # type: ignore[attr-defined]
            elif kind is ast.Yield or kind is ast.YieldFrom:
                yields = yields or _is_own(inner, node)
            elif kind is ast.Subscript and isinstance(inner.slice, ast.Name):  # type: ignore[attr-defined]
                tested.add(inner.slice.id)  # type: ignore[attr-defined]
            elif kind is ast.Call and _last(inner.func) in _BY_NAME:  # type: ignore[attr-defined]
                tested.update(part.id for part in inner.args if isinstance(part, ast.Name))  # type: ignore[attr-defined]
    origins = tuple(Parameter(node, index) for index in range(len(names)))
    return Shape(
        names,
        origins,
        frozenset(tested & set(names)),
        frozenset(assigned),
        frozenset(read),
        frozenset(whole),
        frozenset(texts),
        yields,
        tuple(outer),
    )


_BY_NAME = frozenset({"getattr", "get_model"})
"""Functions that give another thing for each name."""


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


_TESTS = frozenset({ast.If, ast.IfExp, ast.While, ast.Assert, ast.Match, ast.BoolOp})


def _is_own(node: ast.AST, function: Definition) -> bool:
    """Whether a node stands in a function and in none inside it."""
    above = getattr(node, "_parent", None)
    while above is not None and above is not function:
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        above = getattr(above, "_parent", None)
    return above is function
