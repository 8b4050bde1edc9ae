"""A method called on what an expression gives: text that is put behind its source."""

from __future__ import annotations

import ast

from checks.semantics.source import File


def behind(file: File, node: ast.expr, call: str) -> str:
    """The source of an expression with `.call` behind it, in parentheses where it would be read otherwise.

    A chain of several lines may rest on parentheses around it, which its own text does not have.
    """
    text = file.segment(node)
    return f"{text}.{call}" if _is_whole(text) else f"({text}).{call}"


def _is_whole(text: str) -> bool:
    """Whether a text is an expression by itself, to whose end a method can be put."""
    try:
        parsed = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return isinstance(parsed, ast.Attribute | ast.Call | ast.Name | ast.Subscript)
