"""The command's frame: help, errors, exit codes, what is imported when."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checks.checklist import ITEMS
from checks.registry import all_rules
from tests.commands.conftest import CLEAN, Command

RUBRICATE = [sys.executable, "-I", "-m", "checks"]


def test_help_lists_every_subcommand(command: Command) -> None:
    answer = command("--help")
    assert answer.code == 0
    for name in ("scan", "review", "fix", "rules", "explain", "baseline", "init", "serve", "demo"):
        assert f"  {name} " in answer.out


def test_the_version_is_told(command: Command) -> None:
    assert command("--version").out.startswith("rubricate ")


def test_a_mistyped_command_is_told_the_nearest(command: Command) -> None:
    answer = command("scna")
    assert (answer.code, answer.err) == (2, "rubricate: no command `scna`, did you mean `scan`?\n")


@pytest.mark.parametrize(
    "argv", [["scan", "--format", "pdf"], ["review"], ["scan", "--jobs", "-1"], ["scan", "--wrong"]]
)
def test_wrong_options_are_one_line(command: Command, argv: list[str]) -> None:
    answer = command(*argv)
    assert answer.code == 2
    assert answer.err.startswith("rubricate: ")
    assert answer.err.count("\n") == 1


def test_a_bug_of_ours_says_so_and_how_to_report_it(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_paths: object) -> Path:
        raise ZeroDivisionError("as planned")

    monkeypatch.setattr("checks.commands.project.root_of", broken)
    answer = command("scan", ".")
    assert answer.code == 3
    assert "a bug of ours: ZeroDivisionError: as planned" in answer.err


def test_rules_are_listed_by_section(command: Command) -> None:
    answer = command("rules")
    assert all(rule.id in answer.out for rule in all_rules())
    security = command("rules", "security")
    assert "security/" in security.out
    assert "performance/" not in security.out


def test_rules_are_listed_as_json(command: Command) -> None:
    listed = json.loads(command("rules", "--format", "json").out)
    assert [rule["id"] for rule in listed] == [rule.id for rule in all_rules()]


@pytest.mark.parametrize("name", [*(rule.id for rule in all_rules()), *ITEMS])
def test_every_rule_and_item_is_explained(command: Command, name: str) -> None:
    answer = command("explain", name)
    assert answer.code == 0
    assert answer.out.startswith("# ")


def test_an_unknown_name_is_told_the_nearest(command: Command) -> None:
    answer = command("explain", "security.crsf")
    assert answer.code == 2
    assert "did you mean `security.csrf`?" in answer.err


def test_the_server_s_libraries_are_not_loaded_by_a_scan(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CLEAN)
    script = (
        "import sys, checks.cli\n"
        f"checks.cli.run(['scan', {str(tmp_path)!r}, '--no-cache'])\n"
        "heavy = {'dbos', 'aiohttp', 'gidgethub', 'libcst', 'rich', 'cryptography', 'django', 'flask'}\n"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"module_{number}.py").write_text("def f(x=[]):\n    x.append(1)\n    return x\n")
    shell = f"{sys.executable} -I -m checks scan {tmp_path} --no-cache --fail-on never | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {shell}"], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.stderr == ""


def test_the_exit_code_reaches_the_shell(tmp_path: Path) -> None:
    done = subprocess.run([*RUBRICATE, "scan", str(tmp_path / "gone")], capture_output=True, check=False)
    assert done.returncode == 2
