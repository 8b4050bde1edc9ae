"""Checks that nobody can read: what they let through may be harmless."""

from __future__ import annotations

import ast

from checks.semantics.enclosing import kept
from checks.semantics.interpret.targets import Function
from checks.semantics.nodes import descendants
from checks.semantics.values import Implication, Value, all_taints, cleaned

DOUBT = frozenset({"?"})
"""Stands among what a source is cleaned of: some check let it through, and nobody knows what it asked."""

_TESTS = (ast.If, ast.IfExp, ast.BoolOp, ast.UnaryOp, ast.While, ast.Assert, ast.Return, ast.comprehension)
_WRITTEN = (ast.Attribute, ast.Subscript, ast.Call)


def validated(result: Value, returned: Value, function: Function) -> Value:
    """What a function of the project gives that raises for some of what it is given, and gives the rest back."""
    given_back = len(returned.taints) == 1 and returned.taints[0].is_parameter and not returned.taints[0].path
    if not given_back or returned.built or returned.type_name not in _GIVEN_BACK or not all_taints(result):
        return result
    raises = kept(
        function.node,
        "raises",
        lambda: any(isinstance(node, ast.Raise) for node in descendants(function.node)),
    )
    return cleaned(result, DOUBT) if raises else result


_GIVEN_BACK = frozenset({"", "builtins.list", "builtins.tuple", "builtins.dict"})


def guarding(result: Value, node: ast.Call, positional: tuple[Value, ...]) -> Value:
    """What a call gives that may be a check: where it counts as true, its arguments are doubted."""
    if result.true or not isinstance(getattr(node, "_parent", None), _TESTS):
        return result
    found = []
    for given, value in zip(node.args, positional, strict=False):
        if value.taints:
            text = ast.unparse(given) if isinstance(given, _WRITTEN) else ""
            found.append(Implication(value, text, DOUBT))
    return result.but(true=tuple(found)) if found else result
