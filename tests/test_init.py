"""What `rubricate init` writes, and what it leaves alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from checks.checklist import ITEMS
from checks.cli import run
from checks.commands.hook_entry import with_entry
from checks.commands.init import configuration, pre_commit_entry, workflow
from checks.config import load_config
from checks.engine.tree import DictTree
from checks.errors import UserError
from checks.registry import all_rules
from tests.source import ROOT

BIN = Path(sys.executable).parent
PINNED = f"octo/rubricate@{'0123456789' * 4}"
ENTRY = pre_commit_entry()
RULES = [rule.id for rule in all_rules()]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'shop'\ndependencies = ['Django>=5.2']\n")
    monkeypatch.chdir(folder)
    return folder


def init(*args: str) -> None:
    assert run(["init", *args]) == 0


def uncommented(text: str) -> str:
    """The configuration with every example switched on: prose has a space behind its `#`, examples have none."""
    return re.sub(r"^#(?=[a-z]|  )", "", text, flags=re.MULTILINE)


def test_three_files_are_written_and_what_is_next_is_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init()
    written = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert written == {
        "pyproject.toml",
        ".rubricate.yml",
        ".github/workflows/rubricate.yml",
        ".pre-commit-config.yaml",
    }
    said = capsys.readouterr().out
    assert said.count("wrote") == 3 and "rubricate baseline" in said


def test_a_second_time_changes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init()
    config = project / ".rubricate.yml"
    config.write_text("fail-on: low\n")
    entry = (project / ".pre-commit-config.yaml").read_text()
    init()
    assert config.read_text() == "fail-on: low\n"
    assert (project / ".pre-commit-config.yaml").read_text() == entry
    assert "--force overwrites it" in capsys.readouterr().out


def test_force_overwrites_what_is_ours_and_nothing_else(project: Path) -> None:
    mine = "# mine\nrepos: []\n"
    (project / ".rubricate.yml").write_text("fail-on: low\n")
    (project / ".pre-commit-config.yaml").write_text(mine)
    init("--force")
    assert "fail-on: low" not in (project / ".rubricate.yml").read_text()
    assert (project / ".pre-commit-config.yaml").read_text().startswith("# mine\nrepos:\n  - repo:")


def test_a_dry_run_shows_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / ".rubricate.yml").write_text("fail-on: low\n")
    init("--dry-run")
    assert {path.name for path in project.iterdir()} == {"pyproject.toml", ".rubricate.yml"}
    said = capsys.readouterr().out
    assert "+++ b/.github/workflows/rubricate.yml" in said
    assert "# .rubricate.yml is kept" in said


def test_a_project_that_is_configured_elsewhere_gets_no_second_configuration(project: Path) -> None:
    with (project / "pyproject.toml").open("a") as file:
        file.write("[tool.rubricate]\nfail-on = 'low'\n")
    init("--force")
    assert not (project / ".rubricate.yml").exists()


def test_no_link_is_followed(project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / ".github").symlink_to(tmp_path / "elsewhere")
    assert run(["init"]) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("manifest", "text", "expected"),
    [
        ("requirements.txt", "Django==5.2\ndjangorestframework\n", ["django", "drf"]),
        ("requirements/base.in", "flask\nFlask-SQLAlchemy>=3\n", ["flask", "sqlalchemy"]),
        ("pyproject.toml", "[project]\ndependencies = [\n  'flask>=3',\n]\n", ["flask"]),
        ("pyproject.toml", "[tool.poetry.dependencies]\ndjango = '^5'\n", ["django"]),
        ("requirements.txt", "django-extensions\nflask-less\n", []),
        ("notes.txt", "django\n", []),
    ],
)
def test_frameworks_are_taken_from_the_manifests(
    project: Path, manifest: str, text: str, expected: list[str]
) -> None:
    (project / "pyproject.toml").unlink()
    (project / manifest).parent.mkdir(exist_ok=True)
    (project / manifest).write_text(text)
    init(".")
    told = yaml.safe_load((project / ".rubricate.yml").read_text()) or {}
    assert told.get("frameworks", []) == expected


@pytest.mark.parametrize("found", [(), ("django", "drf"), ("flask", "sqlalchemy")])
def test_the_configuration_is_accepted_with_every_example_off_and_on(found: tuple[str, ...]) -> None:
    schema = json.loads((ROOT / "checks/config.schema.json").read_text())
    plain = configuration(found)
    full = uncommented(plain)
    assert set(yaml.safe_load(full)) == set(schema["properties"]), "every key is shown"
    for text in (plain, full):
        jsonschema.validate(yaml.safe_load(text) or {}, schema)
        load_config(DictTree({".rubricate.yml": text}), RULES, list(ITEMS))


def test_the_examples_name_rules_that_there_are() -> None:
    named = set(re.findall(r"(?<![\w.])[a-z]+/[a-z-]+(?=\]|:|$)", configuration(()), re.MULTILINE))
    assert named and named <= set(RULES)


def test_the_examples_show_the_defaults() -> None:
    given = load_config(DictTree({".rubricate.yml": configuration(())}), RULES)
    assert given == load_config(DictTree({}), RULES)


@pytest.mark.parametrize("action", [PINNED, "rubricate/rubricate@v0.1.0"])
def test_the_workflow_is_valid_and_an_auditor_finds_nothing(tmp_path: Path, action: str) -> None:
    path = tmp_path / ".github/workflows/rubricate.yml"
    path.parent.mkdir(parents=True)
    path.write_text(workflow(action))
    for command in (
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
        ["zizmor", "--offline", "--no-config", "--persona", "auditor"],
    ):
        done = subprocess.run(
            [f"{BIN}/{command[0]}", *command[1:], str(path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    told = yaml.safe_load(workflow(PINNED))
    job = told["jobs"]["review"]
    assert told["permissions"] == {}
    assert job["permissions"] == {"contents": "read", "pull-requests": "write", "checks": "read"}
    checkout, review = job["steps"]
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert review == {"uses": PINNED}


def test_a_pinned_action_needs_no_excuse() -> None:
    assert "zizmor: ignore" not in workflow(PINNED)
    assert "zizmor: ignore" in workflow("rubricate/rubricate@v1")


@pytest.mark.parametrize("action", ["rubricate", "a/b", "a/b@v1 # $(touch x)", "a/b@v1\n- run: x"])
def test_something_that_is_no_action_is_refused(project: Path, action: str) -> None:
    assert run(["init", "--action", action]) == 2
    assert not (project / ".github").exists()


RUFF = "repo: https://github.com/astral-sh/ruff-pre-commit\n{0}rev: v0.12.0\n{0}hooks:\n{0}  - id: ruff # the linter\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "repos:\n{two}"),
        ("# only a comment\n", "# only a comment\nrepos:\n{two}"),
        ("fail_fast: true\n", "fail_fast: true\nrepos:\n{two}"),
        ("repos: []\n", "repos:\n{two}"),
        ("repos: [] # none yet\nfail_fast: true\n", "repos:\n{two} # none yet\nfail_fast: true\n"),
        (f"repos:\n  - {RUFF.format('    ')}", f"repos:\n  - {RUFF.format('    ')}{{two}}"),
        (f"repos:\n- {RUFF.format('  ')}", f"repos:\n- {RUFF.format('  ')}{{none}}"),
        (
            f"repos:\n  - {RUFF.format('    ')}\n# the end\nfail_fast: true\n",
            f"repos:\n  - {RUFF.format('    ')}{{two}}\n# the end\nfail_fast: true\n",
        ),
        (
            "repos:\n  - repo: meta\n    hooks: [{id: identity}]",
            "repos:\n  - repo: meta\n    hooks: [{id: identity}]\n{two}",
        ),
    ],
)
def test_the_hook_is_added_and_nothing_else_is_touched(before: str, after: str) -> None:
    two = "".join(f"  {line}\n" for line in ENTRY.splitlines())
    expected = after.replace("{two}", two).replace("{none}", ENTRY)
    told = with_entry(before, ENTRY)
    assert told is not None
    assert told.replace("\n # none", " # none") == expected.replace("\n # none", " # none")
    assert with_entry(told, ENTRY) is None, "a second time it is there"


def test_line_ends_are_kept() -> None:
    told = with_entry("repos:\r\n- repo: meta\r\n  hooks:\r\n  - id: identity\r\n", ENTRY)
    assert told is not None and told.count("\n") == told.count("\r\n") == 8


@pytest.mark.parametrize(
    "text",
    [
        "repos: 3\n",
        "- a\n",
        "repos: [{repo: meta, hooks: []}]\n",
        "a: &a 1\nrepos: [*a]\n",
        "repos:\n\t- x\n",
    ],
)
def test_what_cannot_be_added_to_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        with_entry(text, ENTRY)


def test_a_refused_file_is_kept_and_the_rest_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".pre-commit-config.yaml").write_text("repos: [{repo: meta, hooks: []}]\n")
    init()
    assert (project / ".pre-commit-config.yaml").read_text() == "repos: [{repo: meta, hooks: []}]\n"
    assert (project / ".rubricate.yml").exists()
    assert "- id: rubricate" in capsys.readouterr().out


def test_pre_commit_takes_the_result(tmp_path: Path) -> None:
    path = tmp_path / ".pre-commit-config.yaml"
    path.write_text(with_entry("", ENTRY) or "")
    check = [sys.executable, "-m", "pre_commit", "validate-config", str(path)]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0


def test_pre_commit_takes_the_hooks_of_this_repository() -> None:
    check = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
