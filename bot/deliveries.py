"""A webhook delivery as the small record that is kept of it: names and numbers, no text, code or token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_NAME = re.compile(r"(?!.*/\.{1,2}$)[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)
_WORD = re.compile(r"[a-z_]{1,64}", re.ASCII)
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
MOST_REMOVED = 10_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a handler needs to know of an event. What an event does not speak of is 0, empty or False."""

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

    @classmethod
    def from_payload(cls, delivery: str, event: str, payload: Any) -> Self:
        """Read the parts that count. Raises ValueError when one has not the form that GitHub gives it."""
        if not isinstance(payload, Mapping):
            raise ValueError("the payload is no object")
        repository, pull = _part(payload, "repository"), _part(payload, "pull_request")
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
            number=_number(pull.get("number")),
            head=_text(_part(pull, "head").get("sha"), _COMMIT),
            base=_text(_part(pull, "base").get("sha"), _COMMIT),
            draft=pull.get("draft") is True,
            removed=tuple(_number(each.get("id")) for each in removed if isinstance(each, Mapping)),
        )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """What `to_record` wrote, read back."""
        return cls(**{**record, "removed": tuple(record["removed"])})

    def to_record(self) -> dict[str, Any]:
        """The delivery as JSON values."""
        return {**asdict(self), "removed": list(self.removed)}


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
