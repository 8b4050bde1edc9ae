"""How many deleted eager loads a review reports: arguments that loops in real projects use, taken out one by one.

`removed_loads.jsonl` holds a random sample of the arguments of `select_related`, `prefetch_related` and their kin in
pinned releases, in the order in which they were drawn, each with what people who read the code said of it: `used` by
a loop, and where; read of a `single` row; `unused`; or `other` where something else loads the same. Only those that
are used count: each is deleted from its file, and the change is reviewed.

    python -m benchmarks.removed_loads [--folder DIR] [--project NAME ...] [--json FILE] [--missed]
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from benchmarks.corpus import PINNED, NoWheel, cache_folder, fetch
from checks.config import Config
from checks.engine.overlay import OverlayTree
from checks.engine.revisions import diff
from checks.engine.run import review
from checks.engine.tree import FolderTree, Tree
from checks.model import Report
from checks.registry import all_rules

SAMPLE = Path(__file__).with_suffix(".jsonl")
GOAL = 0.9
_ITEM = "performance.n-plus-one"


@dataclass(frozen=True, slots=True)
class Load:
    """An argument of the sample: where it stands, and what was said of it."""

    project: str
    path: str
    line: int
    column: int
    argument: str
    verdict: str
    how: str
    access: str

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"{self.project} {self.path}:{self.line} {self.argument}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a review said of a deletion: the messages of new findings of the checklist's item."""

    load: Load
    messages: tuple[str, ...]


def sample(path: Path = SAMPLE) -> list[Load]:
    """The sample in its order."""
    names = Load.__slots__
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Load(**{name: row.get(name, "") for name in names}) for row in rows]


def without(text: str, line: int, column: int) -> str:
    """A source text without the argument at a place (1-based, columns of `ast` plus one).

    With the last argument goes the call itself. Raises LookupError where there is no such argument.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            for argument in node.args:
                if (argument.lineno, argument.col_offset + 1) == (line, column):
                    return _without(text, node, argument)
    raise LookupError(f"no argument at {line}:{column}")


def _without(text: str, call: ast.Call, argument: ast.expr) -> str:
    lines = text.encode().split(b"\n")
    starts = [0]
    for one in lines:
        starts.append(starts[-1] + len(one) + 1)

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column

    data = text.encode()
    start = offset(argument.lineno, argument.col_offset)
    end = offset(argument.end_lineno or 0, argument.end_col_offset or 0)
    if len(call.args) == 1 and not call.keywords and isinstance(call.func, ast.Attribute):
        receiver = call.func.value
        start = offset(receiver.end_lineno or 0, receiver.end_col_offset or 0)
        end = offset(call.end_lineno or 0, call.end_col_offset or 0)
        return (data[:start] + data[end:]).decode()
    behind = data[end:]
    comma = len(behind) - len(behind.lstrip(b" \t\n")) if behind.lstrip(b" \t\n").startswith(b",") else -1
    if comma >= 0:
        end += comma + 1
        rest = data[end:]
        blank = len(rest) - len(rest.lstrip(b" \t"))
        end += blank
        before = data[:start].rpartition(b"\n")[2]
        if not before.strip() and data[end : end + 1] == b"\n":
            start, end = start - len(before), end + 1  # a line of its own goes whole
    return (data[:start] + data[end:]).decode()


def outcomes(loads: Sequence[Load], folder: Path) -> Iterator[Outcome]:
    """What a review says of each deletion."""
    rules = [rule for rule in all_rules() if rule.checklist == _ITEM]
    trees: dict[str, FolderTree] = {}
    for load in loads:
        if load.project not in trees:
            trees[load.project] = FolderTree(fetch(load.project, PINNED[load.project], folder))
        base = trees[load.project]
        text = base.read(load.path).decode()
        head: Tree = OverlayTree(base, {load.path: without(text, load.line, load.column).encode()})
        report: Report = review(base, head, diff(base, head), Config(), rules=rules)
        gc.collect()
        yield Outcome(
            load, tuple(f"{one.path}:{one.span.line} {one.rule} {one.message}" for one in report.findings)
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the share by project and by kind of use, and fail below the goal."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.removed_loads", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--folder", type=Path, default=cache_folder() / "wheels", help="where wheels are kept"
    )
    parser.add_argument(
        "--project", action="append", choices=sorted(PINNED), help="only this one; repeat for more"
    )
    parser.add_argument("--json", type=Path, help="write what was reported of each deletion to this file")
    parser.add_argument("--missed", action="store_true", help="name the deletions that nothing was said of")
    options = parser.parse_args(argv)
    chosen = [load for load in sample() if load.verdict == "used"]
    if options.project:
        chosen = [load for load in chosen if load.project in options.project]
    done: list[Outcome] = []
    try:
        for outcome in outcomes(chosen, options.folder):
            done.append(outcome)
            print(f"\r{len(done)} of {len(chosen)}", end="", file=sys.stderr, flush=True)
    except NoWheel as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    print(file=sys.stderr)
    _print(done, missed=options.missed)
    if options.json:
        options.json.write_text(json.dumps([_row(one) for one in done], indent=1) + "\n", encoding="utf-8")
    return 0 if sum(bool(one.messages) for one in done) >= GOAL * len(done) else 1


def _print(done: Sequence[Outcome], *, missed: bool) -> None:
    for title, key in (("project", attrgetter("load.project")), ("use", attrgetter("load.how"))):
        total = Counter(key(one) for one in done)
        found = Counter(key(one) for one in done if one.messages)
        for name, count in sorted(total.items()):
            print(f"{title} {name}: {found[name]} of {count}")
    found_in_all = sum(bool(one.messages) for one in done)
    share = found_in_all / len(done) if done else 1.0
    print(f"all: {found_in_all} of {len(done)}, {share:.0%} (goal {GOAL:.0%})")
    for one in done if missed else ():
        if not one.messages:
            print(f"missed: {one.load.place} [{one.load.how}] read at {one.load.access}")


def _row(one: Outcome) -> dict[str, Any]:
    return {"place": one.load.place, "how": one.load.how, "reported": list(one.messages)}


if __name__ == "__main__":
    sys.exit(main())
