"""Syntax nodes of newer Pythons, under one name each whatever Python runs.

Where the running Python has the class, the name here *is* that class; where it lacks it, it is a class of ours with the
same name, fields and base, so that `ast.walk`, `ast.NodeVisitor` (which goes by class name) and `isinstance` work.
Fields follow https://docs.python.org/3.14/library/ast.html#abstract-grammar.
"""

import ast
import sys
from typing import TYPE_CHECKING, ClassVar

_POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")

if sys.version_info >= (3, 12):
    TypeAlias = ast.TypeAlias
    type_param = ast.type_param
    FunctionDef = ast.FunctionDef
    AsyncFunctionDef = ast.AsyncFunctionDef
    ClassDef = ast.ClassDef
else:

    class TypeAlias(ast.stmt):
        """`type X[T] = value`."""

        _fields: ClassVar[tuple[str, ...]] = ("name", "type_params", "value")
        name: ast.Name
        type_params: "list[type_param]"
        value: ast.expr

        if TYPE_CHECKING:

            def __init__(self, name: ast.Name, type_params: "list[type_param]", value: ast.expr) -> None: ...

    class type_param(ast.AST):  # noqa: N801 - the name that ast gives it
        """The base of the three kinds of type parameter."""

        _attributes: ClassVar[tuple[str, ...]] = _POSITION
        name: str
        lineno: int
        col_offset: int
        end_lineno: int
        end_col_offset: int

    class FunctionDef(ast.FunctionDef):
        """A function with type parameters; one without is a plain `ast.FunctionDef`."""

        _fields: ClassVar[tuple[str, ...]] = (*ast.FunctionDef._fields, "type_params")
        type_params: list[type_param]

    class AsyncFunctionDef(ast.AsyncFunctionDef):
        """A coroutine function with type parameters."""

        _fields: ClassVar[tuple[str, ...]] = (*ast.AsyncFunctionDef._fields, "type_params")
        type_params: list[type_param]

    class ClassDef(ast.ClassDef):
        """A class with type parameters."""

        _fields: ClassVar[tuple[str, ...]] = (*ast.ClassDef._fields, "type_params")
        type_params: list[type_param]


if sys.version_info >= (3, 13):
    TypeVar = ast.TypeVar
    ParamSpec = ast.ParamSpec
    TypeVarTuple = ast.TypeVarTuple
else:
    # Python 3.12 has these three without the default that PEP 696 brought.
    class TypeVar(getattr(ast, "TypeVar", type_param)):  # type: ignore[misc]
        """`T: bound = default` between the brackets of a type parameter list."""

        _fields: ClassVar[tuple[str, ...]] = ("name", "bound", "default_value")
        name: str
        bound: ast.expr | None = None
        default_value: ast.expr | None = None

    class ParamSpec(getattr(ast, "ParamSpec", type_param)):  # type: ignore[misc]
        """`**P = default`."""

        _fields: ClassVar[tuple[str, ...]] = ("name", "default_value")
        name: str
        default_value: ast.expr | None = None

    class TypeVarTuple(getattr(ast, "TypeVarTuple", type_param)):  # type: ignore[misc]
        """`*Ts = default`."""

        _fields: ClassVar[tuple[str, ...]] = ("name", "default_value")
        name: str
        default_value: ast.expr | None = None


if sys.version_info >= (3, 14):
    TemplateStr = ast.TemplateStr
    Interpolation = ast.Interpolation
else:

    class TemplateStr(ast.expr):
        """`t"..."`: its parts are `ast.Constant` and `Interpolation`."""

        _fields: ClassVar[tuple[str, ...]] = ("values",)
        values: list[ast.expr]

        if TYPE_CHECKING:

            def __init__(self, values: list[ast.expr]) -> None: ...

    class Interpolation(ast.expr):
        """A replacement field of a t-string; `str` is the source text of `value`."""

        _fields: ClassVar[tuple[str, ...]] = ("value", "str", "conversion", "format_spec")
        value: ast.expr
        str: str
        conversion: int
        format_spec: ast.expr | None = None

        if TYPE_CHECKING:

            def __init__(self, *fields: object) -> None: ...


_ORIGINALS: dict[type[ast.AST], type[ast.AST]] = {
    FunctionDef: ast.FunctionDef,
    AsyncFunctionDef: ast.AsyncFunctionDef,
    ClassDef: ast.ClassDef,
}


def node_type(node: ast.AST) -> type[ast.AST]:
    """The type under which a table looks `node` up: the class of `ast`, else the class of this module."""
    kind = type(node)
    return _ORIGINALS.get(kind, kind)


def type_params(node: ast.AST) -> list[type_param]:
    """The type parameters of a function, class or type alias; none where the node was read without that field."""
    return getattr(node, "type_params", [])
