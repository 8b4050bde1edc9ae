"""What libcst reads is lowered to the tree that Python itself would build: node for node, place for place."""

import ast
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.engine import newer_nodes
from checks.engine.lower import TooDeep, lower
from tests.engine.trees import Reference, difference, dump, find_python, own

IS_313 = sys.version_info[:2] == (3, 13)


@pytest.fixture(scope="module")
def python313() -> Iterator[Reference]:
    python = find_python("3.13")
    if python is None:
        pytest.skip("Python 3.13 is missing (python3.13 on PATH, or pyenv's): the reference for positions")
    reference = Reference(python)
    yield reference
    reference.close()


def snippets() -> dict[str, str]:
    """The pieces of `data/syntax.txt` by their titles."""
    text = (Path(__file__).parent / "data" / "syntax.txt").read_text(encoding="utf-8")
    pieces = (piece.partition("\n") for piece in text.split("--- ")[1:])
    return {title: source for title, _, source in pieces}


# What an editor might change in a file of data.
LAYOUTS = {
    "an empty file": "",
    "no newline after a comment": "\n\n# only a comment",
    "no newline after a statement": "x = 1",
    "no newline after a block": "if a:\n    if b:\n        x",
    "comments between blocks": "if a:\n    x\n    # comment\n\n# other\n\ny\n",
    "comments in blocks": "def f(): # c\n  pass # d\n  # e\n # odd\n\nclass A:\n\n  # f\n  pass\n",
    "tabs": "if a:\n\tx\n\tif b:\n\t\ty\n\f\nz\n",
    "tabs and blanks": "if a:\n  \tx\n  \ty\nelse:\n \tz\n",
    "form feeds": "\f\nif a:\n    x\n\f    y = 1\n\f\f\n\n\fz\n\fif b:\n\f  c\n  d\n",
    "blanks at ends of lines": "x = 1  \nif a: \t\n    y;  \n    \n",
    "backslashes": "x = 1 + \\\n    2\nif a and \\\n   b: \\\n  pass\n",
    "newlines of Windows": "a = 1\r\nb = '''x\r\ny'''\r\nif c:\r\n    d\\\r\n  + e\r\nf'{g}\\\r\n'\r\n",
    "newlines of old Macs": "a = 1\rb = '''x\ry'''\rif c:\r    d\re\r",
    "newlines of all kinds": "a = 1\r\nb = 2\nc = 3\rd = '''\r\n\n\r'''\n",
    "wide characters": "é = [ü, 'ñ' + ö]  # ß\nf(é=é, ü=1)\nclass É: x: 'é' = é\n'𝒳', x\n",
}

NEWER = {title: source for title, source in snippets().items() if title.startswith("new in")}
SOURCES = {title: source for title, source in snippets().items() if title not in NEWER} | LAYOUTS


