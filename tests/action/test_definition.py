"""action.yml as data: GitHub's schema, zizmor, and what its texts promise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.source import ROOT

BIN = Path(sys.executable).parent
DEFINITION = yaml.safe_load((ROOT / "action.yml").read_text())


def test_github_would_take_it() -> None:
    check = [f"{BIN}/check-jsonschema", "--builtin-schema", "vendor.github-actions", f"{ROOT}/action.yml"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_zizmor_finds_nothing_even_as_an_auditor() -> None:
    audit = [f"{BIN}/zizmor", "--offline", "--no-config", "--persona", "auditor", f"{ROOT}/action.yml"]
    done = subprocess.run(audit, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_input_reaches_a_step() -> None:
    text = (ROOT / "action.yml").read_text().partition("\nruns:")[2]
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(DEFINITION["inputs"])


def test_every_python_is_isolated_and_started_outside_the_checkout() -> None:
    for step in DEFINITION["runs"]["steps"]:
        if "run" in step:
            assert step["run"].startswith('"$PYTHON" -I ')
            assert step["working-directory"] == "${{ runner.temp }}"


def test_only_the_review_is_given_the_token() -> None:
    given = [step.get("id") for step in DEFINITION["runs"]["steps"] if "token" in str(step).lower()]
    assert given == ["review"]


def test_the_documentation_names_every_input_and_output() -> None:
    text = (ROOT / "docs/action.md").read_text()
    for name in (*DEFINITION["inputs"], *DEFINITION["outputs"]):
        assert f"`{name}`" in text, name
