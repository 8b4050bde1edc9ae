"""What there is to review, by the event that started the workflow.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from action.inputs import Inputs, Surroundings
from checks.errors import UserError

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCHES = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Review:
    """A change. The first of `bases` that there is counts; where there is none, `or_scan` takes the head as a whole."""

    bases: tuple[str, ...]
    head: str
    number: int | None = None
    or_scan: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """A commit as a whole."""

    head: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why there is nothing to review."""

    reason: str


Subject = Review | Scan | Nothing


def subject(around: Surroundings, inputs: Inputs) -> Subject:
    """What to review. Raises UserError when the event is not what GitHub sends."""
    pull = around.payload.get("pull_request")
    if inputs.base:
        number = pull.get("number") if isinstance(pull, dict) and not inputs.head else None
        head = inputs.head or _head(pull) or around.commit
        return Review((inputs.base,), head, number if isinstance(number, int) else None)
    if inputs.head:
        return Scan(inputs.head)
    try:
        if isinstance(pull, dict):
            return _pull_request(pull)
        if around.event == "merge_group":
            group = around.payload["merge_group"]
            return Review((_commit(group["base_sha"]),), _commit(group["head_sha"]))
        if around.event == "push":
            return _push(around.payload)
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"the event {around.event} is not as GitHub describes it: {error!r}") from None
    return Scan(_commit(around.commit))


def _pull_request(pull: Mapping[str, Any]) -> Subject:
    """The head and base of the event, not the merge of them that GitHub checks out: comments stand on the head."""
    if pull.get("draft"):
        return Nothing("the pull request is a draft")
    if pull.get("state") == "closed":
        return Nothing("the pull request is closed")
    return Review((_commit(pull["base"]["sha"]),), _commit(pull["head"]["sha"]), int(pull["number"]))


def _push(payload: Mapping[str, Any]) -> Subject:
    """What was pushed over what was there before; a new branch over the default one."""
    before, after, ref = payload["before"], payload["after"], payload["ref"]
    if payload.get("deleted") or not after.strip("0"):
        return Nothing("the push deletes a branch")
    if not ref.startswith(_BRANCHES):
        return Scan(_commit(after))
    default = f"{_BRANCHES}{payload['repository']['default_branch']}"
    bases = [_commit(before)] if before.strip("0") else []
    if ref != default:
        bases.append(default)
    return Review(tuple(bases), _commit(after), or_scan=True) if bases else Scan(_commit(after))


def _head(pull: Any) -> str:
    try:
        return _commit(pull["head"]["sha"])
    except (KeyError, TypeError, UserError):
        return ""


def _commit(value: Any) -> str:
    if isinstance(value, str) and _COMMIT.fullmatch(value):
        return value
    raise UserError("the event names a commit by something that is no commit's id")
