"""Places in files: lines and columns in characters, whatever the file is made of."""

from __future__ import annotations

import ast

import pytest

from checks.model import Span
from checks.semantics.source import Call, File, Text
from tests.files import file_of, marked


@pytest.mark.parametrize(
    "text",
    [
        "x = f(a)\n",
        "x = 'é' + f(a)\n",
        "x = '😀😀' + f(a)\n",
        "if x:\n\ty = f('é', b)\n",
        "x = 1\n\x0c\ny = f(a)\n",
        "x = '\x0c' + f(a)\n",
        "x = '\x1c\x85' + f(a)\n",
        "x = '\u2028' + f(a)\n",
        "x = '''a\n😀''' + f(a)\n",
        "x = 'a\\\n😀' + f(a)\n",
        "x = 1\r\ny = f(\r\n    'é',\r\n    b)\r\n",
        "x = 1\ry = f(a)\r",
        "x = 1\r\ny = 2\rz = f(a)\n",
        "x = f(a)",
        "é = f(é, 'ß')\n",
    ],
)
def test_a_segment_is_the_text_of_its_node(text: str) -> None:
    file = file_of(text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    nodes = [node for node in file.nodes if isinstance(node, ast.expr | ast.stmt)]
    assert [file.segment(node) for node in nodes] == [ast.get_source_segment(plain, node) for node in nodes]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("f(mark(a))\n", Span(1, 8, 1, 9)),
        ("x = '😀'; mark(a)\n", Span(1, 15, 1, 16)),
        ("if x:\n\tmark(a)\n", Span(2, 7, 2, 8)),
        ("mark((a,\r\n  'é'))\r\n", Span(1, 6, 2, 7)),
        ("\x0cmark(a)\n", Span(1, 7, 1, 8)),
        ("\ufeffmark(a)\n", Span(1, 6, 1, 7)),
    ],
)
def test_columns_count_characters_from_one(text: str, span: Span) -> None:
    file = file_of(text)
    (node,) = marked(file)
    assert file.span(node) == span


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb\n", ["a", "b", ""]),
        ("a\r\nb\rc", ["a", "b", "c"]),
        ("a\x0cb\x0bc\x1cd\u2028e", ["a\x0cb\x0bc\x1cd\u2028e"]),
        ("", [""]),
    ],
)
def test_lines_are_those_that_python_counts(text: str, lines: list[str]) -> None:
    assert Text("a.txt", text).lines == lines


def test_the_whole_of_a_file_is_its_first_line() -> None:
    assert Text("a.txt", "abc\ndef\n").whole == Span(1, 1, 1, 4)
    assert Text("a.txt", "").whole == Span(1, 1, 1, 1)


def test_the_imported_packages_are_told_wherever_they_are_imported() -> None:
    text = "import os.path\nfrom flask.views import View\nfrom . import a\nfrom .b import c\ndef f():\n    import re\n"
    assert file_of(text).imports == {"os", "flask", "re"}


def call_of(text: str) -> Call:
    file: File = file_of(text)
    node = next(node for node in file.nodes if isinstance(node, ast.Call))
    return Call(node, "f", file)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("f('a', 'b')\n", "b"),
        ("f('a', key='b')\n", "b"),
        ("f(key='b', *c)\n", "b"),
        ("f('a')\n", None),
        ("f(other='b')\n", None),
        ("f('a', *c)\n", None),
        ("f(*c, 'b')\n", None),
        ("f('a', **d)\n", None),
        ("f('a', x)\n", None),
    ],
)
def test_an_argument_is_found_by_position_or_keyword_where_it_can_be_seen(
    text: str, given: str | None
) -> None:
    constant = call_of(text).constant(1, "key")
    assert (constant.value if constant is not None else None) == given


@pytest.mark.parametrize(
    ("text", "unpacks"),
    [("f(*a)\n", True), ("f(b, **a)\n", True), ("f(a, b=c)\n", False), ("f([*a])\n", False)],
)
def test_arguments_that_cannot_be_seen_are_told(text: str, unpacks: bool) -> None:
    assert call_of(text).unpacks is unpacks
