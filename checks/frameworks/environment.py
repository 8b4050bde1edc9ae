"""Reads of environment variables, by the standard library and by the packages that settings use for it.

What matters to rules is the value that holds where a variable is not set: a deployment that forgets one runs with it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from checks.semantics.constants import Constant
from checks.semantics.definitions import origin
from checks.semantics.nodes import descendants
from checks.semantics.source import File

_TRUE = frozenset({"1", "on", "ok", "t", "true", "y", "yes"})
_TO_BOOL = frozenset(
    {"bool", "strtobool", "str2bool", "str_to_bool", "string_to_bool", "to_bool", "parse_bool", "as_bool"}
)
_TO_LIST = frozenset({"list", "tuple", "Csv", "csv"})
# The position of the default, where it may be given by position, and the packages' classes whose instances are called.
_OS = {"os.environ.get": 1, "os.getenv": 1, "os.environ.pop": 1, "os.environ.setdefault": 1}
_DECOUPLE = ("decouple.config", "decouple.Config", "decouple.AutoConfig", "prettyconf.config")
_ENVIRON = "environ.Env"
_ENVIRONS = "environs.Env"
READERS = frozenset({*_DECOUPLE, _ENVIRON, _ENVIRONS})
"""What is called with a variable's name, and fails where it is not set."""
_DEPTH = 12
_STEPS = 300


@dataclass(frozen=True, slots=True)
class Read:
    """A read of a variable: its `name` where that is certain; `default` the expression used where it is not set.

    `required` says that the read fails without the variable. `cast` names the type that the package makes of the text.
    """

    node: ast.expr
    name: str | None
    default: ast.expr | None
    required: bool
    cast: str = ""


class _Budget:
    """How deep an answer may still go, and how many expressions it may look at: names may be made of two names each."""

    def __init__(self, depth: int = _DEPTH, spent: list[int] | None = None) -> None:
        self._depth = depth
        self._spent = [0] if spent is None else spent

    def below(self) -> _Budget:
        """What is left one level deeper."""
        return _Budget(self._depth - 1, self._spent)

    def allows_one_more(self) -> bool:
        """Count an expression."""
        self._spent[0] += 1
        return self._depth > 0 and self._spent[0] <= _STEPS


def environment_read(node: ast.AST, file: File) -> Read | None:
    """The read that an expression is, `None` for any other expression."""
    if isinstance(node, ast.Subscript):
        if file.resolve(node.value) == "os.environ":
            return Read(node, _text(node.slice, file), None, required=True)
        return None
    if not isinstance(node, ast.Call) or not node.args:
        return None
    called = _resolve(node.func, file)
    if called is None:
        return None
    name = _text(node.args[0], file)
    if called in _OS:
        return Read(node, name, _given(node, _OS[called], "default"), required=False)
    if called in _DECOUPLE:
        default = _given(node, 1, "default")
        return Read(node, name, default, default is None, _last(_given(node, 2, "cast"), file))
    package, method = _instance(called)
    if package == _ENVIRON:
        return _environ_read(node, name, method, file)
    if package == _ENVIRONS:
        default = _given(node, 1, "default")
        return Read(node, name, default, default is None, method)
    return None


def reads_environment(node: ast.AST, file: File) -> bool:
    """Whether a read stands anywhere in an expression."""
    return any(environment_read(inner, file) is not None for inner in descendants(node))


def unset_value(node: ast.AST | None, file: File) -> Constant | None:
    """What an expression gives where no variable is set, `None` where that is not certain or an error."""
    return None if node is None else _unset(node, file, _Budget())


def _unset(node: ast.AST, file: File, budget: _Budget) -> Constant | None:
    if not budget.allows_one_more():
        return None
    read = environment_read(node, file)
    if read is not None:
        return _unset_read(read, file, budget)
    match node:
        case ast.Name():
            bound = file.names.value(node)
            return _unset(bound, file, budget.below()) if bound is not node else None
        case ast.BoolOp():
            return _either(node, file, budget)
        case ast.UnaryOp(op=ast.Not()):
            inner = _unset(node.operand, file, budget.below())
            return Constant(not inner.value) if inner else None
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(_unset(left, file, budget.below()), op, _unset(right, file, budget.below()))
        case ast.IfExp():
            test = _unset(node.test, file, budget.below())
            return (
                None
                if test is None
                else _unset(node.body if test.value else node.orelse, file, budget.below())
            )
        case ast.Call():
            return _called(node, file, budget)
    return file.constant(node)


def _unset_read(read: Read, file: File, budget: _Budget) -> Constant | None:
    if read.required:
        return None
    if read.default is None:
        return Constant(None)
    value = _unset(read.default, file, budget.below())
    return None if value is None else _cast(value, read.cast)


def _cast(value: Constant, cast: str) -> Constant:
    if isinstance(value.value, str) and cast in _TO_BOOL:
        return Constant(value.value.strip().lower() in _TRUE)
    if isinstance(value.value, str) and cast in _TO_LIST:
        return Constant([item.strip() for item in value.value.split(",") if item.strip()])
    return value


