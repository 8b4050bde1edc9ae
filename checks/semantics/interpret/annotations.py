"""The classes that annotations name."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class


def annotated_type(frame: Frame, node: ast.expr | None) -> object:
    """The class that an annotation names: `Optional` and `| None` aside, text read as what it says."""
    if node is None:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if len(node.value) > 200:
            return None
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            return None
    if isinstance(node, ast.BinOp):
        left = annotated_type(frame, node.left)
        right = annotated_type(frame, node.right)
        return left if right in (None, "builtins.NoneType") else right if left is None else None
    if isinstance(node, ast.Subscript):
        outer = frame.evaluate(node.value).name or ""
        if outer.rpartition(".")[2] in ("Optional", "Annotated", "Final", "ClassVar"):
            inner = (
                node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
            )
            return annotated_type(frame, inner)
        node = node.value
    if not isinstance(node, ast.Name | ast.Attribute):
        return None
    value = frame.evaluate(node)
    classes: Sequence[object] = [target for target in value.targets if isinstance(target, Class)]
    if classes:
        return classes[0]
    name = value.name
    if name is None or name.startswith("typing") or name == "builtins.object":
        return None
    return name
