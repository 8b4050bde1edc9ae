"""Which lines of a comment are commands, and what they say."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commanding.parse import LONGEST_REASON, MOST, NAMES, Command, is_addressed, parse


@pytest.mark.parametrize(
    ("body", "commands"),
    [
        ("/rubricate review", [Command("review")]),
        ("/rubricate", [Command("")]),
        ("Thanks!\r\n/rubricate ignore this a test key\r\nbye", [Command("ignore", "this", "a test key")]),
        ("/Rubricate  Review  please ", [Command("review", "please")]),
        ("/rubricate fix security/weak-hash", [Command("fix", "security/weak-hash")]),
        ("/rubricate dance", [Command("dance")]),
        ("/rubricate pause\n/rubricate review", [Command("pause"), Command("review")]),
        ("\u200b/rubri\u00adcate\u200d pau\u2060se", [Command("pause")]),
        ("\ufeff/rubricate help", [Command("help")]),
        ("```\n```\n/rubricate help", [Command("help")]),
        ("``` a ` b\n/rubricate help", [Command("help")]),
    ],
)
def test_a_line_that_begins_with_the_prefix_is_a_command(body: str, commands: list[Command]) -> None:
    assert list(parse(body)) == commands
    assert is_addressed(body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "please /rubricate review",
        "/rubricatereview",
        "rubricate review",
        "//rubricate review",
        "> /rubricate review",
        "    /rubricate review",
        " /rubricate review",
        "`/rubricate review`",
        "```\n/rubricate review\n```",
        "~~~sh\n/rubricate review\n```\n/rubricate review\n~~~",
        "````\n```\n/rubricate review\n````",
        "```\n/rubricate review",
        "/rubricatе review",  # a Cyrillic letter
    ],
)
def test_anything_else_is_none(body: str) -> None:
    assert parse(body) == ()
    assert not is_addressed(body)


@pytest.mark.parametrize("body", [None, 3, ["/rubricate review"]])
def test_what_is_no_text_addresses_nobody(body: object) -> None:
    assert not is_addressed(body)


def test_only_so_many_are_read_and_reasons_end_somewhere() -> None:
    assert len(parse("/rubricate review\n" * 50)) == MOST
    (command,) = parse("/rubricate ignore this " + "x" * 60_000)
    assert command.rest == "x" * LONGEST_REASON


@pytest.mark.parametrize("unit", ["/rubricate ", "```\n", "/rubricate a\n", "\u200b/", "\n", "` "])
def test_the_longest_comment_takes_no_time(unit: str) -> None:
    body = (unit * 65_536)[:65_536]
    started = time.perf_counter()
    parse(body)
    is_addressed(body)
    assert time.perf_counter() - started < 1


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_any_text_is_read_without_harm(body: str) -> None:
    for command in parse(body):
        assert "\n" not in command.rest
        assert not {"\u200b", "\x00"} & {*command.argument, *command.rest}
    assert is_addressed(body) == bool(parse(body))


@given(
    st.sampled_from(NAMES),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20),
    st.lists(st.sampled_from(["Hello", "> /rubricate pause", "", "`/rubricate pause`", "- a"])),
)
def test_a_command_is_found_wherever_it_stands(name: str, argument: str, around: list[str]) -> None:
    line = f"/rubricate {name} {argument}"
    assert parse("\n".join([*around, line, *around])) == (Command(name, argument),)
    assert parse("\r\n".join([*around, line, *around])) == (Command(name, argument),)
