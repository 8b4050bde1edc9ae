"""What we said earlier on a pull request, and the comments that are still to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.github import markers
from bot.github.client import Client
from checks.model import Finding, Report
from checks.placement import Placement
from checks.report import markdown

LONGEST_BODY = 65_536  # characters: GitHub answers 422 "Body is too long (maximum is 65536 characters)"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request at one head: the repository's full name, its number, and the two commits."""

    repository: str
    number: int
    head: str
    base: str

    @property
    def url(self) -> str:
        """The pull request's address in the REST interface."""
        return f"/repos/{self.repository}/pulls/{self.number}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What our own account said: findings with a comment, findings left to a check run, and the reviews."""

    commented: frozenset[str]
    told: frozenset[str]
    reviews: tuple[Mapping[str, Any], ...]

    def knows(self, fingerprint: str) -> bool:
        """Whether this finding was said before, in whichever form."""
        key = markers.key(fingerprint)
        return key in self.commented or key[: markers.SHORT] in self.told

    def review(self, mark: str) -> Mapping[str, Any] | None:
        """The submitted review that carries the mark."""
        return next(
            (each for each in self.reviews if mark in each["body"] and each["state"] != "PENDING"), None
        )

    @property
    def pending(self) -> Mapping[str, Any] | None:
        """A review that was begun and never submitted: only its author sees it."""
        return next((each for each in self.reviews if each["state"] == "PENDING"), None)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of a review, ready to be sent."""

    finding: Finding
    placement: Placement
    body: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a push adds: comments, the findings left to the check run, and those of them that are new."""

    comments: tuple[Comment, ...]
    annotated: tuple[Finding, ...]
    told: tuple[str, ...]


async def earlier(client: Client, pull: Pull, author: str) -> Earlier:
    """Read what `author` wrote on the pull request, every page of it."""
    commented: set[str] = set()
    async for comment in client.getiter(f"{pull.url}/comments?per_page=100"):
        if _is_by(comment, author):
            commented |= markers.findings_in(comment["body"] or "")
    reviews = [
        each async for each in client.getiter(f"{pull.url}/reviews?per_page=100") if _is_by(each, author)
    ]
    told: set[str] = set()
    for review in reviews:
        commented |= markers.findings_in(review["body"] or "") if review["state"] != "PENDING" else set()
        told |= markers.told_in(review["body"] or "")
    return Earlier(frozenset(commented), frozenset(told), tuple(reviews))


def plan(report: Report, placements: Sequence[Placement], said: Earlier, most: int) -> Plan:
    """Choose what is new: at most `most` comments, the worst and surest first; the rest is left to the check run."""
    placed = {placement.fingerprint: placement for placement in placements}
    comments: list[Comment] = []
    told: list[str] = []
    for finding in sorted(report.findings, key=_weight):
        placement = placed.get(finding.fingerprint)
        if said.knows(finding.fingerprint) or placement is None or placement.kind == "annotation":
            continue
        if len(comments) < most:
            comments.append(Comment(finding, placement, _body(finding, placement, report.sources)))
        else:
            told.append(finding.fingerprint)
    visible = {comment.finding.fingerprint for comment in comments}
    annotated = (
        each
        for each in sorted(report.findings, key=_weight)
        if each.fingerprint not in visible and markers.key(each.fingerprint) not in said.commented
    )
    return Plan(tuple(comments), tuple(annotated), tuple(told))


def _body(finding: Finding, placement: Placement, sources: Mapping[str, str]) -> str:
    """The comment with its mark at the end."""
    text = markdown.comment(finding, suggestion=placement.suggestion, sources=sources)
    return f"{sendable(text)}\n\n{markers.finding(finding.fingerprint)}"


def sendable(text: str) -> str:
    """The text without what JSON can't carry to GitHub: bytes of a path or a file that are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _weight(finding: Finding) -> tuple[int, int, str, int, int, str]:
    span = finding.span
    return (-finding.severity, -finding.confidence, finding.path, span.line, span.column, finding.fingerprint)


def _is_by(thing: Mapping[str, Any], author: str) -> bool:
    """An App's account is a bot's: no person can register a name with brackets."""
    return thing["user"] is not None and thing["user"]["login"] == author
