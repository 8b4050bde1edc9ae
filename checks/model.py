"""What a review says, as frozen data: imported by all, imports none of ours.

Lines and columns count from 1; columns count characters, and an end column is exclusive, as in SARIF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum


class Severity(IntEnum):
    """How bad the defect is where it is real."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word that reports and the configuration use."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the rule is that the defect is real."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        """The lower-case word that reports and the configuration use."""
        return self.name.lower()


class Verdict(Enum):
    """What the checklist answers for an item."""

    PASS = "pass"
    FAIL = "fail"
    ATTENTION = "attention"
    NOT_APPLICABLE = "not applicable"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file's text."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a trace: where a value passed on its way to the defect."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Whole lines of one file replaced.

    `replacement` ends with a newline unless it is empty, which deletes the lines. Its newlines are `\\n` whatever the
    file uses. An insertion before `start_line` has `end_line == start_line - 1`.
    """

    path: str
    start_line: int
    end_line: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposed change: `safe` when behaviour is kept but for the defect. The title is the advice."""

    title: str
    safe: bool
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletedLine:
    """A line of the base that the change deleted, and that was what kept the defect away."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect at one place.

    `scope` is the enclosing qualified name and `source` the normalised text of the node: with rule, path and the
    ordinal among equals they make the `fingerprint`, which holds no line number. `cause_hint` is a regular expression
    that finds, among the lines that a change deleted, the one that had kept the defect away (`timeout\\s*=`).
    `parts` name what one finding sums up (relations that a query lacks): one with a part that was not there is new.
    """

    rule: str
    checklist: str
    severity: Severity
    confidence: Confidence
    cwe: int | None
    path: str
    span: Span
    message: str
    advice: str = ""
    scope: str = ""
    source: str = ""
    fingerprint: str = ""
    trace: tuple[Step, ...] = ()
    fix: Fix | None = None
    caused_by: DeletedLine | None = None
    cause_hint: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be checked, and why: nothing is skipped in silence.

    `kind` is one word: syntax, encoding, too-large, too-deep, unreadable, crash, time, suppression, configuration.
    """

    path: str
    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """A way in which the change excuses itself from review: a suppression comment, a configuration or baseline edit."""

    kind: str
    path: str
    line: int
    rules: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """A spot that a person should look at."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class ChecklistEntry:
    """The answer to one item: the verdict and its evidence.

    `checked` counts the places that the item's rules looked at; `findings` are fingerprints; `evidence` is a sentence.
    """

    item: str
    title: str
    verdict: Verdict
    checked: int
    findings: tuple[str, ...]
    evidence: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the run cost, and how the findings spread; `seconds` is wall-clock time."""

    files: int = 0
    lines: int = 0
    seconds: float = 0.0
    suppressed: int = 0
    baselined: int = 0
    known: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a scan or a review has to say.

    `sources` maps the path of each file that holds a finding to its text, for excerpts; `gate` is the severity at
    which a finding fails the run, `None` for never. `base` and `head` name the commits of a review.
    """

    findings: tuple[Finding, ...]
    checklist: tuple[ChecklistEntry, ...]
    problems: tuple[Problem, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    statistics: Statistics = field(default_factory=Statistics)
    sources: Mapping[str, str] = field(default_factory=dict)
    gate: Severity | None = Severity.HIGH
    base: str | None = None
    head: str | None = None

    @property
    def failed(self) -> bool:
        """Whether a finding reaches the gate."""
        return self.gate is not None and any(finding.severity >= self.gate for finding in self.findings)
