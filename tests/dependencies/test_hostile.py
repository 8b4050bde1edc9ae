"""Projects whose dependency files are made to take time."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from checks.config import Config
from checks.engine.run import scan
from checks.engine.tree import DictTree
from checks.registry import all_rules

ROOT = '[[package]]\nname = "shop"\nsource = {virtual = "."}\ndependencies = ['
LINES = "".join(f"p{number}>=1; python_version < '3.{number % 30}.{number}'\n" for number in range(8_000))
NAMES = ", ".join(f'"p{number}[x]>=1"' for number in range(8_000))
VERSIONS = "".join(f'[[package]]\nname = "a"\nversion = "1.{number}"\n' for number in range(20_000))


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.in": LINES, "requirements.txt": LINES.replace(">=", "==")},
        {
            "requirements.txt": "".join(f"-r r{number}/requirements.txt\n" for number in range(5_000))
            + "a==1 --hash=sha256:0\n"
        },
        {f"requirements/{number}.txt": f"-r {number + 1}.txt\n-c {number}.txt\na\n" for number in range(300)},
        {"requirements.txt": "git+https://e.example/a\n" * 15_000, "manage.py": ""},
        {"requirements.txt": ("django" + ",".join(f"!={n}" for n in range(29)) + "\n") * 5_000},
        {
            "pyproject.toml": f'[project]\nname = "shop"\ndependencies = [{NAMES}]\n',
            "uv.lock": ROOT + ", ".join(f'{{name = "q{n}", extra = ["y"]}}' for n in range(8_000)) + "]\n",
        },
        {
            "pyproject.toml": '[project]\nname = "shop"\ndependencies = [' + '"a!=2",' * 8_000 + "]\n",
            "uv.lock": VERSIONS,
        },
        {
            "Pipfile": "[packages]\n" + "".join(f'p{n} = "*"\n' for n in range(8_000)),
            "Pipfile.lock": '{"default": {}}',
        },
        {".python-version": "3.8\n" * 100_000, "runtime.txt": "python-3.8" * 50_000},
        {
            ".github/workflows/ci.yml": "jobs:\n"
            + "".join(f"  j{n}: {{container: python:3.8}}\n" for n in range(5_000))
        },
    ],
    ids=[
        "markers",
        "includes",
        "chain",
        "repositories",
        "clauses",
        "extras",
        "versions",
        "missing",
        "runtimes",
        "jobs",
    ],
)
def test_a_scan_ends(files: Mapping[str, str]) -> None:
    rules = [rule for rule in all_rules() if rule.checklist == "security.dependencies"]
    started = time.process_time()
    report = scan(DictTree(files), Config(), rules=rules)
    assert time.process_time() - started < 15
    assert not [problem for problem in report.problems if problem.kind == "crash"]
