"""Scan large public projects and review one release of each against the one before: counts, seconds, memory.

Fetches wheels (they hold the sources, templates and migrations; nothing is built or run) into a folder, makes of two
releases a repository with two commits, and runs the command on them as a user would.

    python -m benchmarks.releases [--folder DIR] [NAME ...]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from benchmarks.corpus import NoWheel, cache_folder, fetch, git, pip

PROJECTS = (
    "wagtail",
    "weblate",
    "pretix",
    "pretalx",
    "django-oscar",
    "django-cms",
    "kolibri",
    "apache-superset",
    "flask-appbuilder",
    "nautobot",
    "mayan-edms",
    "arches",
)
TOOL = [sys.executable, "-I", "-m", "checks"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of the command said and cost: CPU and wall seconds, peak memory in MiB."""

    report: dict[str, object]
    seconds: float
    memory: float


def versions(name: str) -> list[str]:
    """The final releases of a project, newest first."""
    listed = re.search(r"Available versions: (.*)", pip("index", "versions", name).stdout)
    found = []
    for text in listed[1].split(", ") if listed else []:
        try:
            version = Version(text)
        except InvalidVersion:
            continue
        if not version.is_prerelease:
            found.append(text)
    return found


def repository_of(name: str, old: Path, new: Path, folder: Path) -> Path:
    """A bare repository with two commits, `v1` and `v2`."""
    repository = folder / f"{name}.git"
    if not repository.exists():
        subprocess.run(["git", "init", "--quiet", "--bare", str(repository)], check=True)
        for tag, tree in (("v1", old), ("v2", new)):
            git(repository, "add", "--all", "--force", ".", tree=tree)
            git(repository, "commit", "--quiet", "--message", tag, tree=tree)
            git(repository, "tag", tag)
    return repository


def run(*args: str, cwd: Path) -> Measured:
    """Run the command; raise when it broke."""
    started = time.monotonic()
    done = subprocess.run([*TOOL, *args, "--format", "json"], capture_output=True, cwd=cwd, check=False)
    seconds = time.monotonic() - started
    if done.returncode not in (0, 1):
        raise SystemExit(f"{args}: exit {done.returncode}: {done.stderr.decode()[-2000:]}")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Measured(json.loads(done.stdout), seconds, memory)


def measure(name: str, folder: Path, results: Path) -> str:
    """One project's line: what its newest release and the step to it gave."""
    found = versions(name)
    fetched = _fetched(name, found[:6], folder)
    if not fetched:
        return f"{name}: no wheel"
    version, newest = fetched[0]
    scanned = run("scan", ".", "--no-cache", "--fail-on", "never", cwd=newest)
    (results / f"{name}.scan.json").write_text(json.dumps(scanned.report, indent=1))
    line = f"{name} {version}: scan {_said(scanned)}"
    if len(fetched) == 2:
        repository = repository_of(name, fetched[1][1], newest, folder)
        reviewed = run(
            "review", "--repo", str(repository), "--base", "v1", "--head", "v2", "--no-cache", cwd=folder
        )
        (results / f"{name}.review.json").write_text(json.dumps(reviewed.report, indent=1))
        line += f"\n    review {fetched[1][0]} -> {version} {_said(reviewed)}"
    return line


def _fetched(name: str, versions: Sequence[str], folder: Path) -> list[tuple[str, Path]]:
    """The first two releases that have a wheel."""
    found: list[tuple[str, Path]] = []
    for version in versions:
        if len(found) == 2:
            break
        with contextlib.suppress(NoWheel):
            found.append((version, fetch(name, version, folder)))
    return found


def _said(measured: Measured) -> str:
    report = measured.report
    rules = Counter(finding["rule"] for finding in report["findings"])  # type: ignore[attr-defined]
    problems = Counter(problem["kind"] for problem in report["problems"])  # type: ignore[attr-defined]
    lines = report["statistics"]["lines"]  # type: ignore[index]
    counts = ", ".join(f"{rule} {count}" for rule, count in rules.most_common())
    return (
        f"{lines:,} lines in {measured.seconds:.1f} s, {measured.memory:.0f} MiB at most so far; "
        f"problems {dict(problems)}; findings {sum(rules.values())}: {counts}"
    )


def main() -> None:
    """Measure the projects named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=cache_folder())
    parser.add_argument("names", nargs="*", default=PROJECTS)
    options = parser.parse_args()
    folder = options.folder.resolve()
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    os.environ["NO_COLOR"] = "1"
    for name in options.names:
        print(measure(name, folder, results), flush=True)


if __name__ == "__main__":
    main()
