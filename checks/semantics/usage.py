"""What a function does with one of its parameters: reads it, changes it, gives it away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Flag, auto

from checks.semantics.names import parent
from checks.semantics.nodes import descendants


class Use(Flag):
    """What happens to an object; several may be true of one parameter.

    `PASSED_ON` is given to other code, which may change it; `ESCAPES` outlives the call, as a result or in an
    attribute. `CACHE` is a change too, of a kind that is meant: a key that is looked up is given its value.
    """

    UNUSED = 0
    READ = auto()
    CHANGED = auto()
    PASSED_ON = auto()
    ESCAPES = auto()
    CACHE = auto()


_CHANGES = re.compile(
    r"add|append(left)?|clear|(symmetric_)?difference_update|discard|extend(left)?|insert|intersection_update"
    r"|move_to_end|pop|popitem|popleft|remove|reverse|rotate|setdefault|sort|subtract|update"
)
_READERS = re.compile(
    r"all|any|bool|bytes|copy|deepcopy|dict|dumps|enumerate|filter|frozenset|isinstance|iter|join|len|list|map|max|min"
    r"|next|repr|reversed|set|sorted|str|sum|tuple|type|zip"
)


def uses_of(name: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Use:
    """What a function does with a parameter, closures included, up to the statement that binds the name anew."""
    found = Use.UNUSED
    stored: set[str] = set()
    looked_up: set[str] = set()
    for node in _loads(name, function):
        use = _use(node)
        above = parent(node)
        if (
            isinstance(above, ast.Subscript)
            and above.value is node
            and not isinstance(above.slice, ast.Constant)
        ):
            (looked_up if isinstance(above.ctx, ast.Load) else stored).add(ast.dump(above.slice))
        elif isinstance(above, ast.Compare) and above.left is not node:
            looked_up.add(ast.dump(above.left))
        elif key := _key_asked_for(above):
            looked_up.add(key)
        elif use is Use.CHANGED:
            stored.add("")
        found |= use
    if found & Use.CHANGED and stored <= looked_up and not found & (Use.ESCAPES | Use.PASSED_ON):
        return found & ~Use.CHANGED | Use.CACHE
    return found


def is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has no body to speak of: a docstring, `pass`, `...`, or only an error that it raises."""
    return all(
        isinstance(statement, (ast.Pass, ast.Raise))
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in function.body
    )


def _loads(name: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Name]:
    """The places where a name is used while it still is what was given."""
    for statement in function.body:
        for node in descendants(statement):
            if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Store):
                yield node
            elif (
                isinstance(node, ast.AugAssign)
                and isinstance(node.target, ast.Name)
                and node.target.id == name
            ):
                yield node.target
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in statement.targets
        ):
            return


def _use(node: ast.expr) -> Use:
    """What happens to an object where its name stands, found by looking at what the name is part of."""
    below: ast.AST = node
    above = parent(node)
    while isinstance(above, (ast.BoolOp, ast.IfExp, ast.NamedExpr, ast.Await)):
        if isinstance(above, ast.IfExp) and below is above.test:
            return Use.READ
        below = above
        above = parent(below)
    match above:
        case ast.Attribute():
            call = parent(above)
            changes = isinstance(call, ast.Call) and call.func is above and _CHANGES.fullmatch(above.attr)
            return Use.CHANGED if changes else Use.READ
        case ast.Subscript() if above.value is below:
            return Use.READ if isinstance(above.ctx, ast.Load) else Use.CHANGED
        case ast.AugAssign() if above.target is below:
            return Use.CHANGED
        case ast.Return() | ast.Yield():
            return Use.ESCAPES
    return _given_away(above, below)


def _given_away(above: ast.AST | None, below: ast.AST) -> Use:
    """Whether other code gets hold of an object: as an argument, as part of another object, under another name."""
    match above:
        case ast.Call():
            return Use.READ if _READERS.fullmatch(_called(above)) else Use.PASSED_ON
        case ast.keyword(arg=str()) | ast.List() | ast.Tuple() | ast.Set():
            return Use.PASSED_ON
        case ast.Dict():
            unpacked = any(
                key is None and value is below for key, value in zip(above.keys, above.values, strict=True)
            )
            return Use.READ if unpacked else Use.PASSED_ON
        case ast.Assign():
            return _assigned(above, below)
        case ast.AnnAssign():
            return Use.ESCAPES if isinstance(above.target, ast.Attribute) else Use.PASSED_ON
    return Use.READ


def _assigned(statement: ast.Assign, value: ast.AST) -> Use:
    if any(isinstance(target, (ast.Attribute, ast.Subscript)) for target in statement.targets):
        return Use.ESCAPES
    named = isinstance(value, ast.Name) and any(
        isinstance(target, ast.Name) and target.id != value.id for target in statement.targets
    )
    return Use.PASSED_ON if named else Use.READ


def _key_asked_for(attribute: ast.AST | None) -> str:
    """The key of `cache.get(key)` or `cache.setdefault(key, ...)` that is not a constant; empty for anything else."""
    if not isinstance(attribute, ast.Attribute):
        return ""
    call = parent(attribute)
    if not isinstance(call, ast.Call) or call.func is not attribute or not call.args:
        return ""
    asks = attribute.attr in ("get", "setdefault") and not isinstance(call.args[0], ast.Constant)
    return ast.dump(call.args[0]) if asks else ""


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
