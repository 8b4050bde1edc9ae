"""What a scan and a review cost, beside the floor and beside other tools, on the same files in one run.

    python -m benchmarks.bench [--projects NAME,NAME] [--repeat N] [--without TOOL] [--json FILE] [--quick]

Writes a table as Markdown: wall and CPU seconds (medians of rounds in which the commands take turns, since machines are
noisy), their ratios to the floor, peak memory, and the goals with what they came to.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import PINNED, Corpus, NoWheel, cache_folder, compose, fetch, repository_of
from benchmarks.peers import PINNED as PEERS
from benchmarks.peers import Call, calls, floor
from benchmarks.process import Cost, Failed, memory_of, time_of
from benchmarks.table import Row, Rows, goals, markdown, to_dict

ROOT = Path(__file__).parents[1]
PROJECTS = ("wagtail", "flask-appbuilder", "FlaskBB")
LARGE_LINES = 1_000_000
VERSION_RUNS = 11
SLOW = 60.0
"""Seconds from which a command is timed once only: what noise adds is small beside it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A command that is measured: `cache` is the folder that each run finds a copy of, `None` for an empty one."""

    row: Row
    call: Call
    cwd: Path
    cache: Path | None = None

    def time(self) -> Cost:
        """What one run takes."""
        with _caches(self.cache) as env:
            return time_of(self.call.argv, cwd=self.cwd, env=env, codes=self.call.codes)

    def memory(self) -> float:
        """The peak of one more run, in MiB: looking costs time."""
        with _caches(self.cache) as env:
            return memory_of(self.call.argv, cwd=self.cwd, env=env, codes=self.call.codes)


@contextmanager
def _caches(filled: Path | None) -> Iterator[dict[str, str]]:
    """An environment whose caches are a copy of a folder, or empty."""
    with tempfile.TemporaryDirectory(prefix="rubricate-bench-") as scratch:
        folder = Path(scratch) / "cache"
        if filled is not None:
            shutil.copytree(filled, folder)
        yield {**os.environ, "XDG_CACHE_HOME": str(folder), "SEMGREP_SEND_METRICS": "off", "NO_COLOR": "1"}


def rubricate(*args: str) -> tuple[str, ...]:
    """The command line of this tool as a user has it."""
    program = Path(sys.executable).with_name("rubricate")
    return (*([str(program)] if program.exists() else [sys.executable, "-I", "-m", "checks"]), *args)


def own_tasks(corpus: Corpus, repository: Path, filled: Path, jobs: int) -> list[Task]:
    """Our commands on a corpus: a scan and a review, with nothing kept and with a scan of the base kept."""
    common = ("--jobs", str(jobs), "--format", "json", "--output", os.devnull, "--fail-on", "never")
    scan = Call("scan", rubricate("scan", ".", *common))
    change = ("--repo", str(repository), "--base", "base", "--head", "head")
    review = Call("review", rubricate("review", *change, *common))
    fill = {**os.environ, "XDG_CACHE_HOME": str(filled)}
    time_of(scan.argv, cwd=corpus.folder, env=fill)
    name = corpus.label
    return [
        Task(Row("scan, cold", name), scan, corpus.folder),
        Task(Row("scan, warm", name), scan, corpus.folder, filled),
        Task(Row("review of ten files, cold", name), review, repository),
        Task(Row("review of ten files, warm", name), review, repository, filled),
    ]


def measure(tasks: Sequence[Task], repeat: int) -> None:
    """Fill the tasks' rows: rounds in which each takes its turn, then one run each for memory."""
    for number in range(repeat):
        for task in tasks:
            if number and task.row.wall > SLOW:
                continue
            _say(f"round {number + 1} of {repeat}: {task.row.corpus}: {task.row.name}")
            cost = task.time()
            task.row.costs.append(cost)
            _say(f"  {cost.wall:.2f} s, {cost.cpu:.2f} s of processors")
    for task in tasks:
        _say(f"memory: {task.row.corpus}: {task.row.name}")
        task.row.memory = task.memory()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def version_seconds(runs: int) -> float:
    """How long `rubricate --version` takes, at the median."""
    env = dict(os.environ)
    return statistics.median(time_of(rubricate("--version"), cwd=ROOT, env=env).wall for _ in range(runs))


