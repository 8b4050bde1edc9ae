"""Fixes made over a tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from checks.config import Config, from_mapping
from checks.engine.mend import Mended, mend
from checks.engine.tree import DictTree
from checks.model import Edit, Finding, Fix
from checks.rule import HIGH, File, Rule


def renaming(*, safe: bool = True, to: str = "good") -> Rule:
    """Reports the name `bad`, and replaces the first one of its line."""
    rule = Rule(
        "checks.rules.security.toy_name",
        checklist="security.csrf",
        severity=HIGH,
        message="bad name",
        advice="Rename",
    )

    @rule.on_node(ast.Name)
    def check(node: ast.Name, file: File) -> Iterator[Finding]:
        if node.id == "bad":
            line = file.lines[node.lineno - 1].replace("bad", to, 1)
            edits = (Edit(file.path, node.lineno, node.lineno, f"{line}\n"),)
            yield rule.finding(node, file, fix=Fix("Call it good", safe, edits))

    return rule


def mended(files: Mapping[str, str | bytes], rule: Rule | None = None, *, unsafe: bool = False) -> Mended:
    return mend(DictTree(files), Config(), unsafe=unsafe, rules=[rule or renaming()])


def new_texts(result: Mended) -> dict[str, str]:
    return {path: new for path, (_, new) in result.texts.items()}


def test_fixes_are_made_in_every_file() -> None:
    result = mended({"a.py": "bad()\n", "b.py": "x = bad\n", "c.py": "fine()\n"})
    assert new_texts(result) == {"a.py": "good()\n", "b.py": "x = good\n"}
    assert len(result.fixes) == 2


def test_fixes_of_one_line_are_made_one_after_the_other() -> None:
    result = mended({"a.py": "bad(bad, bad)\n"})
    assert new_texts(result) == {"a.py": "good(good, good)\n"}
    assert len(result.fixes) == 3


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    files = {"a.py": "bad()\n"}
    assert new_texts(mended(files, renaming(safe=False))) == {}
    assert new_texts(mended(files, renaming(safe=False), unsafe=True)) == {"a.py": "good()\n"}


def test_newlines_byte_order_mark_and_a_missing_last_newline_are_kept() -> None:
    result = mended({"a.py": b"\xef\xbb\xbfbad()\r\nx = 1\r\nbad()"})
    assert new_texts(result) == {"a.py": "\ufeffgood()\r\nx = 1\r\ngood()"}


def test_a_fix_that_would_break_the_syntax_is_not_made_and_named() -> None:
    result = mended({"a.py": "bad()\n", "b.py": "fine()\n"}, renaming(to="("))
    assert new_texts(result) == {}
    assert [(problem.path, problem.kind) for problem in result.problems] == [("a.py", "syntax")]
    assert result.fixes == ()


def test_a_file_that_is_not_utf8_is_left_and_named() -> None:
    latin = "# -*- coding: latin-1 -*-\n# caf\xe9\nbad()\n".encode("latin-1")
    result = mended({"a.py": latin, "b.py": "bad()\n"})
    assert new_texts(result) == {"b.py": "good()\n"}
    assert [(problem.path, problem.kind) for problem in result.problems] == [("a.py", "encoding")]


def test_suppressed_findings_are_not_fixed() -> None:
    result = mended({"a.py": "bad()  # rubricate: ignore[security/toy-name] its name is right\n"})
    assert new_texts(result) == {}


def test_a_fix_that_never_settles_ends() -> None:
    result = mended({"a.py": "bad()\n"}, renaming(to="bad"))
    assert len(result.fixes) <= 10


def test_excluded_files_are_left() -> None:
    config = from_mapping({"exclude": ["a.py"]}, [])
    assert mend(DictTree({"a.py": "bad()\n"}), config, rules=[renaming()]).texts == {}
