"""The report for a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from checks.model import Report, Span
from checks.report import render
from checks.report.characters import cells
from tests.report.samples import CLEAN, DEFAULT, LIKELY, REDIRECT, TIMEOUT, VIEWS, hostile, large, report

SGR = re.compile(r"\x1b\[[0-9;]*m")


def text(of: Report, *, colour: bool = False, width: int = 100) -> str:
    return render(of, "text", colour=colour, width=width)


def test_a_finding_shows_its_place_and_message_in_the_first_line() -> None:
    lines = text(report(REDIRECT)).splitlines()
    assert lines[0] == (
        "shop/views.py:11:21 high security/open-redirect "
        "`target` comes from the request and is redirected to unchecked"
    )


def test_the_excerpt_has_carets_under_the_span() -> None:
    assert text(report(REDIRECT)).splitlines()[1:5] == [
        '    10 │     target = request.GET.get("next", "/")',
        "    11 │     return redirect(target)",
        "       │                     ^^^^^^",
        "    = 1. shop/views.py:10: `target` is read from the query string",
    ]


def test_carets_stand_under_wide_characters() -> None:
    finding = replace(DEFAULT, span=Span(1, 6, 1, 8))
    shown = text(replace(report(finding), sources={"shop/models.py": "\t世界= []\n"})).splitlines()
    assert shown[1:3] == ["    1 │     世界= []", "      │           ^^"]


def test_a_long_line_is_cut_around_the_span() -> None:
    source = "x = [" + "1, " * 400 + "bad, " + "2, " * 400 + "]\n"
    start = source.index("bad") + 1
    finding = replace(DEFAULT, span=Span(1, start, 1, start + 3))
    line, carets = text(replace(report(finding), sources={"shop/models.py": source}), width=80).splitlines()[
        1:3
    ]
    assert len(line) <= 80
    assert line.count("…") == 2
    assert line[carets.index("^") : carets.rindex("^") + 1] == "bad"


def test_the_middle_of_a_long_span_is_left_out() -> None:
    finding = replace(REDIRECT, span=Span(9, 1, 21, 20))
    shown = text(report(finding))
    assert "13 │" in shown
    assert "\n     … │\n" in shown
    assert "17 │" not in shown
    assert "21 │" in shown


@pytest.mark.parametrize(
    "span", [Span(99, 1, 99, 5), Span(11, 900, 11, 950), Span(11, 5, 3, 1), Span(30, 1, 2, 1)]
)
def test_a_span_outside_the_text_does_not_break_the_report(span: Span) -> None:
    assert "security/open-redirect" in text(report(replace(REDIRECT, span=span)))


def test_a_finding_without_a_text_has_no_excerpt() -> None:
    assert "│" not in text(replace(report(REDIRECT), sources={}))


def test_form_feeds_and_unicode_separators_do_not_shift_line_numbers() -> None:
    source = VIEWS.replace("import requests\n", "import requests  # \x0c \u2028 \x85\n")
    assert "11 │     return redirect(target)" in text(
        replace(report(REDIRECT), sources={"shop/views.py": source})
    )


def test_fix_advice_and_cause_are_named() -> None:
    shown = text(report(REDIRECT, TIMEOUT, DEFAULT))
    assert "= fix: Redirect only to addresses of this site" in shown
    assert "= fix, unsafe: Give the request a timeout" in shown
    assert "= advice: Default to None and make the list inside" in shown
    assert "= caused by deleted line shop/views.py:21" in shown


def test_findings_stand_in_order_of_place() -> None:
    places = [line.split()[0] for line in text(LIKELY).splitlines() if line.startswith("shop/")]
    assert places == [
        "shop/models.py:8:30",
        "shop/settings.py:1:9",
        "shop/views.py:11:21",
        "shop/views.py:21:14",
    ]


def test_every_item_of_the_checklist_is_listed_with_its_evidence() -> None:
    shown = " ".join(text(LIKELY, width=200).split())
    for entry in LIKELY.checklist:
        assert entry.title in shown
        assert entry.evidence in shown
    assert "fail All user-supplied data is validated 14 places checked: security/open-redirect" in shown


def test_items_without_an_answer_share_a_row() -> None:
    shown = text(LIKELY, width=140)
    assert (
        "manual          Changed code is reached by tests; Tests are deterministic and isolated; Tests"
        in shown
    )


def test_places_for_a_person_are_named() -> None:
    assert "shop/views.py:16, shop/context.py:4" in " ".join(text(LIKELY, width=200).split())


def test_problems_and_exemptions_are_listed() -> None:
    shown = text(LIKELY)
    assert "Not checked (1)\n  shop/legacy.py:3: syntax: line 3 is not Python\n" in shown
    assert "  shop/api.py:40: suppression of security/csrf-exempt: signed by the partner\n" in shown
    assert "  .rubricate.yml:1: configuration: no reason given\n" in shown


def test_the_last_lines_sum_up() -> None:
    assert text(LIKELY).splitlines()[-2:] == [
        "2 of 4 findings at or above high (1 critical, 1 high, 1 medium, 1 low)",
        "128 files, 14,210 lines in 0.8 s; 7 known before; 1 suppressed",
    ]


@pytest.mark.parametrize(
    ("of", "headline"),
    [
        (CLEAN, "Nothing found"),
        (report(DEFAULT), "1 finding, none at or above high (1 low)"),
        (report(REDIRECT, gate=None), "1 finding, no gate set (1 high)"),
    ],
)
def test_the_headline(of: Report, headline: str) -> None:
    assert text(of).splitlines()[-2] == headline


@pytest.mark.parametrize("width", [1, 60, 100, 240])
def test_nothing_but_first_lines_is_wider_than_the_terminal(width: int) -> None:
    heads = {line for line in text(LIKELY, width=width).splitlines() if line.startswith("shop/")}
    for line in text(LIKELY, width=width).splitlines():
        assert line in heads or cells(line) <= max(width, 40) or "findings at or above" in line, line


def test_colours_only_when_asked() -> None:
    assert "\x1b" not in text(LIKELY)
    coloured = text(LIKELY, colour=True)
    assert "\x1b[1;31mhigh\x1b[0m" in coloured
    assert [line.rstrip() for line in SGR.sub("", coloured).splitlines()] == text(LIKELY).splitlines()


@pytest.mark.parametrize("colour", [False, True])
def test_hostile_text_injects_no_terminal_escape(colour: bool) -> None:
    shown = SGR.sub("", text(hostile(), colour=colour))
    controls = {character for character in shown if not character.isprintable()} - {"\n", "\u200c"}
    assert controls == set()
    assert r"\x1b[2J" in shown
    assert not any(line.startswith("::error") for line in shown.splitlines())
    shown.encode()


def test_thousands_of_findings_are_all_there() -> None:
    assert text(large()).count("security/open-redirect `target`") == 5_000
