"""A setting of either framework in one shape: a name, its value, where it is given."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting given a value: `node` is the smallest node to point at, `framework` django or flask.

    `conditional` says that it is set within an `if`, so only under some circumstances.
    """

    name: str
    value: ast.expr
    node: ast.AST
    framework: str
    conditional: bool = False


def is_main_guard(node: ast.AST) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and any(
            isinstance(side, ast.Name) and side.id == "__name__"
            for side in (node.test.left, *node.test.comparators)
        )
    )
