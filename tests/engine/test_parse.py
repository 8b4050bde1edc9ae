"""Bytes become a module or a plain problem, whatever they are."""

import ast
import gc
import json
import random
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from checks.engine import parse as parsing
from checks.engine.parse import MAX_BYTES, MAX_DEPTH, Module, collector_off, parse
from checks.model import Problem


def module(source: bytes | str) -> Module:
    result = parse("a.py", source.encode() if isinstance(source, str) else source)
    assert isinstance(result, Module), result
    return result


def problem(source: bytes | str) -> Problem:
    result = parse("a.py", source.encode() if isinstance(source, str) else source)
    assert isinstance(result, Problem), "it was parsed"
    assert result.path == "a.py"
    assert result.message
    assert "\n" not in result.message
    return result


def test_an_ordinary_file_is_read_by_the_standard_parser() -> None:
    result = module("x = 1\n")
    assert (result.path, result.text, result.lowered) == ("a.py", "x = 1\n", False)
    assert ast.dump(result.tree) == ast.dump(ast.parse("x = 1"))


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads type aliases itself")
def test_syntax_of_a_newer_python_is_read() -> None:
    result = module("type T = int\n")
    assert result.lowered
    assert type(result.tree.body[0]).__name__ == "TypeAlias"


@pytest.mark.parametrize("source", ["", "\n", "# only a comment", "\ufeff", "\f", "   \n\t\n"])
def test_a_file_without_code_is_an_empty_module(source: str) -> None:
    assert module(source).tree.body == []


def test_libcst_is_not_imported_for_what_the_standard_parser_reads() -> None:
    code = "import sys; from checks.engine.parse import parse; parse('a.py', b'x = 1'); print('libcst' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip()
        == b"False"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("s = 'é'\n".encode(), "s = 'é'\n"),
        (b"\xef\xbb\xbfs = 1\n", "s = 1\n"),
        ("# coding: latin-1\ns = 'é'\n".encode("latin-1"), "# coding: latin-1\ns = 'é'\n"),
        ("#!/bin/python\n# vim: set fileencoding=cp1252 :\ns = '€'\n".encode("cp1252"), None),
        ("# coding: utf-8\ns = '中'\n".encode(), None),
        ("# -*- coding: gbk -*-\ns = '中'\n".encode("gbk"), None),
        (b"a = 1\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
        (b"a = 1\rb = 2\r", "a = 1\rb = 2\r"),
    ],
)
def test_text_is_decoded_as_the_file_declares_with_its_own_newlines(source: bytes, text: str | None) -> None:
    result = module(source)
    assert text is None or result.text == text
    assert result.text.count("\n") + result.text.count("\r") == source.count(b"\n") + source.count(b"\r")
    assert ast.dump(result.tree) == ast.dump(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"x = 1\0\n", None),
        (b"a = 1\nb = '\xff'\n", 2),
        (b"# coding: no-such-encoding\n", 1),
        (b"\xef\xbb\xbf# coding: latin-1\n", 1),
        (b"# coding: rot13\nk = 1\n", 1),
        (b"# coding: punycode\nk = 1\n", 1),
        (b"# coding: unicode_escape\nk = 1\n", 1),
        (b"# coding: utf-7\nk = '+2AA-'\n", None),
        (b"# coding: utf-7\nk = '+AAA-'\n", None),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None),
        ("x = 1\n".encode("utf-16"), None),
    ],
)
def test_bytes_that_are_no_text_are_a_problem(source: bytes, line: int | None) -> None:
    found = problem(source)
    assert (found.kind, found.line) == ("encoding", line)


