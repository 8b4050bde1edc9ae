"""The report in Markdown: what it says, and that nothing of the reviewed project becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.model import Edit, Exemption, Finding, Fix, Problem, Step
from checks.report.escape import block, code, plain, sentence
from checks.report.markdown import comment, diff, render, summary
from tests.report.harmless import check_harmless, spoken, tokens
from tests.report.samples import (
    CLEAN,
    DEFAULT,
    EVIL,
    LIKELY,
    REDIRECT,
    TIMEOUT,
    VIEWS,
    hostile,
    large,
    report,
)


@pytest.mark.parametrize("finding", hostile().findings)
@pytest.mark.parametrize("sources", [None, hostile().sources])
def test_a_hostile_comment_holds_no_markup_of_the_project(
    finding: Finding, sources: dict[str, str] | None
) -> None:
    check_harmless(comment(finding, sources=sources))


def test_a_hostile_summary_holds_no_markup_of_the_project() -> None:
    check_harmless(summary(hostile(), 1_000_000))


@given(st.text())
@example(EVIL)
@example("a|b\\|c")
@example("`")
@example("@a #1 http://x www.x.y")
def test_no_text_becomes_markup(text: str) -> None:
    for shown in (plain(text), sentence(text), code(text)):
        assert "\n" not in shown
        types = {token.type for token in tokens(f"x {shown} y")}
        assert types <= {"paragraph_open", "paragraph_close", "text", "code_inline", "text_special"}
    assert not re.search(r"@\w|#\d", spoken(f"x {sentence(text)} y"))


@given(st.text(alphabet="a|\\` "))
def test_no_text_breaks_out_of_a_cell(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {code(text, table=True)} | {plain(text)} |"
    assert [token.type for token in tokens(table)].count("td_open") == 2
    assert "end" in spoken(table.replace("| a | b |", "| a | end |"))


@given(st.text(alphabet="a`\n~ "))
def test_no_text_closes_its_fence(text: str) -> None:
    fences = [token for token in tokens(f"{block(text, 'suggestion')}\n\nend") if token.type == "fence"]
    assert [token.info for token in fences] == ["suggestion"]
    assert fences[0].content.removesuffix("\n") == text.removesuffix("\n")


def test_a_comment_says_what_and_what_to_do() -> None:
    body = comment(
        REDIRECT, suggestion="    return redirect('/')\n", why="An attacker sends a link to your site."
    )
    assert body.startswith(
        "🔴 **High**: `target` comes from the request and is redirected to unchecked\n\n"
        "**Redirect only to addresses of this site**\n\n"
        "```suggestion\n    return redirect('/')\n```\n\n"
        "An attacker sends a link to your site.\n\n"
        "<details><summary>How it comes here (2 steps)</summary>\n\n"
        "1. `shop/views.py:10` `target` is read from the query string\n"
    )
    assert body.endswith(
        "<sub>[`security/open-redirect`](https://rubricate.dev/rules/security/open-redirect) · All user\\-supplied "
        "data is validated · high confidence · [CWE-601](https://cwe.mitre.org/data/definitions/601.html)</sub>"
    )


def test_an_empty_suggestion_deletes_the_lines() -> None:
    assert "```suggestion\n```\n" in comment(DEFAULT, suggestion="")


def test_a_suggestion_with_backticks_is_kept_to_the_letter() -> None:
    body = comment(DEFAULT, suggestion='x = """\n```\n\tcode\n```\n"""\n')
    assert '````suggestion\nx = """\n```\n\tcode\n```\n"""\n````' in body


def test_without_a_suggestion_the_fix_is_a_diff() -> None:
    body = comment(TIMEOUT, sources={"shop/views.py": VIEWS})
    assert "it alters behaviour" in body
    assert "```diff\n--- a/shop/views.py\n" in body
    assert '+    answer = requests.get("https://rates.example.com/latest", timeout=10)\n' in body


def test_a_deleted_line_is_named() -> None:
    assert "\n\nCaused by deleted line `shop/views.py:21`\n\n" in comment(TIMEOUT)


def test_advice_stands_where_there_is_no_fix() -> None:
    assert "**Default to None and make the list inside**" in comment(DEFAULT)


def test_a_long_comment_gives_up_its_trace_and_change_and_says_so() -> None:
    trace = tuple(Step("a.py", number, "`x` goes on " * 20) for number in range(500))
    finding = replace(
        REDIRECT, trace=trace, fix=Fix("Shorten", True, (Edit("a.py", 1, 1, "x = 1\n" * 30_000),))
    )
    body = comment(finding, suggestion="x = 1\n" * 30_000)
    assert len(body.encode()) <= 60_000
    assert "The change is too long to be shown here." in body
    assert "480 steps left out" in body
    small = comment(finding, limit=1_500)
    assert len(small.encode()) <= 1_500
    assert "480 steps" not in small
    assert small.endswith("</sub>")


def test_a_diff_of_a_fix_without_edits_is_empty() -> None:
    assert diff(Fix("Think", False), {}) == ""


def test_the_summary_shows_the_checklist_by_section() -> None:
    text = summary(LIKELY)
    assert text.startswith(
        "❌ **2 of 4 findings at or above high**  🟣 1 critical · 🔴 1 high · 🟠 1 medium · 🔵 1 low\n"
    )
    assert text.index("#### Security") < text.index("#### Performance") < text.index("#### Deployment")
    assert (
        "| ❌ fail | All user\\-supplied data is validated | 14 places checked\\: security/open\\-redirect |"
        in text
    )
    assert "| ✅ pass | Queries are optimized, without N\\+1 | 4 places checked, nothing found |" in text
    assert "shop/views\\.py\\:16, shop/context\\.py\\:4" in text


def test_the_summary_names_every_item() -> None:
    text = spoken(summary(LIKELY))
    for entry in LIKELY.checklist:
        assert entry.title in text


def test_the_summary_lists_findings_problems_and_exemptions() -> None:
    text = summary(LIKELY)
    assert "| 🔴 high | `shop/views.py:11` | `target` comes from the request" in text
    assert "(caused by deleted line shop/views\\.py\\:21)" in text
    assert "| `shop/legacy.py:3` | syntax | line 3 is not Python |" in text
    assert "| `shop/api.py:40` | suppression of security/csrf\\-exempt | signed by the partner |" in text


def test_a_clean_summary_has_neither_findings_nor_problems() -> None:
    text = summary(CLEAN)
    assert text.startswith("✅ **Nothing found**\n")
    assert "###" in text
    assert not re.search(r"### (Findings|Not checked|Exempted)", text)


def test_places_are_links_where_the_repository_is_known() -> None:
    text = summary(report(replace(REDIRECT, path="a b/(x).py")), blob_url="https://github.com/o/r/blob/abc")
    assert "[`a b/(x).py:11`](https://github.com/o/r/blob/abc/a%20b/%28x%29.py#L11)" in text


@pytest.mark.parametrize("limit", [65_535, 1_048_576, 8_000, 200])
def test_the_summary_keeps_its_limit_at_whole_rows(limit: int) -> None:
    text = summary(large(), limit)
    assert len(text.encode()) <= limit
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in rows)
    check_harmless(text)


def test_what_is_left_out_is_counted_and_the_least_severe() -> None:
    text = summary(large())
    shown = text.count("[`security/open-redirect`]")
    assert 100 < shown < 5_000
    assert f"…and {5_000 - shown:,} more findings, left out because the page is full" in text
    assert "| 🔵 low |" not in text
    assert "left out" not in summary(large(40))


def test_no_table_crowds_out_the_others() -> None:
    problems = tuple(Problem(f"p{n}.py", "syntax", "x" * 200) for n in range(3_000))
    exemptions = tuple(Exemption("suppression", f"e{n}.py", 1, ("a/b",), "y" * 200) for n in range(3_000))
    text = summary(replace(large(3_000), problems=problems, exemptions=exemptions))
    assert len(text.encode()) <= 65_535
    for mark in (
        "`p0.py`",
        "`e0.py:1`",
        "| 🟣 critical |",
        "more problems",
        "more exemptions",
        "more findings",
    ):
        assert mark in text


def test_the_format_is_the_summary_at_a_steps_length() -> None:
    assert len(render(large()).encode()) > 65_535