def read(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unknown escapes
        return lower(source)


@pytest.mark.parametrize("title", [*SOURCES, *NEWER])
def test_the_tree_is_that_of_python_3_13(title: str, python313: Reference) -> None:
    source = (SOURCES | NEWER)[title]
    expected = python313.dump(source.encode())
    assert expected is not None, "Python 3.13 refuses it"
    assert difference(dump(read(source)), expected) == ""


@pytest.mark.parametrize("title", SOURCES)
def test_the_tree_is_that_of_this_python(title: str) -> None:
    expected = own(SOURCES[title].encode())
    assert expected is not None, "this Python refuses it"
    assert difference(dump(read(SOURCES[title]), inside_strings=IS_313), expected) == ""


def first(source: str) -> ast.stmt:
    return lower(source).body[0]


def test_exceptions_without_parentheses_are_a_tuple_without_parentheses() -> None:
    """PEP 758, which Python 3.14 brought."""
    statement = first("try: pass\nexcept A, B: pass\n")
    assert isinstance(statement, ast.Try)
    kinds = statement.handlers[0].type
    assert isinstance(kinds, ast.Tuple)
    assert [ast.unparse(kind) for kind in kinds.elts] == ["A", "B"]
    assert (kinds.lineno, kinds.col_offset, kinds.end_col_offset) == (2, 7, 11)


@pytest.mark.parametrize("text", ["a{b}c", "{a!r:>{w}}", "{ a = }", "{{{a}}}", "\\n{a['b']:x{c}y}", ""])
def test_a_template_string_is_built_as_a_formatted_one(text: str) -> None:
    """PEP 750: the grammar and the places of both are one."""
    template = dump(lower(f'x = t"{text}"'))
    names = {"TemplateStr": "JoinedStr", "Interpolation": "FormattedValue"}
    renamed = [" ".join(names.get(word, word) for word in line.split(" ")) for line in template]
    assert [line for line in renamed if not line.startswith("str ")] == dump(lower(f'x = f"{text}"'))


@pytest.mark.parametrize(
    ("field", "text"),
    [("{a}", "a"), ("{ a.b + 1 }", " a.b + 1"), ("{ a = }", " a"), ("{a!r:>3}", "a"), ("{a # c\n}", "a")],
)
def test_an_interpolation_keeps_the_source_of_its_expression(field: str, text: str) -> None:
    values = [
        node for node in ast.walk(lower(f'x = t"{field}"')) if isinstance(node, newer_nodes.Interpolation)
    ]
    assert [value.str for value in values] == [text]


def test_template_strings_side_by_side_are_one() -> None:
    (node,) = (node for node in ast.walk(lower("t'a{b}' t'c'")) if isinstance(node, newer_nodes.TemplateStr))
    assert [type(value).__name__ for value in node.values] == ["Constant", "Interpolation", "Constant"]
    assert (node.col_offset, node.end_col_offset) == (0, 12)


@pytest.mark.parametrize("source", ["t'a' 'b'", "'a' t'b'", "f'a' t'b'", "'a' b'b'", "f'{a}' b'b'"])
def test_strings_that_do_not_mix_are_refused(source: str) -> None:
    with pytest.raises(SyntaxError, match="cannot mix"):
        lower(source)


def test_a_comment_in_a_debug_field_is_no_part_of_its_text_but_a_string_is() -> None:
    values = [
        node.value for node in ast.walk(lower("f'''{ '#'  # c\n = }'''")) if isinstance(node, ast.Constant)
    ]
    assert values == [" '#'  \n = ", "#"]


def test_a_debug_field_may_end_in_a_comment() -> None:
    assert ast.unparse(lower("x = f'{a  # c\n}'")) == ast.unparse(ast.parse("x = f'{a}'"))


def test_the_tools_of_ast_walk_nodes_that_this_python_lacks() -> None:
    tree = lower(
        "type A[T: bound] = alias\n@d\nclass C[U = default]: pass\ndef f[*V]():\n  return t'{part:{spec}}'\n"
    )
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert names == {"A", "bound", "alias", "d", "default", "part", "spec"}
    visited: list[str] = []

    class Visitor(ast.NodeVisitor):
        def visit_ClassDef(self, node: ast.ClassDef) -> None:
            visited.append(node.name)

        def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
            visited.append(node.name)

    Visitor().visit(tree)
    assert visited == ["C", "f"]
    assert [type(node).__mro__[1] for node in tree.body if type(node) is newer_nodes.TypeAlias] == [ast.stmt]


def test_a_table_finds_a_node_of_ours_under_the_type_of_ast() -> None:
    generic, plain, alias = lower("def f[T](): pass\ndef g(): pass\ntype A = int\n").body
    assert newer_nodes.node_type(generic) is newer_nodes.node_type(plain) is ast.FunctionDef
    assert newer_nodes.node_type(alias) is newer_nodes.TypeAlias
    assert [parameter.name for parameter in newer_nodes.type_params(generic)] == ["T"]
    assert newer_nodes.type_params(plain) == newer_nodes.type_params(ast.parse("class C: pass").body[0]) == []


@pytest.mark.parametrize(
    "source",
    [
        "[" * 60 + "]" * 60,
        "a" + ".b" * 240,
        "x = (" + " ".join(["'a'"] * 600) + ")",
        "x = {" + "'k': lambda a, b: [c for d, e in f],\n" * 500 + "}",
        "x = [" + "a + b * -c, " * 2000 + "]",
        "f(" + "a.b(c)['d'] if e and f else g, " * 300 + ")",
        "x = '"
        + "(" * 4000
        + "'\n# "
        + "[" * 4000
        + "\n'''"
        + "{" * 4000
        + "'''\nf'{{{{{{{{"
        + "(" * 4000
        + "'",
        "if a:\n pass\n" + "elif b:\n pass\n" * 400 + "if a:\n pass\n" + "elif b:\n pass\n" * 400,
        "match a:\n" + " case [A(b=(1, {2: _}))]: pass\n" * 300,
        "x = f'{a:{b}}' + f\"{c['d']!r:>{e}}\"\n" * 500,
    ],
)
def test_long_code_is_not_taken_for_deep_code(source: str) -> None:
    assert lower(source).body


def test_what_could_overflow_the_stack_is_refused_with_its_line() -> None:
    with pytest.raises(TooDeep) as refusal:
        lower("x = 1\ny = f'''\n{" + "(" * 200 + "}'''")
    assert refusal.value.line == 3


def test_a_panic_of_the_native_parser_is_a_syntax_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """Named as pyo3 names it."""

    def panic(text: str) -> None:
        raise PanicException(text)

    monkeypatch.setattr("libcst.parse_module", panic)
    with pytest.raises(SyntaxError):
        lower("x")


@pytest.mark.parametrize(
    "source", ["match a:\n case " + "(" * 25 + "1" + ",)" * 25 + ": pass\n", "if a: del " + "(" * 25 + "a b"]
)
def test_nesting_that_takes_exponential_time_is_refused(source: str) -> None:
    with pytest.raises(TooDeep):
        lower(source)
