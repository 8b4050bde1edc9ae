"""How a team wants to be spoken to, and what the token lets us say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

from bot.github.client import Client
from checks.model import Confidence, Finding, Severity
from checks.pull_request import LEAST_CONFIDENCE, LEAST_SEVERITY, MOST_COMMENTS, PullRequests


@dataclass(frozen=True, slots=True)
class Manner:
    """How findings are said. The gate, which decides the check's conclusion, is the report's own.

    At most `most_comments` inline comments a push, on findings of at least `severity` and `confidence`; with
    `request-changes` the review of a finding that reaches the gate blocks the merge until none stands any more. With
    `code_scanning` findings go to GitHub's own alerts as well.
    """

    most_comments: int = MOST_COMMENTS
    severity: Severity = LEAST_SEVERITY
    confidence: Confidence = LEAST_CONFIDENCE
    review_event: Literal["comment", "request-changes"] = "comment"
    code_scanning: bool = False

    @classmethod
    def of(cls, settings: PullRequests) -> Self:
        """What a repository's configuration says of it."""
        return cls(
            most_comments=settings.comments,
            severity=settings.severity,
            confidence=settings.confidence,
            review_event=settings.review_event,
            code_scanning=settings.code_scanning,
        )

    def speaks_of(self, finding: Finding) -> bool:
        """Whether the finding is worth a comment."""
        return finding.severity >= self.severity and finding.confidence >= self.confidence


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the token may write. `aside`: what has no comment is shown in another place than a check run of ours."""

    comment: bool = True
    check: bool = True
    aside: bool = False


class Lender(Protocol):
    """Lends a client with a few permissions for one purpose; None where they were not granted."""

    async def __call__(self, **permissions: str) -> Client | None: ...


@dataclass(frozen=True, slots=True)
class Voice:
    """As whom we speak: the login that the token writes under, what it may write, and how the team wants it.

    `lend` is asked for rights that most reviews have no use for.
    """

    author: str
    may: Capabilities = field(default_factory=Capabilities)
    manner: Manner = field(default_factory=Manner)
    lend: Lender | None = None
