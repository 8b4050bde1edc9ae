"""What a match of a regular expression says of a text: never less than it can hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.semantics.characters import characters_of, harmless_for, is_begun

PATTERNS = [
    r"[a-z]+",
    r"\w{3,8}",
    r"[^/]+",
    r"(?:ab|c[de])+x?",
    r"\d+(\.\d+)?",
    r"[A-Z][^\s<>]*",
    r".+",
    r"(?s).+",
    r"(?i)[a-c]+",
    r"(?a)\w+",
    r"[\w.-]+@[\w-]+\.\w+",
    r"\S+ \W",
    r"[^\W\d_]+",
    r"\N{SNOWMAN}?x",
]


def expected(text: str) -> set[str]:
    return {character if ord(character) < 128 else "\N{SNOWMAN}" for character in text}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_match_holds_a_character_that_was_left_out(pattern: str) -> None:
    allowed = characters_of(pattern)

    @settings(max_examples=60, database=None, derandomize=True)
    @given(st.from_regex(pattern, fullmatch=True))
    def holds(text: str) -> None:
        assert expected(text) <= allowed

    holds()


@pytest.mark.parametrize(
    ("pattern", "whole", "held", "left_out"),
    [
        (r"[a-z]+", True, "abz", "A<\n"),
        (r"^[a-z]+$", False, "a\n", "<'"),  # `$` matches before a last line break
        (r"\A[a-z]+\Z", False, "a", "\n<"),
        (r"[a-z]+", False, "<\n'", ""),  # anything may stand around it
        (r"^[a-z]+", False, "<\n", ""),
        (r"(?m)^[a-z]+$", False, "<\n", ""),
        (r"[^<>]+", True, "a\n'\N{SNOWMAN}", "<>"),
        (r".*", True, "<", "\n"),
        (r"\w+", True, "a_9\N{SNOWMAN}", " -<"),
        (r"(?a)\w+", True, "a_9", "\N{SNOWMAN}"),
    ],
)
def test_characters_are_told_apart(pattern: str, whole: bool, held: str, left_out: str) -> None:
    found = characters_of(pattern, whole=whole)
    assert set(held) <= found
    assert not set(left_out) & found


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "a" * 2_000, "(" * 300 + ")" * 300, r"(?P<x>a)(?P<x>b)"])
def test_of_what_is_no_pattern_or_too_large_nothing_is_left_out(pattern: str) -> None:
    assert len(characters_of(pattern)) == 129


@pytest.mark.parametrize(("pattern", "begun"), [("^a", True), (r"\Aa", True), ("a", False), ("(", False)])
def test_a_pattern_that_begins_where_the_text_does_is_known(pattern: str, begun: bool) -> None:
    assert is_begun(pattern) is begun


@pytest.mark.parametrize(
    ("pattern", "harmless", "harmful"),
    [
        (r"[a-z0-9_-]+", {"sql", "html", "shell", "path", "redirect", "header", "ldap"}, {"code"}),
        (r"[\w.]+", {"html", "header"}, {"path"}),  # `..`
        (r"[^\r\n]+", {"header", "log"}, {"html", "sql"}),
        (r"[^<>]*", set(), {"html", "sql", "path"}),
        (r"/[a-z]+", {"ldap", "log"}, {"path", "redirect"}),
    ],
)
def test_harm_is_told_by_characters(pattern: str, harmless: set[str], harmful: set[str]) -> None:
    found = harmless_for(characters_of(pattern))
    assert harmless <= found
    assert not harmful & found


def test_a_match_of_python_agrees() -> None:
    for pattern in PATTERNS:
        allowed = characters_of(pattern)
        for character in map(chr, range(128)):
            if re.fullmatch(pattern, character):
                assert character in allowed
