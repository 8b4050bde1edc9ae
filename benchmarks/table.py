"""What was measured as tables with ratios, and the goals with what they came to: Markdown, and JSON for programs."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.process import Cost

FLOOR = "ast.parse of every file"


@dataclass(slots=True)
class Row:
    """One command on one corpus: its costs of all rounds, and its peak memory in MiB, `None` when not measured."""

    name: str
    corpus: str
    costs: list[Cost] = field(default_factory=list)
    memory: float | None = None

    @property
    def wall(self) -> float:
        """The median of the wall-clock seconds."""
        return statistics.median(cost.wall for cost in self.costs)

    @property
    def cpu(self) -> float:
        """The median of the processor seconds."""
        return statistics.median(cost.cpu for cost in self.costs)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a number should come to; `value` is `None` where this run did not measure it."""

    name: str
    value: float | None
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether it came to that; `None` when it was not measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


class Rows:
    """The rows by corpus and name."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {(row.corpus, row.name): row for row in rows}

    def wall(self, corpus: str, name: str) -> float | None:
        """The median wall-clock seconds of a row that is there."""
        row = self._rows.get((corpus, name))
        return row.wall if row is not None else None

    def memory(self, corpus: str, name: str) -> float | None:
        """The peak memory of a row that is there, in MiB."""
        row = self._rows.get((corpus, name))
        return row.memory if row is not None else None


def ratio(value: float | None, to: float | None) -> float | None:
    """How many times `to` a value is; `None` when one of them is missing."""
    return value / to if value is not None and to else None


def goals(rows: Rows, main: str, large: str, *, bandit: str, semgrep: str, version: float) -> list[Goal]:
    """What this tool promises, on two cores; `version` is the seconds of `rubricate --version`."""
    cold, warm = rows.wall(main, "scan, cold"), rows.wall(main, "scan, warm")
    once, again = rows.wall(main, "review of ten files, cold"), rows.wall(main, "review of ten files, warm")
    far_once = rows.wall(large, "review of ten files, cold")
    far_again = rows.wall(large, "review of ten files, warm")
    return [
        Goal("cold scan: times the floor", ratio(cold, rows.wall(main, FLOOR)), 3),
        Goal("bandit: times the cold scan", ratio(rows.wall(main, bandit), cold), 5, at_least=True),
        Goal("semgrep: times the cold scan", ratio(rows.wall(main, semgrep), cold), 30, at_least=True),
        Goal("warm scan: part of the cold one", ratio(warm, cold), 0.1),
        Goal(f"review, cold, in {main}", once, 2, "s"),
        Goal(f"review, warm, in {main}", again, 0.7, "s"),
        Goal(f"review, cold: {large} beside {main}", ratio(far_once, once), 2),
        Goal(f"review, warm: {large} beside {main}", ratio(far_again, again), 2),
        Goal(f"memory of a cold scan of {large}", rows.memory(large, "scan, cold"), 1000, "MiB"),
        Goal(
            f"memory of a cold review in {large}",
            rows.memory(large, "review of ten files, cold"),
            1000,
            "MiB",
        ),
        Goal("`rubricate --version`", version, 0.08, "s"),
    ]


def markdown(rows: Sequence[Row], goals: Sequence[Goal], about: Mapping[str, object]) -> str:
    """The tables as Markdown, with what they were measured on."""
    lines = [f"{key}: {value}  " for key, value in about.items()]
    for corpus in dict.fromkeys(row.corpus for row in rows):
        lines += ["", f"### {corpus}", "", *_table([row for row in rows if row.corpus == corpus])]
    lines += ["", "### Goals", "", "| goal | limit | measured | |", "| --- | ---: | ---: | --- |"]
    lines += [_goal(goal) for goal in goals]
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> Iterable[str]:
    floor = next((row for row in rows if row.name == FLOOR), None)
    yield "| | wall s (least to most) | CPU s | wall / floor | CPU / floor | peak MiB |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for row in rows:
        walls = [cost.wall for cost in row.costs]
        spread = f"{row.wall:.2f} ({min(walls):.2f} to {max(walls):.2f})"
        ratios = (
            (f"{row.wall / floor.wall:.2f}", f"{row.cpu / floor.cpu:.2f}") if floor is not None else ("", "")
        )
        memory = f"{row.memory:.0f}" if row.memory is not None else ""
        yield f"| {row.name} | {spread} | {row.cpu:.2f} | {ratios[0]} | {ratios[1]} | {memory} |"


def _goal(goal: Goal) -> str:
    verdict = {True: "met", False: "not met", None: "not measured"}[goal.met]
    sign = "at least" if goal.at_least else "at most"
    value = "" if goal.value is None else f"{goal.value:.3g} {goal.unit}".strip()
    return f"| {goal.name} | {sign} {goal.limit:g} {goal.unit}".rstrip() + f" | {value} | {verdict} |"


def to_dict(rows: Sequence[Row], goals: Sequence[Goal], about: Mapping[str, object]) -> dict[str, object]:
    """All of it as JSON values, each round's costs included."""
    return {
        "about": dict(about),
        "rows": [{**asdict(row), "wall": row.wall, "cpu": row.cpu} for row in rows],
        "goals": [{**asdict(goal), "met": goal.met} for goal in goals],
    }
