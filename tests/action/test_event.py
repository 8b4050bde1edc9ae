"""Which event asks for what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from action.event import Nothing, Review, Scan, Subject, subject
from action.inputs import Choice, Inputs, Surroundings
from checks.errors import UserError

BASE, HEAD, MERGE, ZERO = "a" * 40, "b" * 40, "c" * 40, "0" * 40
PULL = {"number": 7, "state": "open", "draft": False, "base": {"sha": BASE}, "head": {"sha": HEAD}}
PUSH = {"ref": "refs/heads/feature", "before": BASE, "after": HEAD, "repository": {"default_branch": "main"}}
MAIN = "refs/heads/main"


def asked(event: str, payload: Mapping[str, Any], *, base: str = "", head: str = "") -> Subject:
    here = Path("/")
    around = Surroundings(event, payload, "octo/shop", MERGE, "", "", here, here, None, None)
    return subject(around, Inputs("", True, Choice(), base, head, here, None))


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target", "pull_request_review"])
def test_a_pull_request_is_its_head_over_its_base(event: str) -> None:
    assert asked(event, {"pull_request": PULL}) == Review((BASE,), HEAD, 7)


@pytest.mark.parametrize("part", [{"draft": True}, {"state": "closed"}])
def test_a_draft_or_closed_one_is_nothing_to_review(part: dict[str, Any]) -> None:
    assert isinstance(asked("pull_request", {"pull_request": PULL | part}), Nothing)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({}, Review((BASE, MAIN), HEAD, or_scan=True)),
        ({"forced": True}, Review((BASE, MAIN), HEAD, or_scan=True)),
        ({"before": ZERO, "created": True}, Review((MAIN,), HEAD, or_scan=True)),
        ({"ref": MAIN}, Review((BASE,), HEAD, or_scan=True)),
        ({"ref": MAIN, "before": ZERO}, Scan(HEAD)),
        ({"ref": "refs/tags/v1", "before": ZERO}, Scan(HEAD)),
    ],
)
def test_a_push_is_what_it_adds(part: dict[str, Any], expected: Subject) -> None:
    assert asked("push", PUSH | part) == expected


def test_a_deleted_branch_is_nothing_to_review() -> None:
    assert isinstance(asked("push", PUSH | {"after": ZERO, "deleted": True}), Nothing)


def test_a_merge_queue_says_its_ends() -> None:
    assert asked("merge_group", {"merge_group": {"base_sha": BASE, "head_sha": HEAD}}) == Review(
        (BASE,), HEAD
    )


@pytest.mark.parametrize("event", ["schedule", "workflow_dispatch", "release", "issue_comment"])
def test_other_events_are_about_a_commit_as_a_whole(event: str) -> None:
    assert asked(event, {}) == Scan(MERGE)


def test_inputs_say_more_than_the_event() -> None:
    assert asked("push", PUSH, base="v1", head="v2") == Review(("v1",), "v2")
    assert asked("push", PUSH, base="v1") == Review(("v1",), MERGE)
    assert asked("push", PUSH, head="v2") == Scan("v2")


def test_another_base_of_a_pull_request_is_still_commented_on() -> None:
    assert asked("pull_request", {"pull_request": PULL}, base="release") == Review(("release",), HEAD, 7)


@pytest.mark.parametrize(
    "payload",
    [
        {"pull_request": PULL | {"head": {"sha": "--upload-pack=touch /tmp/x"}}},
        {"pull_request": PULL | {"head": None}},
        {"pull_request": PULL | {"base": {"sha": BASE[:7]}}},
    ],
)
def test_an_event_that_github_would_not_send_is_refused(payload: Mapping[str, Any]) -> None:
    with pytest.raises(UserError):
        asked("pull_request", payload)
