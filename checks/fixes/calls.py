"""Calls rewritten with libcst: the call's own text is parsed, not the file, so that a fix costs what it touches."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from checks.fixes.edit import replace
from checks.model import Edit
from checks.semantics.source import File

if TYPE_CHECKING:
    import libcst as cst


def with_keyword(file: File, call: ast.Call, keyword: str, value: str) -> Edit | None:
    """The call with a keyword argument set to a source text: replaced where it is given, else put last."""
    return with_keywords(file, call, {keyword: value})


def without_keyword(file: File, call: ast.Call, keyword: str) -> Edit | None:
    """The call without a keyword argument, `None` when it is not given."""
    return with_keywords(file, call, {keyword: None})


def with_keywords(file: File, call: ast.Call, values: Mapping[str, str | None]) -> Edit | None:
    """The call with keyword arguments set to source texts; those of `None` are taken out."""

    def change(node: cst.Call) -> cst.Call:
        for keyword, value in values.items():
            node = _without(node, keyword) if value is None else _with(node, keyword, value)
        return node

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


def _with(node: cst.Call, keyword: str, value: str) -> cst.Call:
    import libcst as cst

    source = cst.parse_expression(value)
    given = list(node.args)
    for index, argument in enumerate(given):
        if argument.keyword is not None and argument.keyword.value == keyword:
            given[index] = argument.with_changes(value=source)
            return node.with_changes(args=given)
    if len(given) == 1 and isinstance(given[0].value, cst.GeneratorExp) and not given[0].value.lpar:
        # A generator without parentheses of its own must be the only argument.
        bare = given[0].value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        node = node.with_changes(args=[given[0].with_changes(value=bare)])
    return node.with_changes(args=_appended(node, _keyword(keyword, source)))


def _without(node: cst.Call, keyword: str) -> cst.Call:
    import libcst as cst

    kept = [item for item in node.args if item.keyword is None or item.keyword.value != keyword]
    if not kept:
        return node.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
    last = node.args[-1]
    if kept[-1] is not last:
        kept[-1] = kept[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return node.with_changes(args=kept)


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
        return [*others, *_behind_comma(separated, new, last.comma)]
    unspaced = separated.with_changes(whitespace_after_arg=cst.SimpleWhitespace(""))
    return [*others, unspaced, new.with_changes(whitespace_after_arg=last.whitespace_after_arg)]


def _behind_comma(last: cst.Arg, new: cst.Arg, comma: cst.Comma) -> tuple[cst.Arg, cst.Arg]:
    """The last argument and the new one behind it; a comment that stood behind the last one's comma stays there."""
    import libcst as cst

    after = comma.whitespace_after
    before = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else None
    if not isinstance(after, cst.ParenthesizedWhitespace) or after.first_line.comment is None:
        return last, new.with_changes(comma=comma)
    if not isinstance(before, cst.ParenthesizedWhitespace):
        before = after
    bare = after.with_changes(first_line=cst.TrailingWhitespace(newline=cst.Newline()), empty_lines=[])
    return (
        last.with_changes(comma=cst.Comma(whitespace_after=before.with_changes(first_line=after.first_line))),
        new.with_changes(comma=comma.with_changes(whitespace_after=bare)),
    )
