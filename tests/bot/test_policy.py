"""Which pull requests are reviewed without being asked for: the decision alone."""

from __future__ import annotations

import time

import pytest

from bot.policy import DRAFT, ON_REQUEST, Facts, decide
from checks.pull_request import PullRequests

FACTS = Facts("Add a basket", "mona", "main", ("shop", "good first issue"), False, ("shop/views.py",))


def why(settings: PullRequests, facts: Facts = FACTS) -> str:
    decision = decide(facts, settings, asked=False)
    assert (decision.word == "skip") is bool(decision.sentence)
    assert decide(facts, settings, asked=True).word == "review"  # whatever is configured
    return decision.sentence


def test_without_settings_all_but_drafts_is_reviewed() -> None:
    assert why(PullRequests()) == ""
    assert why(PullRequests(), Facts(draft=True)) == DRAFT
    assert why(PullRequests(drafts=True), Facts(draft=True)) == ""


def test_on_request_nothing_is_reviewed_unasked() -> None:
    assert why(PullRequests(mode="on-request")) == ON_REQUEST


@pytest.mark.parametrize(
    ("entry", "author"),
    [
        ("dependabot[bot]", "dependabot[bot]"),
        ("Mona", "mona"),
        ("*[bot]", "renovate[bot]"),
        ("mon?", "mona"),
    ],
)
def test_authors_are_left_out_by_name_or_pattern(entry: str, author: str) -> None:
    assert "skip-authors" in why(PullRequests(skip_authors=("x", entry)), Facts(author=author))


@pytest.mark.parametrize(
    ("entry", "author"), [("dependabot[bot]", "dependabotb"), ("mon", "mona"), ("*[bot]", "robot")]
)
def test_other_authors_are_not(entry: str, author: str) -> None:
    assert why(PullRequests(skip_authors=(entry,)), Facts(author=author)) == ""


@pytest.mark.parametrize("entry", ["Shop", "good first issue", "good*"])
def test_one_label_of_several_leaves_a_pull_request_out(entry: str) -> None:
    assert "skip-labels" in why(PullRequests(skip_labels=(entry,)))


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("WIP", "wip: add a basket"),
        ("WIP", "[WIP] Add a basket"),
        ("WIP", "Add (WIP)"),
        ("[WIP]", "[WIP]Add a basket"),
        ("do not merge", "Add a basket, DO NOT MERGE"),
        ("chore: *", "chore: bump"),
        ("*release*", "The release of May"),
    ],
)
def test_titles_are_left_out_by_words_or_by_a_pattern_of_the_whole(entry: str, title: str) -> None:
    assert "skip-titles" in why(PullRequests(skip_titles=(entry,)), Facts(title))


@pytest.mark.parametrize(
    ("entry", "title"),
    [("WIP", "Wipe the basket"), ("[WIP]", "WIP"), ("chore: *", "A chore: bump"), (".*", "Add a basket")],
)
def test_other_titles_are_not(entry: str, title: str) -> None:
    assert why(PullRequests(skip_titles=(entry,)), Facts(title)) == ""


@pytest.mark.parametrize(
    ("branch", "reviewed"), [("main", True), ("release/1.0", True), ("feature", False), ("mainline", False)]
)
def test_only_pull_requests_into_named_branches(branch: str, reviewed: bool) -> None:
    settings = PullRequests(base_branches=("main", "release/*"))
    assert (why(settings, Facts(base_branch=branch)) == "") is reviewed


@pytest.mark.parametrize(
    ("paths", "reviewed"),
    [(("shop/admin/x.py",), True), ((), False)],
)
def test_only_changes_that_touch_a_named_path(paths: tuple[str, ...], reviewed: bool) -> None:
    assert (why(PullRequests(paths=("shop/",)), Facts(paths=paths)) == "") is reviewed


@pytest.mark.parametrize("entry", ["*a" * 99 + "b", "(a+)+$" * 30, "?*" * 100])
def test_no_entry_takes_long(entry: str) -> None:
    started = time.monotonic()
    why(PullRequests(skip_titles=(entry,), skip_labels=(entry,)), Facts("a" * 1000, labels=("a" * 50,)))
    assert time.monotonic() - started < 1
