"""What the queue's records tell of reviews: how each ended, what was said, and why nothing was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from dbos import DBOS, WorkflowStatus

from bot.deliveries import Delivery
from bot.github.receptions import HOW
from bot.outcome import Outcome
from bot.review import Request

LOOKED_AT = 1000
NAMES = ("review", "stock")
WAITS, RUNS, BROKEN = "waiting", "running", "failed"
_STATES = {"ENQUEUED": WAITS, "PENDING": RUNS}
_GIVEN_UP = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_SAID = {
    WAITS: "It waits for its turn.",
    RUNS: "It is being worked on.",
    BROKEN: "It was given up.",
    "served": "These commits had been reviewed already.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One review as its record tells of it. `word` is how it ended, or where it is; `said` a sentence about it.

    `findings` counts them by rule, `received` the comments of the pull request by rule and by what became of each; the
    latter is None where the review did not come so far as to know.
    """

    at: datetime
    repository: str
    number: int
    head: str
    delivery: str
    word: str
    said: str
    seconds: float | None = None
    comments: int = 0
    is_review: bool = True
    is_group: bool = False
    findings: Mapping[str, int] = field(default_factory=dict)
    received: Mapping[str, Mapping[str, int]] | None = None

    @property
    def pull(self) -> tuple[str, int]:
        """The pull request."""
        return self.repository, self.number

    @property
    def is_quiet(self) -> bool:
        """Whether it is over and nothing was said on the pull request."""
        return self.word not in {WAITS, RUNS} and not self.comments

    @classmethod
    def of(cls, record: WorkflowStatus) -> Self:
        """What a workflow's record tells."""
        assert record.input is not None
        request = Request.from_record(record.input["args"][0])
        outcome = Outcome.from_record(record.output) if record.output else None
        word = outcome.word if outcome else _STATES.get(record.status, BROKEN)
        return cls(
            at=_time(record),
            repository=request.full_name,
            number=request.number,
            head=request.head,
            delivery=request.delivery,
            word=word,
            said=_sentence(outcome, word),
            seconds=outcome.seconds if outcome else None,
            comments=outcome.comments if outcome else 0,
            is_review=record.name == "review",
            is_group=request.group,
            findings=outcome.findings if outcome else {},
            received=outcome.received if outcome else None,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """A rule: its findings in the newest reviews, and what became of the comments on them."""

    rule: str
    findings: int
    received: Mapping[str, int]

    @property
    def comments(self) -> int:
        """All comments about the rule."""
        return sum(self.received.values())


async def entries() -> list[Entry]:
    """The newest reviews, the newest first."""
    records = await DBOS.list_workflows_async(name=list(NAMES), limit=LOOKED_AT, sort_desc=True)
    return [Entry.of(record) for record in records]


async def mishandled(most: int) -> list[tuple[datetime, str, str]]:
    """Deliveries that were taken in and not handed on: when, the id, and what they were about."""
    records = await DBOS.list_workflows_async(
        name="receive",
        status=list(_GIVEN_UP),
        limit=most,
        sort_desc=True,
        load_output=False,
    )
    return [(_time(each), each.workflow_id, _about(each)) for each in records]


def newest(found: Iterable[Entry]) -> list[Entry]:
    """The newest review of each pull request, in order. Those of a merge queue's commits say nothing on it."""
    first: dict[tuple[str, int], Entry] = {}
    for entry in found:
        if entry.is_review and not entry.is_group and entry.word != "served":
            first.setdefault(entry.pull, entry)
    return list(first.values())


def tallies(found: Sequence[Entry]) -> list[Tally]:
    """By rule, over the last that is known of each pull request; the most frequent first."""
    findings: Counter[str] = Counter()
    received: dict[str, Counter[str]] = {}
    seen: set[tuple[tuple[str, int], bool]] = set()
    for entry in found:
        if entry.received is None:
            continue
        if (entry.pull, False) not in seen:
            seen.add((entry.pull, False))
            for rule, ways in entry.received.items():
                received.setdefault(rule, Counter()).update(ways)
        if entry.is_review and (entry.pull, True) not in seen:
            seen.add((entry.pull, True))
            findings.update(entry.findings)
    rules = sorted(findings.keys() | received.keys())
    made = [
        Tally(rule, findings[rule], {how: received.get(rule, Counter())[how] for how in HOW})
        for rule in rules
    ]
    return sorted(made, key=lambda tally: -max(tally.findings, tally.comments))


def _time(record: WorkflowStatus) -> datetime:
    return datetime.fromtimestamp((record.created_at or 0) / 1000, UTC)


def _about(record: WorkflowStatus) -> str:
    assert record.input is not None
    delivery = Delivery.from_record(record.input["args"][0])
    return f"{delivery.event} {delivery.action}".strip()


def _sentence(outcome: Outcome | None, word: str) -> str:
    if outcome is None or word == "served":
        return _SAID[word]
    if outcome.comments:
        return f"{outcome.comments} {'comment' if outcome.comments == 1 else 'comments'}."
    return outcome.sentence
