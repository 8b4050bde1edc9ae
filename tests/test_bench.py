"""The benchmark measures what it says: children count, goals are judged, and each row is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from benchmarks.corpus import CHANGED_FILES, compose, git, repository_of
from benchmarks.peers import RULES
from benchmarks.process import MIB, Cost, Failed, memory_of, time_of
from benchmarks.table import Goal, Row, Rows, markdown, ratio
from checks.checklist import ITEMS
from tests.source import ROOT

ROWS = {
    "ast.parse of every file",
    "scan, cold",
    "scan, warm",
    "review of ten files, cold",
    "review of ten files, warm",
}
BUSY = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
LARGE = "import time; held = bytearray(60_000_000); held[::4096] = b'x' * len(held[::4096]); time.sleep(0.3)"


def python(code: str, *args: str) -> list[str]:
    return [sys.executable, "-I", "-c", code, *args]


def in_child(code: str, times: int) -> list[str]:
    """A process that does nothing of itself, and whose children run some code at the same time."""
    start = "import subprocess, sys\nall = [subprocess.Popen([sys.executable, '-I', '-c', sys.argv[1]])"
    return python(f"{start} for _ in range({times})]\nfor one in all: one.wait()", code)


def test_a_quick_run_writes_every_row_and_goal(tmp_path: Path) -> None:
    numbers = tmp_path / "numbers.json"
    argv = [sys.executable, "-m", "benchmarks.bench", "--quick", "--json", str(numbers)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    measured = json.loads(numbers.read_text())
    corpora = {row["corpus"] for row in measured["rows"]}
    assert len(corpora) == 2
    assert {(row["corpus"], row["name"]) for row in measured["rows"]} == {
        (c, r) for c in corpora for r in ROWS
    }
    assert all(row["wall"] > 0 and row["cpu"] > 0 and row["memory"] > 5 for row in measured["rows"])
    unmeasured = {goal["name"] for goal in measured["goals"] if goal["met"] is None}
    assert unmeasured == {"bandit: times the cold scan", "semgrep: times the cold scan"}
    for said in (*ROWS, *corpora, *(goal["name"] for goal in measured["goals"])):
        assert said in done.stdout


def test_the_time_of_children_counts(tmp_path: Path) -> None:
    cost = time_of(in_child(BUSY, 2), cwd=tmp_path, env={})
    assert cost.cpu >= 0.6
    assert cost.wall >= 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't tell of each process")
def test_the_memory_of_children_is_added_up(tmp_path: Path) -> None:
    assert memory_of(in_child(LARGE, 2), cwd=tmp_path, env={}) * MIB > 120_000_000


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="exit code 3\nout of order"):
        time_of(python("import sys; sys.stderr.write('out of order'); sys.exit(3)"), cwd=tmp_path, env={})
    time_of(python("import sys; sys.exit(3)"), cwd=tmp_path, env={}, codes=(0, 3))


@pytest.mark.parametrize(
    ("value", "limit", "at_least", "met"),
    [
        (2.0, 3, False, True),
        (3.1, 3, False, False),
        (6, 5, True, True),
        (4, 5, True, False),
        (None, 5, True, None),
    ],
)
def test_goals_are_judged(value: float | None, limit: float, at_least: bool, met: bool | None) -> None:
    assert Goal("", value, limit, at_least=at_least).met is met


def test_tables_show_medians_and_ratios_to_the_floor() -> None:
    floor = Row("ast.parse of every file", "10 lines", [Cost(2, 2), Cost(1, 1), Cost(9, 9)], 10)
    scan = Row("scan, cold", "10 lines", [Cost(5, 8)])
    said = markdown([floor, scan], [Goal("scan", 2.5, 3), Goal("semgrep", None, 30)], {"rounds": 3})
    assert "| ast.parse of every file | 2.00 (1.00 to 9.00) | 2.00 | 1.00 | 1.00 | 10 |" in said
    assert "| scan, cold | 5.00 (5.00 to 5.00) | 8.00 | 2.50 | 4.00 |  |" in said
    assert "| scan | at most 3 | 2.5 | met |" in said
    assert "| semgrep | at most 30 |  | not measured |" in said


def test_a_ratio_needs_both_numbers() -> None:
    rows = Rows([Row("a", "here", [Cost(4, 1)], 7)])
    assert ratio(rows.wall("here", "a"), 2.0) == 2
    assert ratio(rows.wall("here", "b"), 2.0) is None
    assert ratio(1.0, rows.wall("there", "a")) is None
    assert (rows.memory("here", "a"), rows.memory("here", "b")) == (7, None)


def test_the_change_is_of_ten_files_that_are_no_tests(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "tests").mkdir(parents=True)
    for number in range(35):
        (project / f"module_{number:02}.py").write_text("x = 1\n" * 60)
        (project / "tests" / f"test_{number:02}.py").write_text("x = 1\n" * 60)
    corpus = compose([("shop", project)], tmp_path)
    assert (corpus.files, corpus.lines) == (70, 4200)
    repository = repository_of(corpus, tmp_path)
    changed = git(repository, "diff", "--name-only", "base", "head").split()
    assert len(changed) == CHANGED_FILES
    assert all(path.startswith("shop/module_") for path in changed)
    assert len(git(repository, "ls-tree", "-r", "--name-only", "head").split()) == 71
    assert repository_of(corpus, tmp_path) == repository


@pytest.mark.parametrize("path", sorted(RULES.glob("*.yml")), ids=lambda path: path.stem)
def test_the_rules_for_semgrep_name_items_of_the_checklist(path: Path) -> None:
    rules = yaml.safe_load(path.read_text())["rules"]
    assert {rule["metadata"]["checklist"] for rule in rules} <= {item for item in ITEMS if "security" in item}
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["languages"] == ["python"] for rule in rules)
