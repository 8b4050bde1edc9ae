"""How a review ended, as it is kept in its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from bot.github.receptions import Receptions


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a review ended: `reviewed`, `stopped` (nobody wants it any more), or `failed`.

    The last two with one plain sentence and the conclusion for the check run; `reviewed` with a sentence where no
    comment was made. `findings` are counted by rule, `received` as `bot.github.receptions` does; None: not known.
    """

    word: str
    sentence: str = ""
    conclusion: str = "failure"
    comments: int = 0
    annotations: int = 0
    seconds: float = 0.0
    findings: Mapping[str, int] = field(default_factory=dict)
    received: Receptions | None = None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """What `to_record` wrote, read back."""
        return cls(**record)

    def to_record(self) -> dict[str, Any]:
        """The outcome as JSON values."""
        return asdict(self)
