"""What the rules say of the pinned projects, as they stand now."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import PINNED, fetch
from benchmarks.process import Failed

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in a project of the corpus; `confidence` is its label."""

    project: str
    rule: str
    path: str
    line: int
    confidence: str
    message: str
    fingerprint: str

    @property
    def place(self) -> tuple[str, str, str, int]:
        """What a person who judges it names."""
        return self.project, self.rule, self.path, self.line


def scan_all(folder: Path, projects: Mapping[str, str] = PINNED) -> list[Found]:
    """The findings in the pinned projects, in the order of their reports. Raises NoWheel, Failed."""
    found = []
    for name, version in projects.items():
        print(f"scanning {name} {version}", file=sys.stderr, flush=True)
        found += scan(name, fetch(name, version, folder))
    return found


def scan(name: str, tree: Path) -> list[Found]:
    """The findings in one project. Raises Failed when the scan broke or a rule crashed: a count would be wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "report.json"
        argv = [sys.executable, "-I", "-m", "checks", "scan", ".", "--fail-on", "never"]
        argv += ["--format", "json", "--output", str(output)]
        done = subprocess.run(argv, cwd=tree, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"{name}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        report: dict[str, Any] = json.loads(output.read_text())
    crashes = [problem for problem in report["problems"] if problem["kind"] == "crash"]
    if crashes:
        raise Failed("\n".join(f"{name}/{crash['path']}: {crash['message']}" for crash in crashes[:10]))
    return [read(name, finding) for finding in report["findings"]]


def read(project: str, finding: Mapping[str, Any]) -> Found:
    """A finding of a JSON report."""
    names = ("rule", "path", "line", "confidence", "message", "fingerprint")
    return Found(project, **{name: finding[name] for name in names})


def lines_of(found: Sequence[Found]) -> list[str]:
    """Where findings are and what they say, for a person who looks."""
    return [f"{one.path}:{one.line} [{one.confidence}] {one.message}" for one in found]
