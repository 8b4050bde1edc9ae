"""What people decided on a pull request, read from the notes in our own comments there.

No database holds it, so that it outlives one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from bot.github import markers
from bot.github.client import Client
from bot.github.comments import Pull
from checks.model import Finding


@dataclass(frozen=True, slots=True)
class Ignored:
    """Who ignored a finding or a rule, and why."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Who looked at an item of the checklist, and a hash of the change that they saw."""

    person: str
    about: str


@dataclass(frozen=True, slots=True)
class Notes:
    """Decisions by people with write permission; what was decided last holds.

    `ignored` is by finding's key, `ignored_rules` by rule, `ticked` by item; `baselined` holds shortened keys.
    `checklist` is the id and text of our comment with the boxes to tick.
    """

    ignored: Mapping[str, Ignored] = field(default_factory=lambda: MappingProxyType({}))
    ignored_rules: Mapping[str, Ignored] = field(default_factory=lambda: MappingProxyType({}))
    paused: bool = False
    ticked: Mapping[str, Ticked] = field(default_factory=lambda: MappingProxyType({}))
    baselined: frozenset[str] = frozenset()
    checklist: tuple[int, str] | None = None

    @classmethod
    def of(cls, bodies: Iterable[str]) -> Notes:
        """The notes of our own comments, the oldest first."""
        ignored: dict[str, Ignored] = {}
        rules: dict[str, Ignored] = {}
        ticked: dict[str, Ticked] = {}
        baselined: set[str] = set()
        paused = False
        for note in (note for body in bodies for note in markers.notes_in(body)):
            match note:
                case ("ignored", key, person, reason):
                    ignored[key] = Ignored(person, reason)
                case ("ignored-rule", rule, person, reason):
                    rules[rule] = Ignored(person, reason)
                case ("ticked", item, person, about):
                    ticked[item] = Ticked(person, about)
                case ("unticked", item):
                    ticked.pop(item, None)
                case ("baselined", keys):
                    baselined.update(key for key in keys.split(",") if key)
                case ("paused",) | ("resumed",):
                    paused = note == ("paused",)
        return cls(ignored, rules, paused, ticked, frozenset(baselined))

    def ignoring(self, finding: Finding) -> Ignored | None:
        """Who ignored this finding or its rule, if anybody did."""
        return self.ignored.get(markers.key(finding.fingerprint)) or self.ignored_rules.get(finding.rule)

    def accepts(self, finding: Finding) -> bool:
        """Whether the finding is among those that were accepted as they stand."""
        return markers.key(finding.fingerprint)[: markers.SHORT] in self.baselined


def ignored(fingerprint: str, by: Ignored) -> str:
    """Notes that a finding is ignored."""
    return markers.note("ignored", markers.key(fingerprint), by.person, by.reason)


def ignored_rule(rule: str, by: Ignored) -> str:
    """Notes that all findings of a rule are ignored."""
    return markers.note("ignored-rule", rule, by.person, by.reason)


def baselined(fingerprints: Iterable[str]) -> str:
    """Notes the findings that are accepted as they stand: shortened, since there may be thousands."""
    return markers.note("baselined", ",".join(markers.key(each)[: markers.SHORT] for each in fingerprints))


def paused() -> str:
    """Notes that no push is to be reviewed."""
    return markers.note("paused")


def resumed() -> str:
    """Notes that pushes are reviewed again."""
    return markers.note("resumed")


def ticked(item: str, by: Ticked) -> str:
    """Notes that a person has looked at an item of the checklist."""
    return markers.note("ticked", item, by.person, by.about)


def unticked(item: str) -> str:
    """Notes that a tick was taken back."""
    return markers.note("unticked", item)


async def read(client: Client, pull: Pull, author: str) -> Notes:
    """The notes that `author`, our own account, left in the conversation and in threads."""
    conversation = f"/repos/{pull.repository}/issues/{pull.number}/comments"
    ours: list[tuple[str, int, str]] = []
    checklist = None
    for url in (conversation, f"{pull.url}/comments"):
        async for comment in client.getiter(f"{url}?per_page=100"):
            if is_by(comment, author):
                body = comment["body"] or ""
                ours.append((comment["created_at"], comment["id"], body))
                if url == conversation and markers.is_checklist(body):
                    checklist = (comment["id"], body)
    return replace(Notes.of(body for _, _, body in sorted(ours)), checklist=checklist)


def is_by(comment: Mapping[str, Any], login: str) -> bool:
    """Whether an account wrote a comment. An App's is a bot's: no person can register a name with brackets."""
    return comment["user"] is not None and comment["user"]["login"] == login
