"""The places of a TOML document's values, which its reader doesn't tell."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.dependencies.places import Lines, TomlPlaces
from checks.model import Span

ROOT = Path(__file__).parents[2]

DOCUMENT = '''\
# [not.a.table]
"top" = 1
[a]
list = [ "x, ]", # "no"
  \'y # "\', ["z"],
]
"dotted.key" = """
[b]
\\""" end"""
c.d . "e" = { f = [1, {g = \'\'\'h
i\'\'\'}], "j" = true }  # end
[[t]]
n = 1
[[t]]
n = 1979-05-27T07:32:00Z
[t.sub]
m = 0.5
[a."b.c"]
k = "é"\r
last=2'''


def leaves(data: Any, key: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value that holds no others, with its key."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, (*key, name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*key, number))
    else:
        yield key, data


def text_at(text: str, span: Span) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def check(text: str) -> int:
    """Every value stands where it is said to; how many there are."""
    places, count = TomlPlaces(text), 0
    for key, value in leaves(tomllib.loads(text)):
        found = text_at(text, places.span(*key))
        assert tomllib.loads(f"x = {found}")["x"] == value, key
        count += 1
    return count


def test_every_value_is_found_where_it_stands() -> None:
    assert check(DOCUMENT) == 13


@pytest.mark.parametrize("path", ["pyproject.toml"])
def test_real_documents(path: str) -> None:
    assert check((ROOT / path).read_text(encoding="utf-8")) > 100


def test_what_is_not_there_is_at_what_is_around_it() -> None:
    places = TomlPlaces("[a]\nb = { c = 1 }\n")
    assert places.span("a", "b", "nothing") == Span(2, 5, 2, 14)
    assert places.span("a", "nothing").line == 1
    assert places.span("nothing") == Span(1, 1, 1, 4)
    assert TomlPlaces("").span("a") == Span(1, 1, 1, 1)


def test_offsets_become_lines_whatever_ends_them() -> None:
    lines = Lines("a\r\nbc\rd\n")
    assert lines.span(3, 5) == Span(2, 1, 2, 3)
    assert lines.span(6, 7) == Span(3, 1, 3, 2)
    assert lines.first == Span(1, 1, 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 200_000,
        'a = "' + '\\"' * 200_000,
        "[" * 200_000,
        "a = " + "[" * 200_000,
        "a = " + "{a=" * 100_000,
        "a." * 100_000 + " = 1",
        "a = '''" + "''x" * 100_000,
        "[a]\n" * 50_000,
        "[[a]]\n" * 50_000,
        "[[a.b]]\n[[a]]\n" * 20_000,
        "= = =\n" * 10_000,
        "a = " + "," * 100_000,
        "a = [" + "1," * 100_000,
        "#" * 300_000,
    ],
    ids=lambda text: repr(text[:10]),
)
def test_hostile_texts_end(text: str) -> None:
    started = time.process_time()
    TomlPlaces(text).span("a", "b")
    assert time.process_time() - started < 4
