"""Checks that nobody can read: what they let through may be harmless."""

from __future__ import annotations

import ast

from checks.semantics.values import Implication, Value

DOUBT = frozenset({"?"})
"""Stands among what a source is cleaned of: some check let it through, and nobody knows what it asked."""

_TESTS = (ast.If, ast.IfExp, ast.BoolOp, ast.UnaryOp, ast.While, ast.Assert, ast.Return, ast.comprehension)
_WRITTEN = (ast.Attribute, ast.Subscript, ast.Call)


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
