"""What is kept of a webhook: names and numbers of their usual form, whatever the payload holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliveries import MOST_ADDED, Delivery
from bot.github import markers

HEAD, BASE = "a" * 40, "b" * 40
REPOSITORY = {"id": 7, "full_name": "octo/shop"}
ADA = {"login": "ada", "type": "User"}
BOT = {"login": "rubricate[bot]", "type": "Bot"}


def read(event: str, **payload: Any) -> Delivery:
    return Delivery.from_payload("guid", event, {"repository": REPOSITORY, "sender": ADA, **payload})


def commented(body: Any, user: Any = ADA, **more: Any) -> Delivery:
    comment = {"id": 5, "body": body, "user": user}
    issue = {"number": 3, "pull_request": {"url": "x"}}
    return read("issue_comment", action="created", comment=comment, issue=issue, **more)


def test_a_comment_is_kept_as_what_it_is_to_us_and_not_as_its_text() -> None:
    delivery = commented("/rubricate ignore this secret reason")
    assert (delivery.number, delivery.comment, delivery.person, delivery.says) == (3, 5, "ada", "command")
    assert "secret" not in json.dumps(delivery.to_record())
    assert commented("nothing of ours").says == ""
    assert commented(f"x\n\n{markers.checklist()}").says == ""
    assert commented(f"x\n\n{markers.checklist()}", BOT).says == "checklist"
    assert commented("/rubricate review", BOT).says == ""
    assert commented("/rubricate review", None).says == "command"


def test_an_app_is_no_person() -> None:
    assert commented("/rubricate review", sender=BOT).person == ""
    assert commented("/rubricate review", sender={"login": "a b", "type": "User"}).person == ""


@pytest.mark.parametrize("body", [None, 3, [], {}, "\ud800", "/rubricate " * 6_000])
def test_any_body_of_a_comment_is_taken(body: Any) -> None:
    json.dumps(commented(body).to_record())


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        (f"refs/heads/gh-readonly-queue/main/pr-12-{BASE}", 12),
        (f"refs/heads/gh-readonly-queue/release/1.x/pr-7-{BASE}", 7),
        (f"refs/heads/gh-readonly-queue/a\nb/pr-7-{BASE}", 7),
        ("refs/heads/main", 0),
        (f"refs/heads/pr-7-{BASE}", 0),
        (None, 0),
        (5, 0),
    ],
)
def test_a_merge_queues_commit_knows_its_pull_request(ref: Any, number: int) -> None:
    group = {"head_ref": ref, "head_sha": HEAD, "base_sha": BASE}
    delivery = read("merge_group", action="checks_requested", merge_group=group)
    assert (delivery.group, delivery.number) == (True, number)
    assert (delivery.head, delivery.base) == (HEAD, BASE)


def test_a_run_of_ours_says_what_it_was_about() -> None:
    run = {"id": 1, "external_id": f"group/7/12/{HEAD}/{BASE}/c/1"}
    delivery = read(
        "check_run", action="requested_action", check_run=run, requested_action={"identifier": "fix-all"}
    )
    assert (delivery.button, delivery.run) == ("fix-all", run["external_id"])
    about = delivery.at_run(delivery.run)
    assert (about.number, about.head, about.base, about.group) == (12, HEAD, BASE, True)
    for other in ("", "x" * 255, f"review/8/12/{HEAD}/{BASE}/c/1", f"other/7/12/{HEAD}/{BASE}/c/1"):
        assert delivery.at_run(other) == delivery


@pytest.mark.parametrize("identifier", [None, 3, "FIX", "a b", "x" * 21, "a\n"])
def test_a_button_that_is_not_ours_is_none(identifier: Any) -> None:
    pressed = read(
        "check_run", action="requested_action", check_run={}, requested_action={"identifier": identifier}
    )
    assert pressed.button == ""


@pytest.mark.parametrize(
    ("event", "key"), [("installation", "repositories"), ("installation_repositories", "repositories_added")]
)
def test_the_repositories_that_an_installation_came_to_are_kept_by_id_and_name(event: str, key: str) -> None:
    listed = [{"id": 7, "full_name": "octo/shop", "private": True, "name": "shop"}, {"id": 8}, None]
    delivery = read(event, action="created", **{key: listed})
    assert delivery.added == ((7, "octo/shop"),)
    assert Delivery.from_record(json.loads(json.dumps(delivery.to_record()))) == delivery
    many = [{"id": 7, "full_name": "octo/shop"}] * (MOST_ADDED + 1)
    assert len(read(event, action="created", **{key: many}).added) == MOST_ADDED


def test_what_another_event_lists_is_not_kept_and_a_wrong_form_is_refused() -> None:
    listed = [{"id": 7, "full_name": "octo/shop"}]
    assert read("pull_request", action="opened", repositories=listed).added == ()
    for wrong in ({"id": 7, "full_name": "../../etc"}, {"id": "7", "full_name": "octo/shop"}):
        with pytest.raises(ValueError, match=r"form|number"):
            read("installation", action="created", repositories=[wrong])
    with pytest.raises(ValueError, match="no list"):
        read("installation", action="created", repositories={"id": 7})


PARTS = ("comment", "issue", "merge_group", "check_run", "check_suite", "requested_action", "sender")
FIELDS = (
    "id",
    "number",
    "user",
    "body",
    "login",
    "type",
    "external_id",
    "identifier",
    "head_ref",
    "head_sha",
)
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers())
ANY = VALUES | st.dictionaries(st.sampled_from(FIELDS), VALUES)


@given(st.dictionaries(st.sampled_from(PARTS), ANY | st.dictionaries(st.sampled_from(FIELDS), ANY)))
def test_a_payload_of_any_form_is_read_or_refused(payload: dict[str, Any]) -> None:
    try:
        delivery = Delivery.from_payload("guid", "issue_comment", payload)
    except ValueError:
        return
    assert Delivery.from_record(json.loads(json.dumps(delivery.to_record()))) == delivery