def corpora(names: Sequence[str], folder: Path) -> tuple[Corpus, Corpus]:
    """The projects named as one tree, and that one with more beside it until there are a million lines."""
    chosen = [(name, fetch(name, PINNED[name], folder)) for name in names]
    main = large = compose(chosen, folder)
    for name in PINNED:
        if large.lines >= LARGE_LINES:
            break
        if name not in names:
            chosen.append((name, fetch(name, PINNED[name], folder)))
            large = compose(chosen, folder)
    return main, large


def examples(folder: Path) -> tuple[Corpus, Corpus]:
    """This repository's own examples: small, and at hand without a network."""
    sources = [(name, ROOT / "examples" / name) for name in ("django", "flask")]
    return compose(sources[:1], folder), compose(sources, folder)


def two_cores(count: int) -> int:
    """Hold this process and all that it starts to some processors; how many there are then."""
    if not hasattr(os, "sched_setaffinity"):
        return min(count, os.cpu_count() or 1)
    usable = sorted(os.sched_getaffinity(0))[:count]
    os.sched_setaffinity(0, usable)
    return len(usable)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--projects", type=_names, default=PROJECTS, help=f"of {', '.join(PINNED)}")
    parser.add_argument("--repeat", type=int, default=3, help="rounds [default: %(default)s]")
    parser.add_argument("--without", action="append", default=[], choices=PEERS, help="tools to leave out")
    parser.add_argument("--cores", type=int, default=2, help="processors to use [default: %(default)s]")
    parser.add_argument("--folder", type=Path, default=cache_folder(), help="where wheels and tools are kept")
    parser.add_argument("--json", type=Path, help="a file for all numbers")
    parser.add_argument("--quick", action="store_true", help="the examples alone, once, without other tools")
    options = parser.parse_args(argv)
    if options.quick:
        options.repeat, options.without = 1, list(PEERS)
    return options


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    unknown = [name for name in names if name not in PINNED]
    if unknown:
        raise argparse.ArgumentTypeError(f"no pinned version of {', '.join(unknown)}")
    return names


def run(options: argparse.Namespace, scratch: Path) -> tuple[list[Row], Corpus, Corpus, int]:
    """Measure; the rows, the usual and the large corpus, and the processors that were used."""
    folder = scratch if options.quick else options.folder.resolve()
    cores = two_cores(options.cores)
    main, large = examples(folder) if options.quick else corpora(options.projects, folder)
    tasks: list[Task] = []
    for number, corpus in enumerate(dict.fromkeys((main, large))):
        _say(f"{corpus.label}: {', '.join(corpus.projects)}; {corpus.files:,} Python files")
        beside = [floor()]
        if corpus is main:
            beside += calls([name for name in PEERS if name not in options.without], folder, cores)
        tasks += [Task(Row(call.name, corpus.label), call, corpus.folder) for call in beside]
        repository = repository_of(corpus, folder)
        tasks += own_tasks(corpus, repository, scratch / f"cache-{number}", cores)
    measure(tasks, options.repeat)
    return [task.row for task in tasks], main, large, cores


def _contents(corpus: Corpus) -> str:
    names = ", ".join(f"{name} {PINNED.get(name, '')}".strip() for name in corpus.projects)
    return f"{names} ({corpus.files:,} Python files)"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and write the tables."""
    options = arguments(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="rubricate-bench-") as scratch:
            rows, usual, large, cores = run(options, Path(scratch))
    except (NoWheel, Failed) as error:
        print(error, file=sys.stderr)
        return 2
    names = {name: f"{name} {version}" for name, version in PEERS.items()}
    version = version_seconds(3 if options.quick else VERSION_RUNS)
    reached = goals(
        Rows(rows),
        usual.label,
        large.label,
        bandit=names["bandit"],
        semgrep=names["semgrep"],
        version=version,
    )
    about = {
        "Python": platform.python_version(),
        "processors": cores,
        "rounds": options.repeat,
        usual.label: _contents(usual),
        large.label: _contents(large),
    }
    print(markdown(rows, reached, about), end="")
    if options.json is not None:
        options.json.write_text(json.dumps(to_dict(rows, reached, about), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
