"""A webhook delivery as the small record that is kept of it: names and numbers, no text, code or token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from bot.commanding.parse import is_addressed
from bot.github import markers

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_NAME = re.compile(r"(?!.*/\.{1,2}$)[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)
_WORD = re.compile(r"[a-z_]{1,64}", re.ASCII)
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_LOGIN = re.compile(r"[\w-]{1,100}(\[bot\])?", re.ASCII)
_BUTTON = re.compile(r"[a-z-]{1,20}", re.ASCII)
_RUN = re.compile(r"[\w/-]{1,255}", re.ASCII)
_REVIEW = re.compile(
    r"(?P<kind>review|group)/(?P<repository>\d{1,18})/(?P<number>\d{1,18})"
    r"/(?P<head>[0-9a-f]{40,64})/(?P<base>[0-9a-f]{40,64})/.*",
    re.ASCII,
)
# https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
_QUEUED = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([0-9]{1,18})-[0-9a-f]{40,64}", re.DOTALL)
CHANGES = ("base", "title")
MOST_REMOVED = 10_000
# An account may have many thousands: of those that are beyond it nothing is kept.
MOST_ADDED = 1_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a handler needs to know of an event. What an event does not speak of is 0, empty or False.

    `person` is the login of who did it, empty for an App. `says` is what a comment is to us: `command`, `checklist`
    (our own, with its boxes) or nothing. `button` is what was pressed on a check run; `run` is the id that we gave it,
    `suite` that of a suite of them. `group` is a merge queue's commit in the place of a pull request's. `changed` says
    what was edited of a pull request: `base`, `title`. `added` are the repositories that an installation came to, by
    id and full name.
    """

    id: str
    event: str
    action: str = ""
    installation: int = 0
    repository: int = 0
    full_name: str = ""
    number: int = 0
    head: str = ""
    base: str = ""
    draft: bool = False
    removed: tuple[int, ...] = ()
    person: str = ""
    comment: int = 0
    says: str = ""
    button: str = ""
    run: str = ""
    suite: int = 0
    group: bool = False
    changed: tuple[str, ...] = ()
    added: tuple[tuple[int, str], ...] = ()

    @classmethod
    def from_payload(cls, delivery: str, event: str, payload: Any) -> Self:
        """Read the parts that count. Raises ValueError when one has not the form that GitHub gives it."""
        if not isinstance(payload, Mapping):
            raise ValueError("the payload is no object")
        repository, pull = _part(payload, "repository"), _part(payload, "pull_request")
        group = _part(payload, "merge_group")
        removed = payload.get("repositories_removed") or []
        if not isinstance(removed, list) or len(removed) > MOST_REMOVED:
            raise ValueError("repositories_removed is no list")
        return cls(
            id=_text(delivery, _ID),
            event=_text(event, _WORD),
            action=_text(payload.get("action"), _WORD),
            installation=_number(_part(payload, "installation").get("id")),
            repository=_number(repository.get("id")),
            full_name=_text(repository.get("full_name"), _NAME),
            number=_number(pull.get("number")) or _queued(group) or _conversation(payload),
            head=_text(_part(pull, "head").get("sha") or group.get("head_sha"), _COMMIT),
            base=_text(_part(pull, "base").get("sha") or group.get("base_sha"), _COMMIT),
            draft=pull.get("draft") is True,
            removed=tuple(_number(each.get("id")) for each in removed if isinstance(each, Mapping)),
            person=_person(payload),
            comment=_number(_part(payload, "comment").get("id")),
            says=_said(_part(payload, "comment")),
            button=_found(_part(payload, "requested_action").get("identifier"), _BUTTON),
            run=_found(_part(payload, "check_run").get("external_id"), _RUN),
            suite=_number(_part(payload, "check_suite").get("id")),
            group=bool(group),
            changed=tuple(name for name in CHANGES if name in _part(payload, "changes")),
            added=_added(event, payload),
        )

    @property
    def subject(self) -> dict[str, Any]:
        """What the log says that it is about."""
        said = {"delivery": self.id, "repository": self.full_name, "pull_request": self.number}
        return {name: value for name, value in said.items() if value}

    def at_run(self, run: str) -> Self:
        """The delivery at what a check run of ours was about, by the id that we gave it (`bot.review.Request`)."""
        match = _REVIEW.fullmatch(run)
        if match is None or int(match["repository"]) != self.repository:
            return self
        return replace(
            self,
            run=run,
            number=int(match["number"]),
            head=match["head"],
            base=match["base"],
            group=match["kind"] == "group",
        )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """What `to_record` wrote, read back."""
        told = {name: tuple(record.get(name, ())) for name in ("removed", "changed")}
        added = tuple((int(number), str(name)) for number, name in record.get("added", ()))
        return cls(**{**record, **told, "added": added})

    def to_record(self) -> dict[str, Any]:
        """The delivery as JSON values."""
        told = {"removed": list(self.removed), "changed": list(self.changed)}
        return {**asdict(self), **told, "added": [list(each) for each in self.added]}


def _added(event: str, payload: Mapping[str, Any]) -> tuple[tuple[int, str], ...]:
    """The repositories that an installation has from now on."""
    key = {"installation": "repositories", "installation_repositories": "repositories_added"}.get(event)
    listed = payload.get(key) or [] if key else []
    if not isinstance(listed, list):
        raise ValueError(f"{key} is no list")
    found = (each for each in listed[:MOST_ADDED] if isinstance(each, Mapping))
    read = ((_number(each.get("id")), _text(each.get("full_name"), _NAME)) for each in found)
    return tuple(each for each in read if all(each))


def _queued(group: Mapping[str, Any]) -> int:
    """The pull request for which a merge queue made its commit, by the name of the queue's branch."""
    name = group.get("head_ref")
    match = _QUEUED.fullmatch(name) if isinstance(name, str) else None
    return int(match[1]) if match else 0


def _conversation(payload: Mapping[str, Any]) -> int:
    """The pull request whose conversation a comment is on; 0 on an issue."""
    issue = _part(payload, "issue")
    return _number(issue.get("number")) if issue.get("pull_request") else 0


def _person(payload: Mapping[str, Any]) -> str:
    sender = _part(payload, "sender")
    return _found(sender.get("login"), _LOGIN) if sender.get("type") == "User" else ""


def _said(comment: Mapping[str, Any]) -> str:
    """What a comment's text is to us: it is looked at here and not kept."""
    body = comment.get("body")
    if _part(comment, "user").get("type") == "Bot":
        return "checklist" if isinstance(body, str) and markers.is_checklist(body) else ""
    return "command" if is_addressed(body) else ""


def _found(value: Any, form: re.Pattern[str]) -> str:
    """A text that anybody may have given: what has not the form is nothing of ours."""
    return value if isinstance(value, str) and form.fullmatch(value) else ""


def _part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = payload.get(name)
    if part is not None and not isinstance(part, Mapping):
        raise ValueError(f"{name} is no object")
    return part or {}


def _number(value: Any) -> int:
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise ValueError("an id is no number")
    return value


def _text(value: Any, form: re.Pattern[str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("a name or commit has not its usual form")
    return value