def _either(node: ast.BoolOp, file: File, budget: _Budget) -> Constant | None:
    value: Constant | None = None
    for operand in node.values:
        value = _unset(operand, file, budget.below())
        if value is None or bool(value.value) is isinstance(node.op, ast.Or):
            return value
    return value


def _compared(left: Constant | None, op: ast.cmpop, right: Constant | None) -> Constant | None:
    if left is None or right is None:
        return None
    if isinstance(op, (ast.Eq, ast.Is)):
        return Constant(left.value == right.value)
    if isinstance(op, (ast.NotEq, ast.IsNot)):
        return Constant(left.value != right.value)
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right.value, (list, tuple, str)):
        if isinstance(right.value, str) and not isinstance(left.value, str):
            return None
        return Constant((left.value in right.value) is isinstance(op, ast.In))
    return None


def _called(node: ast.Call, file: File, budget: _Budget) -> Constant | None:
    """The plain conversions that settings apply to a variable's text."""
    if isinstance(node.func, ast.Attribute) and not node.keywords:
        receiver = _unset(node.func.value, file, budget.below())
        if receiver is not None and isinstance(receiver.value, str):
            return _text_method(
                receiver.value, node.func.attr, [_unset(item, file, budget.below()) for item in node.args]
            )
    if len(node.args) != 1:
        return None
    value = _unset(node.args[0], file, budget.below())
    called = _last(node.func, file)
    if value is None or not called:
        return None
    if file.resolve(node.func) == "builtins.bool":
        return Constant(bool(value.value))
    if (
        called == "int"
        and isinstance(value.value, (str, int))
        and str(value.value).strip().lstrip("-").isdecimal()
    ):
        return Constant(int(str(value.value)[:20]))
    if called == "str" and isinstance(value.value, (str, int, bool)):
        return Constant(str(value.value))
    return _cast(value, called) if called in _TO_BOOL and isinstance(value.value, str) else None


def _text_method(text: str, method: str, arguments: list[Constant | None]) -> Constant | None:
    if not arguments and method in ("lower", "upper", "title", "capitalize", "strip", "casefold"):
        return Constant(getattr(text, method)())
    if method == "split" and len(arguments) <= 1:
        separator = arguments[0].value if arguments and arguments[0] else None
        if separator is None and not arguments:
            return Constant(text.split())
        return Constant(text.split(separator)) if isinstance(separator, str) and separator else None
    return None


def _environ_read(node: ast.Call, name: str | None, method: str, file: File) -> Read:
    """A read by django-environ: `env("NAME", cast, default)`, `env.bool("NAME", default)`, defaults in `Env()`."""
    position, cast = (2, _last(_given(node, 1, "cast"), file)) if not method else (1, method)
    default = _given(node, position, "default")
    receiver = node.func.value if isinstance(node.func, ast.Attribute) and method else node.func
    scheme = file.names.value(receiver)
    if default is None and isinstance(scheme, ast.Call) and name is not None:
        declared = next((item.value for item in scheme.keywords if item.arg == name), None)
        if isinstance(declared, ast.Tuple) and len(declared.elts) == 2:
            default, cast = declared.elts[1], cast or _last(declared.elts[0], file)
    return Read(node, name, default, default is None, cast)


def _resolve(function: ast.expr, file: File) -> str | None:
    """The dotted name of what is called; an `env` that another settings module made is followed there."""
    called = file.resolve(function)
    return called if called is None or _is_reader(called) else origin(called, file)


def _is_reader(called: str) -> bool:
    return called in _OS or called in _DECOUPLE or _instance(called)[0] in (_ENVIRON, _ENVIRONS)


def _instance(called: str) -> tuple[str, str]:
    """The package's class and the method called on its instance, empty where the instance itself is called."""
    for name in (_ENVIRON, _ENVIRONS):
        if called == name or called.startswith(f"{name}."):
            return name, called.removeprefix(name).removeprefix(".")
    return "", ""


def _given(node: ast.Call, position: int, keyword: str) -> ast.expr | None:
    named = next((item.value for item in node.keywords if item.arg == keyword), None)
    if named is not None or any(isinstance(item, ast.Starred) for item in node.args):
        return named
    return node.args[position] if position < len(node.args) else None


def _last(node: ast.expr | None, file: File) -> str:
    """The last part of a function's name: `distutils.util.strtobool` is `strtobool`; of `Csv()`, `Csv`."""
    if node is None:
        return ""
    dotted = file.resolve(node)
    if dotted is not None:
        return dotted.rpartition(".")[2]
    return node.attr if isinstance(node, ast.Attribute) else ""


def _text(node: ast.AST, file: File) -> str | None:
    folded = file.constant(node)
    return folded.value if folded is not None and isinstance(folded.value, str) else None
