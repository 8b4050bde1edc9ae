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
        given = list(node.args)
        for index, argument in enumerate(given):
            if argument.keyword is not None and argument.keyword.value == keyword:
                given[index] = argument.with_changes(value=source)
                return node.with_changes(args=given)
        return node.with_changes(args=_appended(node, _keyword(keyword, source)))

    return rewrite(file, call, change)


def without_keyword(file: File, call: ast.Call, keyword: str) -> Edit | None:
    """The call without a keyword argument, `None` when it is not given."""

    def change(node: cst.Call) -> cst.Call:
        import libcst as cst

        kept = [item for item in node.args if item.keyword is None or item.keyword.value != keyword]
        if not kept:
            return node.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
        last = node.args[-1]
        if kept[-1] is not last:
            kept[-1] = kept[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
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


def _appended(call: cst.Call, new: cst.Arg) -> list[cst.Arg]:
    """The arguments with one more, set as the others are: on a line of its own where each has one."""
    import libcst as cst

    if not call.args:
        return [new]
    *others, last = call.args
    before = others[-1].comma if others else None
    gap = before.whitespace_after if isinstance(before, cst.Comma) else call.whitespace_before_args
    if isinstance(gap, cst.ParenthesizedWhitespace):
        # A comment between two arguments belongs to them, not to the new one.
        gap = gap.with_changes(first_line=cst.TrailingWhitespace(newline=cst.Newline()), empty_lines=[])
    elif not others or (isinstance(gap, cst.SimpleWhitespace) and not gap.value):
        gap = cst.SimpleWhitespace(" ")
    separated = last.with_changes(comma=cst.Comma(whitespace_after=gap))
    if isinstance(last.comma, cst.Comma):
        return [*others, separated, new.with_changes(comma=last.comma)]
    unspaced = separated.with_changes(whitespace_after_arg=cst.SimpleWhitespace(""))
    return [*others, unspaced, new.with_changes(whitespace_after_arg=last.whitespace_after_arg)]
