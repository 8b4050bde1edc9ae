"""Calls rewritten with libcst: the call's own text is parsed, not the file, so that a fix costs what it touches."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from checks.fixes.edit import replace
from checks.model import Edit
from checks.semantics.source import File

if TYPE_CHECKING:
    import libcst as cst


def with_keyword(file: File, call: ast.Call, keyword: str, value: str) -> Edit | None:
    """The call with a keyword argument set to a source text: replaced where it is given, else put last."""

    def change(node: cst.Call) -> cst.Call:
        import libcst as cst

        source = cst.parse_expression(value)
        kept = list(node.args)
        for index, argument in enumerate(kept):
            if argument.keyword is not None and argument.keyword.value == keyword:
                kept[index] = argument.with_changes(value=source)
                return node.with_changes(args=kept)
        return node.with_changes(args=_appended(kept, _keyword(keyword, source)))

    return rewrite(file, call, change)


def without_keyword(file: File, call: ast.Call, keyword: str) -> Edit | None:
    """The call without a keyword argument, `None` when it is not given."""

    def change(node: cst.Call) -> cst.Call:
        import libcst as cst

        kept = [item for item in node.args if item.keyword is None or item.keyword.value != keyword]
        if kept and len(kept) < len(node.args) and node.args[-1] not in kept:
            kept[-1] = kept[-1].with_changes(comma=node.args[-1].comma)
        if not kept:
            return node.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
        return node.with_changes(args=kept)

    return rewrite(file, call, change)


def rewrite(file: File, node: ast.expr, change: Callable[[cst.Call], cst.Call]) -> Edit | None:
    """An edit that puts a changed call in place of a call, `None` when nothing changed or libcst can't read it."""
    import libcst as cst

    try:
        parsed = cst.parse_expression(file.segment(node))
    except cst.ParserSyntaxError:
        return None
    if not isinstance(parsed, cst.Call):
        return None
    changed = change(parsed)
    if changed is parsed or changed.deep_equals(parsed):
        return None
    return replace(file, file.span(node), cst.Module(body=[]).code_for_node(changed))


def _keyword(name: str, value: cst.BaseExpression) -> cst.Arg:
    import libcst as cst

    none = cst.SimpleWhitespace("")
    return cst.Arg(
        keyword=cst.Name(name),
        value=value,
        equal=cst.AssignEqual(whitespace_before=none, whitespace_after=none),
    )


def _appended(arguments: list[cst.Arg], new: cst.Arg) -> list[cst.Arg]:
    """The arguments with one more, set as the last one is: on a line of its own where each has one."""
    import libcst as cst

    if not arguments:
        return [new]
    last = arguments[-1]
    if isinstance(last.comma, cst.Comma):
        between = (
            arguments[-2].comma if len(arguments) > 1 and isinstance(arguments[-2].comma, cst.Comma) else None
        )
        separator = between or cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        if between is None and isinstance(last.comma.whitespace_after, cst.ParenthesizedWhitespace):
            return [*arguments, new]
        return [*arguments[:-1], last.with_changes(comma=separator), new.with_changes(comma=last.comma)]
    separator = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if len(arguments) > 1 and isinstance(arguments[-2].comma, cst.Comma):
        separator = arguments[-2].comma
    new = new.with_changes(whitespace_after_arg=last.whitespace_after_arg)
    return [
        *arguments[:-1],
        last.with_changes(comma=separator, whitespace_after_arg=cst.SimpleWhitespace("")),
        new,
    ]
