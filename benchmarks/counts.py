"""How many findings each rule has in each of the pinned projects: kept in the repository, so that a change is seen.

    python -m benchmarks.counts [--check]

Prints what changed since the counts were written: new and gone findings by rule and project, with place and message.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.corpus import PINNED, NoWheel, cache_folder
from benchmarks.findings import CONFIDENCES, CORPUS, Found, lines_of, scan_all
from benchmarks.process import Failed

COUNTS = CORPUS / "counts.json"
MAX_LISTED = 40
"""Findings of one rule in one project that are listed at most."""

Cells = dict[tuple[str, str], dict[str, int]]


def render(found: Sequence[Found], versions: Mapping[str, str] = PINNED) -> str:
    """The file: per project its version, and per rule the findings of each confidence."""
    cells = count(found)
    projects = {
        name: {
            "version": version,
            "findings": {rule: cells[project, rule] for project, rule in sorted(cells) if project == name},
        }
        for name, version in sorted(versions.items(), key=lambda item: item[0].lower())
    }
    return json.dumps(projects, indent=1) + "\n"


def count(found: Sequence[Found]) -> Cells:
    """The findings of each confidence, by project and rule."""
    counted = Counter((one.project, one.rule, one.confidence) for one in found)
    cells: Cells = {}
    for project, rule, confidence in sorted(counted, key=lambda key: (*key[:2], CONFIDENCES.index(key[2]))):
        cells.setdefault((project, rule), {})[confidence] = counted[project, rule, confidence]
    return cells


def parse(text: str) -> Cells:
    """The counts of a file's text."""
    return {
        (project, rule): counts
        for project, entry in json.loads(text).items()
        for rule, counts in entry["findings"].items()
    }


def versions_of(text: str) -> dict[str, str]:
    """The versions that a file's counts are about, by project."""
    return {project: entry["version"] for project, entry in json.loads(text).items()}


def changes(before: Cells, found: Sequence[Found], then: Sequence[Found] | None) -> Iterator[str]:
    """What changed, in lines for a person. `then` are the findings behind `before`, `None` when they were not kept."""
    now = count(found)
    for cell in sorted({*before, *now}):
        here = [one for one in found if (one.project, one.rule) == cell]
        there = [one for one in then or () if (one.project, one.rule) == cell]
        new, gone = _without(here, there), _without(there, here)
        numbers = before.get(cell, {}), now.get(cell, {})
        if numbers[0] == numbers[1] and (then is None or not (new or gone)):
            continue
        project, rule = cell
        yield f"{rule} in {project}: {_said(numbers[0])} -> {_said(numbers[1])}"
        yield from _listed("  gone ", gone)
        yield from _listed("  now  " if then is None else "  new  ", new)


def _without(some: Sequence[Found], others: Sequence[Found]) -> list[Found]:
    known = {(one.fingerprint, one.confidence) for one in others}
    return [one for one in some if (one.fingerprint, one.confidence) not in known]


def _said(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {confidence}" for confidence, number in counts.items()) or "none"


def _listed(mark: str, found: Sequence[Found]) -> Iterator[str]:
    yield from (mark + line for line in lines_of(found[:MAX_LISTED]))
    if len(found) > MAX_LISTED:
        yield f"{mark}and {len(found) - MAX_LISTED} more"


class Snapshots:
    """The findings behind counts that were written on this machine, kept beside the corpus by the counts' digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "findings"

    def get(self, counts: str) -> list[Found] | None:
        """The findings behind a file's text; `None` when they are not here."""
        try:
            return [Found(**one) for one in json.loads(self._path(counts).read_text())]
        except OSError:
            return None

    def put(self, counts: str, found: Sequence[Found]) -> None:
        """Keep the findings behind a file's text."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._path(counts).write_text(json.dumps([asdict(one) for one in found]))

    def _path(self, counts: str) -> Path:
        return self._folder / f"{hashlib.sha256(counts.encode()).hexdigest()[:24]}.json"


def update(path: Path, found: Sequence[Found], snapshots: Snapshots, *, check: bool) -> list[str]:
    """Compare with the counts of a file, and write them anew unless only asked to check; what changed."""
    before = path.read_text() if path.exists() else "{}\n"
    after = render(found)
    then = snapshots.get(before)
    said = list(changes(parse(before), found, then))
    if after != before and not said:
        said = ["the projects or their versions"]
    if said and then is None:
        said.insert(0, "(the findings behind the counts are not kept on this machine: all of now are listed)")
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(after)
    if not check or after == before:
        snapshots.put(after, found)
    return said


def main(argv: Sequence[str] | None = None) -> int:
    """Scan the pinned projects and say what changed; exit code 1 when it is to be none and is not."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.counts", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="write nothing; a difference is an error")
    parser.add_argument("--folder", type=Path, default=cache_folder(), help="where wheels are kept")
    options = parser.parse_args(argv)
    folder = options.folder.resolve()
    try:
        found = scan_all(folder)
    except (NoWheel, Failed) as error:
        print(error, file=sys.stderr)
        return 2
    said = update(COUNTS, found, Snapshots(folder), check=options.check)
    print("\n".join(said) if said else "nothing changed")
    return 1 if said and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
