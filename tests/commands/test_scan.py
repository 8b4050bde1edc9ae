"""`rubricate scan`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import CLEAN, DEFECTS, Command
from tests.repository import Repository

Write = Callable[[Mapping[str, str]], Path]


def rules_of(text: str) -> set[str]:
    return {finding["rule"] for finding in json.loads(text)["findings"]}


def test_findings_are_reported_with_their_place(command: Command, project: Write) -> None:
    answer = command("scan", project({"shop/orders.py": DEFECTS}), "--fail-on", "never")
    assert answer.code == 0
    assert "shop/orders.py" in answer.out
    assert "performance/http-timeout-missing" in answer.out


def test_a_clean_project_is_clean(command: Command, project: Write) -> None:
    answer = command("scan", project({"shop/orders.py": CLEAN}), "--fail-on", "low")
    assert answer.code == 0
    assert "Nothing found" in answer.out


@pytest.mark.parametrize(("gate", "code"), [("low", 1), ("medium", 1), ("critical", 0), ("never", 0)])
def test_the_gate_decides_the_exit_code(command: Command, project: Write, gate: str, code: int) -> None:
    root = project({"shop/orders.py": DEFECTS})
    assert (
        command("scan", root, "--fail-on", gate, "--select", "performance/http-timeout-missing").code == code
    )


def test_the_configuration_s_gate_holds_without_an_option(command: Command, project: Write) -> None:
    root = project({"shop/orders.py": DEFECTS, ".rubricate.yml": "fail-on: medium\n"})
    assert command("scan", root, "--select", "performance/http-timeout-missing").code == 1


def test_rules_are_selected_and_ignored(command: Command, project: Write) -> None:
    root = project({"shop/orders.py": DEFECTS})
    both = "performance/http-timeout-missing,maintainability/mutable-default"
    selected = command("scan", root, "--format", "json", "--fail-on", "never", "--select", both)
    assert rules_of(selected.out) == set(both.split(","))
    ignored = command("scan", root, "--format", "json", "--fail-on", "never", "--ignore", "performance/*")
    assert "performance/http-timeout-missing" not in rules_of(ignored.out)
    assert "maintainability/mutable-default" in rules_of(ignored.out)


def test_a_rule_that_nobody_knows_is_told_the_nearest(command: Command, project: Write) -> None:
    answer = command("scan", project({"a.py": CLEAN}), "--select", "performance/http-timeout-mising")
    assert answer.code == 2
    assert "performance/http-timeout-missing" in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "markdown", "html", "github"])
def test_every_format_is_written_to_a_file(
    command: Command, project: Write, tmp_path: Path, format_: str
) -> None:
    target = tmp_path / "report"
    answer = command(
        "scan", project({"a.py": DEFECTS}), "--format", format_, "-o", target, "--fail-on", "never"
    )
    assert (answer.code, answer.out) == (0, "")
    assert "http-timeout-missing" in target.read_text()


def test_an_output_that_can_not_be_written_is_a_plain_error(command: Command, project: Write) -> None:
    answer = command("scan", project({"a.py": CLEAN}), "--output", "/nonexistent/report")
    assert answer.code == 2
    assert answer.err == "rubricate: --output /nonexistent/report: No such file or directory\n"


def test_a_path_that_is_not_there_is_a_plain_error(command: Command, tmp_path: Path) -> None:
    answer = command("scan", tmp_path / "gone")
    assert answer.code == 2
    assert "no such file or folder" in answer.err


def test_one_file_that_stands_alone_is_judged(command: Command, tmp_path: Path) -> None:
    (tmp_path / "lonely.py").write_text(DEFECTS)
    (tmp_path / "other.py").write_text(DEFECTS)
    answer = command("scan", tmp_path / "lonely.py", "--format", "json", "--fail-on", "never")
    assert {finding["path"].rpartition("/")[2] for finding in json.loads(answer.out)["findings"]} == {
        "lonely.py"
    }


def test_only_what_lies_below_the_paths_is_judged(command: Command, project: Write) -> None:
    root = project({"shop/a.py": DEFECTS, "stock/a.py": DEFECTS, "shopping.py": DEFECTS})
    answer = command("scan", root / "shop", "--format", "json", "--fail-on", "never")
    assert {finding["path"] for finding in json.loads(answer.out)["findings"]} == {"shop/a.py"}


def test_what_the_baseline_accepts_is_quiet_unless_all_is_asked_for(command: Command, project: Write) -> None:
    root = project({"a.py": DEFECTS})
    written = command("baseline", root)
    assert written.code == 0
    assert "accepted" in written.out
    assert "Nothing found" in command("scan", root).out
    assert "http-timeout-missing" in command("scan", root, "--all", "--fail-on", "never").out


def test_statistics_go_to_standard_error(command: Command, project: Write) -> None:
    answer = command(
        "scan", project({"a.py": DEFECTS}), "--statistics", "--format", "json", "--fail-on", "never"
    )
    json.loads(answer.out)
    assert "lines/s" in answer.err
    assert "performance/http-timeout-missing" in answer.err


def test_piped_output_has_no_colours(command: Command, project: Write) -> None:
    assert "\x1b" not in command("scan", project({"a.py": DEFECTS}), "--fail-on", "never").out


def test_a_broken_configuration_is_one_line(command: Command, project: Write) -> None:
    answer = command("scan", project({"a.py": CLEAN, ".rubricate.yml": "selct: []\n"}))
    assert answer.code == 2
    assert answer.err == "rubricate: .rubricate.yml: unknown key `selct`, did you mean `select`?\n"


def test_an_unreadable_file_is_a_problem_in_the_report(command: Command, project: Write) -> None:
    answer = command("scan", project({"a.py": "def broken(:\n"}), "--format", "json")
    assert answer.code == 0
    assert [problem["path"] for problem in json.loads(answer.out)["problems"]] == ["a.py"]


def test_a_folder_of_a_repository_is_governed_by_its_configuration_and_the_root_s(
    command: Command, tmp_path: Path
) -> None:
    repository = Repository(tmp_path / "monorepo")
    both = {f"apps/{name}/orders.py": DEFECTS for name in "ab"}
    own = "ignore: [performance/*]\nfail-on: critical\n"
    repository.commit({**both, "apps/a/pyproject.toml": "", "apps/a/.rubricate.yml": own})
    root = repository.root
    whole, part = (
        json.loads(command("scan", at, "--format", "json", "--fail-on", "never").out)
        for at in (root, root / "apps/a")
    )

    def below_a(found: dict[str, Any]) -> list[tuple[str, str]]:
        return [
            (each["rule"], each["fingerprint"])
            for each in found["findings"]
            if each["path"].startswith("apps/a/")
        ]

    assert below_a(part) == below_a(whole) != []
    assert not any(rule.startswith("performance/") for rule, _ in below_a(part))
    assert "performance/http-timeout-missing" in {each["rule"] for each in whole["findings"]}
    assert [each["path"] for each in part["problems"]] == ["apps/a/.rubricate.yml"]


def test_a_project_in_a_folder_without_any_configuration_is_its_own_root(
    command: Command, tmp_path: Path
) -> None:
    repository = Repository(tmp_path / "monorepo")
    repository.commit({"apps/a/orders.py": DEFECTS, "apps/a/pyproject.toml": ""})
    found = json.loads(
        command("scan", repository.root / "apps/a", "--format", "json", "--fail-on", "never").out
    )
    assert {each["path"] for each in found["findings"]} == {"orders.py"}
