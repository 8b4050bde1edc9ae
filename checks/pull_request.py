"""How a team wants its pull requests reviewed: which of them, and how: the `pull-request` of its configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol, Self

from checks.errors import UserError
from checks.model import Confidence, Severity

EVENTS = ("comment", "request-changes")
MODES = ("automatic", "on-request")
BAR = ("severity", "confidence")
LEAST_SEVERITY = Severity.LOW
# What is only possible is an annotation: a wrong comment costs a team more than a missed one.
LEAST_CONFIDENCE = Confidence.MEDIUM
SEVERITIES = {each.label: each for each in Severity}
CONFIDENCES = {each.label: each for each in Confidence}
MOST_COMMENTS = 20
# A review with more comments is refused as a whole, and nobody reads them: the rest are annotations.
UTMOST_COMMENTS = 100
MOST_WORDS = 100
LONGEST_WORD = 200


class Reader(Protocol):
    """Checks a value of the configuration and gives it back, or raises UserError naming its key."""

    def mapping(self, key: str, value: Any, known: Sequence[str]) -> Mapping[str, Any]: ...

    def word(self, key: str, value: Any, known: Sequence[str]) -> str: ...

    def texts(self, key: str, value: Any) -> tuple[str, ...]: ...

    def patterns(self, key: str, value: Any) -> tuple[str, ...]: ...

    def error(self, message: str) -> UserError: ...


@dataclass(frozen=True, slots=True)
class PullRequests:
    """Which pull requests are reviewed without being asked, and how a review speaks.

    Empty `base_branches` and `paths` leave none out. `severity` and `confidence` are the least of what gets a comment.
    `onboarding` is for owners: whether the App offers their repositories a configuration.
    """

    comments: int = MOST_COMMENTS
    severity: Severity = LEAST_SEVERITY
    confidence: Confidence = LEAST_CONFIDENCE
    review_event: Literal["comment", "request-changes"] = "comment"
    code_scanning: bool = False
    mode: Literal["automatic", "on-request"] = "automatic"
    drafts: bool = False
    onboarding: bool = True
    skip_authors: tuple[str, ...] = ()
    skip_labels: tuple[str, ...] = ()
    skip_titles: tuple[str, ...] = ()
    base_branches: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @classmethod
    def read(cls, table: Any, reader: Reader) -> Self:
        """From what YAML, TOML or `to_table` gave. Raises what the reader makes of a value that does not fit."""
        given = reader.mapping("`pull-request`", table, PULL_REQUEST_KEYS)
        bar = reader.mapping("`comment-at`", given.get("comment-at", {}), BAR)
        return cls(
            comments=_count(given.get("comments", MOST_COMMENTS), reader),
            severity=SEVERITIES[
                reader.word("severity", bar.get("severity", LEAST_SEVERITY.label), tuple(SEVERITIES))
            ],
            confidence=CONFIDENCES[
                reader.word("confidence", bar.get("confidence", LEAST_CONFIDENCE.label), tuple(CONFIDENCES))
            ],
            review_event=reader.word("review-event", given.get("review-event", "comment"), EVENTS),  # type: ignore[arg-type]
            code_scanning=_switch("code-scanning", given, reader),
            mode=reader.word("mode", given.get("mode", "automatic"), MODES),  # type: ignore[arg-type]
            drafts=_switch("drafts", given, reader),
            onboarding=_switch("onboarding", given, reader, default=True),
            paths=_paths(given.get("paths", []), reader),
            **{key.replace("-", "_"): _words(key, given.get(key, []), reader) for key in WORDS},
        )

    def to_table(self) -> dict[str, Any]:
        """The same as JSON values, in the configuration's own form."""
        parts = {key.replace("_", "-"): value for key, value in asdict(self).items()}
        bar = {"severity": self.severity.label, "confidence": self.confidence.label}
        told = {key: list(value) if isinstance(value, tuple) else value for key, value in parts.items()}
        return {key: value for key, value in told.items() if key not in BAR} | {"comment-at": bar}


WORDS = ("skip-authors", "skip-labels", "skip-titles", "base-branches")
PULL_REQUEST_KEYS = tuple(PullRequests().to_table())


def _count(value: Any, reader: Reader) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= UTMOST_COMMENTS:
        raise reader.error(f"`comments` must be a whole number from 0 to {UTMOST_COMMENTS}")
    return value


def _switch(key: str, given: Mapping[str, Any], reader: Reader, *, default: bool = False) -> bool:
    value = given.get(key, default)
    if not isinstance(value, bool):
        raise reader.error(f"`{key}` must be true or false")
    return value


def _paths(value: Any, reader: Reader) -> tuple[str, ...]:
    paths = reader.patterns("paths", value)
    if len(paths) > MOST_WORDS:
        raise reader.error(f"`paths` may have {MOST_WORDS} entries")
    return paths


def _words(key: str, value: Any, reader: Reader) -> tuple[str, ...]:
    words = reader.texts(key, value)
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        raise reader.error(f"`{key}` may have {MOST_WORDS} entries of {LONGEST_WORD} characters")
    if not all(word.strip() for word in words):
        raise reader.error(f"`{key}` must not have empty entries")
    return words
