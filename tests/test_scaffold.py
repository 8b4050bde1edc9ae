"""New rules from the template, in a copy of the source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checks.checklist import ITEMS
from checks.scaffold import main, name_complaint
from tests.source import ROOT, copy_source

RULE = "security/some-name"
HELD_BY = ("tests/meta/test_rules.py", "tests/meta/test_documentation.py", "tests/rules")
WRITTEN = ("checks/rules/security/some_name.py", "tests/rules/security/some_name.md")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Where rules and specs go, and nothing else."""
    (tmp_path / "tests" / "rules").mkdir(parents=True)
    return tmp_path


def files_of(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_a_rule_and_its_spec_are_written_and_what_comes_next_is_said(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([RULE], checkout) == 0
    assert files_of(checkout) == list(WRITTEN)
    said = capsys.readouterr().out
    assert all(path in said for path in (*WRITTEN, "-k security/some-name", "docs/adding-a-rule.md"))


def test_the_item_that_it_answers_may_be_named(checkout: Path) -> None:
    assert main([RULE, "security.csrf"], checkout) == 0
    assert 'checklist="security.csrf"' in (checkout / WRITTEN[0]).read_text()


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("security/no-redirect", "names the cure"),
        ("security/avoid-eval", "names the cure"),
        ("security/use-https", "names the cure"),
        ("security/Some-Name", "is no name"),
        ("security/some_name", "is no name"),
        ("security/-name", "is no name"),
        ("security/some--name", "is no name"),
        ("security/1st-name", "is no name"),
        ("security/../../evil", "is no name"),
        ("security/", "is no name"),
        ("security/" + "long-" * 20 + "name", "is no name"),
        ("securty/some-name", "did you mean `security`?"),
        ("some-name", "is no section"),
        ("rules/some-name", "is no section"),
    ],
)
def test_names_that_will_not_do_are_refused(
    rule: str, part: str, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([rule], checkout) == 2
    said = capsys.readouterr().err
    assert part in said
    assert said.count("\n") == 1
    assert files_of(checkout) == []


@pytest.mark.parametrize(
    "rule", ["security/open-redirect", "performance/n-plus-one", "testing/user-untested"]
)
def test_names_of_defects_will_do(rule: str) -> None:
    assert name_complaint(rule) is None


@pytest.mark.parametrize(
    ("item", "part"), [("security.crsf", "`security.csrf`"), ("testing.coverage", "is no item")]
)
def test_items_of_no_or_another_section_are_refused(
    item: str, part: str, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([RULE, item], checkout) == 2
    assert part in capsys.readouterr().err
    assert files_of(checkout) == []


@pytest.mark.parametrize("taken", WRITTEN)
def test_what_is_there_already_is_kept(
    taken: str, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / taken).parent.mkdir(parents=True)
    (checkout / taken).write_text("by hand\n")
    assert main([RULE], checkout) == 2
    assert capsys.readouterr().err == f"checks.scaffold: {taken} is there already\n"
    assert files_of(checkout) == [taken]
    assert (checkout / taken).read_text() == "by hand\n"


@pytest.mark.parametrize("argv", [[], ["--help"], ["a/b", "c.d", "e"]])
def test_other_arguments_are_told_the_usage(
    argv: list[str], checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv, checkout) == 2
    assert capsys.readouterr().err.startswith("usage: ")


def test_outside_a_source_checkout_nothing_is_written(tmp_path: Path) -> None:
    assert main([RULE], tmp_path) == 2
    assert files_of(tmp_path) == []


def test_every_section_has_an_item_to_answer(checkout: Path) -> None:
    for section in {item.partition(".")[0] for item in ITEMS}:
        assert main([f"{section}/some-name"], checkout) == 0


def test_a_new_rule_is_found_and_fails_for_what_is_to_be_filled_in_alone(tmp_path: Path) -> None:
    root = copy_source(tmp_path / "copy")
    for part in ("__init__.py", "rules", "meta"):
        source, target = ROOT / "tests" / part, root / "tests" / part
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    assert main([RULE], root) == 0
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rfE", "-k", RULE, *HELD_BY],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^(?:FAILED|ERROR) \S*::(\w+)\[([^\]]*)\]", done.stdout, re.MULTILINE)
    assert sorted(failed) == [
        ("test_nothing_is_left_to_be_filled_in", RULE),
        ("test_security_rules_name_a_weakness", RULE),
        ("test_spec", f"{RULE}: TODO: a claim about what is reported"),
        ("test_the_example_is_reported", RULE),
    ], done.stdout
    assert " passed" in done.stdout
