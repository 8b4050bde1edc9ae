"""Strings: plain, formatted and templated ones, and rows of them that count as one."""

import ast
import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from checks.engine import newer_nodes
from checks.engine.lower.context import Handlers, Lowering, NotPython
from checks.engine.lower.positions import Span

String = cst.SimpleString | cst.FormattedString | cst.TemplatedString
Text = cst.FormattedStringText | cst.TemplatedStringText
Field = cst.FormattedStringExpression | cst.TemplatedStringExpression

_NEWLINE = re.compile(r"\r\n?")
_PREFIX = re.compile(r"""([A-Za-z]*)('''|\"""|'|")""")
_BRACES = re.compile(r"(\\N\{[^{}]*\})|\{\{|\}\}")
_ESCAPE = re.compile(r"\\[\x00-\x7f]|\\|[^\x00-\x7f]")
_STRING_OR_COMMENT = re.compile(
    r"""('''.*?'''|\"""(?s:.*?)\"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\#[^\n]*""", re.DOTALL
)


@dataclass(slots=True)
class _Part:
    """One value of a string with the place that it has: a text, or the node of a replacement field."""

    value: str | ast.expr
    span: Span
    kind: str | None = None


def string(low: Lowering, node: cst.BaseString) -> ast.expr:
    """What a row of string literals is: one constant, one f-string or one t-string."""
    literals = _row(node)
    plain = [literal for literal in literals if isinstance(literal, cst.SimpleString)]
    templates = [literal for literal in literals if isinstance(literal, cst.TemplatedString)]
    binary = [literal for literal in plain if "b" in _prefix(literal.value)]
    if templates and len(templates) < len(literals):
        raise NotPython("cannot mix t-string literals with string or bytes literals", node)
    if binary and len(binary) < len(literals):
        raise NotPython("cannot mix bytes and nonbytes literals", node)
    span = low.span(node)
    if binary:
        return low.at(ast.Constant(b"".join(_bytes(literal) for literal in plain)), span)
    parts = [part for literal in literals for part in _parts(low, literal)]
    if len(plain) == len(literals):
        text = "".join(part.value for part in parts if isinstance(part.value, str))
        return low.at(ast.Constant(text, kind=parts[0].kind), span)
    values = _merge(low, parts)
    return low.at(newer_nodes.TemplateStr(values) if templates else ast.JoinedStr(values), span)


def _row(node: cst.BaseString) -> list[String]:
    row: list[String] = []
    while isinstance(node, cst.ConcatenatedString):
        row.append(node.left)
        node = node.right
    assert isinstance(node, String)
    return [*row, node]


def _merge(low: Lowering, parts: Sequence[_Part]) -> list[ast.expr]:
    """Texts side by side as one constant, as CPython merges them; empty ones are no part of the string."""
    values: list[ast.expr] = []
    texts: list[_Part] = []

    def flush() -> None:
        text = "".join(part.value for part in texts if isinstance(part.value, str))
        if text:
            span = texts[0].span[0], texts[-1].span[1]
            values.append(low.at(ast.Constant(text, kind=texts[0].kind), span))
        texts.clear()

    for part in parts:
        if isinstance(part.value, str):
            texts.append(part)
        else:
            flush()
            values.append(part.value)
    flush()
    return values


def _parts(low: Lowering, node: String) -> list[_Part]:
    if isinstance(node, cst.SimpleString):
        return [_Part(_plain(node), low.span(node), "u" if node.value[0] == "u" else None)]
    raw = "r" in _prefix(node.start)
    return [part for item in node.parts for part in _content(low, item, raw)]


def _content(low: Lowering, node: cst.CSTNode, raw: bool) -> list[_Part]:
    if isinstance(node, Text):
        return [_text(low, node, raw)]
    assert isinstance(node, Field)
    return _field(low, node, raw)


def _text(low: Lowering, node: Text, raw: bool) -> _Part:
    value = _BRACES.sub(lambda match: match[1] or match[0][0], node.value)
    value = _NEWLINE.sub("\n", value)
    return _Part(value if raw else _unescape(value, node), low.outer(node))


def _field(low: Lowering, node: Field, raw: bool) -> list[_Part]:
    """A replacement field, after its own text where it ends in `=`."""
    start, end = low.outer(node)
    stop = low.outer(node.whitespace_after_expression)[1]  # before `!`, `:` or `}`
    source = _source(low.text[start + 1 : stop])
    conversion = ord(node.conversion) if node.conversion else -1
    if node.equal is not None and not node.conversion and node.format_spec is None:
        conversion = ord("r")
    spec = None
    if node.format_spec is not None:
        spec = _format_spec(low, node.format_spec, end, raw)
    value = low.expr(node.expression)
    field: ast.expr
    if isinstance(node, cst.FormattedStringExpression):
        field = ast.FormattedValue(value, conversion, spec)
    else:
        field = newer_nodes.Interpolation(value, source.rstrip(" \t\n\r\f\v="), conversion, spec)
    parts = [_Part(low.at(field, (start, end)), (start, end))]
    return [_Part(source, (start + 1, stop)), *parts] if node.equal is not None else parts


def _format_spec(low: Lowering, nodes: Sequence[cst.CSTNode], field_end: int, raw: bool) -> ast.JoinedStr:
    """What stands between colon and brace, with its colon."""
    parts = [part for node in nodes for part in _content(low, node, raw)]
    end = field_end - 1
    start = low.outer(nodes[0])[0] if nodes else end
    return low.at(ast.JoinedStr(_merge(low, parts)), (start - 1, end))


def _source(text: str) -> str:
    """The text of a replacement field without its comments."""
    text = _NEWLINE.sub("\n", text)
    return _STRING_OR_COMMENT.sub(lambda match: match[1] or "", text) if "#" in text else text


def _prefix(literal: str) -> str:
    match = _PREFIX.match(literal)
    assert match is not None
    return match[1].lower()


def _plain(node: cst.SimpleString) -> str:
    match = _PREFIX.match(node.value)
    assert match is not None
    text = _NEWLINE.sub("\n", node.value[match.end() : -len(match[2])])
    return text if "r" in match[1].lower() else _unescape(text, node)


def _bytes(node: cst.SimpleString) -> bytes:
    try:
        value = ast.literal_eval(_NEWLINE.sub("\n", node.value))
    except (SyntaxError, ValueError) as error:
        raise NotPython(getattr(error, "msg", str(error)), node) from None
    assert isinstance(value, bytes)
    return value


def _unescape(text: str, node: cst.CSTNode) -> str:
    """The string that `text` spells; an unknown escape stands for itself."""
    if "\\" not in text:
        return text
    try:
        return codecs.decode(_ESCAPE.sub(_ascii, text).encode("ascii"), "unicode_escape")
    except UnicodeDecodeError as error:
        raise NotPython(f"(unicode error) {error.reason}", node) from None


def _ascii(match: re.Match[str]) -> str:
    """A character as the codec takes it, which reads Latin-1: wide ones spelled out, a lone backslash doubled."""
    token = match[0]
    if token == "\\":
        return "\\\\"
    return token if token.isascii() else f"\\U{ord(token):08x}"


HANDLERS: Handlers = {
    cst.SimpleString: string,
    cst.ConcatenatedString: string,
    cst.FormattedString: string,
    cst.TemplatedString: string,
}