def test_a_file_over_the_limit_is_a_problem_and_one_at_it_is_not() -> None:
    assert module(b"#" * MAX_BYTES).tree.body == []
    assert problem(b"#" * (MAX_BYTES + 1)).kind == "too-large"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\nprint 'a'\n", 2),
        ("def f(:\n    pass\n", 1),
        ("x = 1\n  y = 2\n", 2),
        ("x = '''\n", 1),
        ("a = 1\nx = 0777\n", 2),
        ("x = '\\x'\n", 1),
        ("x = b'é'\n", 1),
        ("x = 'a' b'c'\n", 1),
        ("type T = '\\N{no such name}'\n", 1),
    ],
)
def test_what_both_parsers_refuse_is_a_problem_with_its_line(source: str, line: int) -> None:
    found = problem(source)
    assert (found.kind, found.line) == ("syntax", line)


def test_a_syntax_error_behind_newer_syntax_is_reported_where_it_is() -> None:
    assert problem("type T = int\n\n\ndef f(:\n    pass\n").line == 4


def test_more_digits_than_python_converts_are_a_problem() -> None:
    assert problem("type T = " + "9" * 5000).kind == "syntax"


def test_nesting_at_the_limit_is_read_and_beyond_it_is_a_problem() -> None:
    # Module, Expr and the context of the innermost name are levels too.
    assert module("-" * (MAX_DEPTH - 4) + "a").tree.body
    assert problem("-" * (MAX_DEPTH + 1) + "a").kind == "too-deep"


@pytest.mark.parametrize("joint", [" + ", " +\\\n", " +\n"])
def test_a_long_sum_is_too_deep_on_one_line_and_on_many(joint: str) -> None:
    found = problem("x = 1\ny = (" + joint.join(["a"] * (MAX_DEPTH + 10)) + ")\n")
    assert found.kind == "too-deep"
    assert found.line is not None
    assert found.line >= 2


def test_long_but_flat_code_is_read() -> None:
    names = ", ".join(f"name_{number}" for number in range(5000))
    assert module(f"x = [{names}]\ny = {' '.join(['1,'] * 5000)}\nz = {' < '.join(['a'] * 2000)}\n").tree.body
    assert module("if a:\n    pass\n" + "elif a:\n    pass\n" * (MAX_DEPTH // 2)).tree.body


def test_more_tokens_than_memory_allows_are_a_problem_where_libcst_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from checks.engine.lower import extent

    monkeypatch.setattr(extent, "TOKEN_LIMIT", 100)
    assert module("a, " * 200).tree.body
    assert problem("a, " * 200 + "\nprint 1").kind == "too-large"


def test_no_warning_of_the_parser_is_shown() -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        module("a = '\\d'\nb = 1 is 1\nc = b'\\w'\nd = 0x1for x in y\n")
        problem("type T = '\\d'\nx = f'\\d{a}'\nprint 1\n")
    assert shown == []


def test_hostile_shapes_end_no_process() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.engine.shapes", "60", "490", "5000", "100000"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0, f"ended by {results[-1:]}: {run.stderr[-500:]}"
    assert {kind for _, _, kind in results} == {None, "syntax", "too-deep", "too-large"}


def test_mutilated_files_are_modules_or_problems_and_never_crashes() -> None:
    chance = random.Random(20)
    sources = [path.read_bytes() for path in sorted(Path(parsing.__file__).parent.rglob("*.py"))]
    snippets = [
        b"(",
        b"]",
        b"'",
        b'"""',
        b'f"{',
        b"\\",
        b"\n",
        b"\r",
        b"\xff",
        b"\0",
        b"type X[T] = ",
        b"lambda:",
        b"case ",
    ]
    for _ in range(400):
        data = chance.choice(sources)
        start = chance.randrange(len(data))
        end = start + chance.choice([0, 1, 20, len(data)])
        result = parse("a.py", data[:start] + chance.choice(snippets) + data[end:])
        assert isinstance(result, Module) or result.kind in ("syntax", "encoding", "too-deep"), result


def test_the_collector_is_off_within_and_as_before_after() -> None:
    assert gc.isenabled()
    with collector_off():
        assert not gc.isenabled()
        with collector_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_is_on_again_after_an_error() -> None:
    with pytest.raises(KeyError), collector_off():
        raise KeyError
    assert gc.isenabled()
