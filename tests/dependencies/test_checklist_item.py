"""What the checklist says of dependencies, from files to verdict."""

from __future__ import annotations

from checks.config import Config
from checks.engine.revisions import diff
from checks.engine.run import Options, review, scan
from checks.engine.tree import DictTree
from checks.model import ChecklistEntry, Place, Report, Verdict

PINNED = {"requirements.txt": "django==5.2.4\n", "manage.py": "print()\n"}


def item(report: Report) -> ChecklistEntry:
    return next(entry for entry in report.checklist if entry.item == "security.dependencies")


def test_a_project_without_a_finding_is_left_to_a_person() -> None:
    entry = item(scan(DictTree(PINNED), Config(), options=Options(strict=True)))
    assert entry.verdict is Verdict.MANUAL
    assert entry.checked > 0
    assert "advisories" in entry.evidence


def test_a_change_of_a_manifest_names_it_as_the_place_to_look() -> None:
    before, after = DictTree(PINNED), DictTree({**PINNED, "requirements.txt": "django==5.2.5\n"})
    entry = item(review(before, after, diff(before, after), Config(), options=Options(strict=True)))
    assert (entry.verdict, entry.places) == (Verdict.MANUAL, (Place("requirements.txt", 1),))


def test_a_change_that_is_about_something_else_has_nothing_to_look_at() -> None:
    before, after = DictTree(PINNED), DictTree({**PINNED, "manage.py": "print(1)\n"})
    entry = item(review(before, after, diff(before, after), Config(), options=Options(strict=True)))
    assert entry.verdict is Verdict.NOT_APPLICABLE


def test_a_finding_asks_for_attention() -> None:
    entry = item(scan(DictTree({**PINNED, "requirements.txt": "django\n"}), Config()))
    assert entry.verdict is Verdict.ATTENTION


def test_a_manifest_that_is_not_of_its_format_is_a_problem() -> None:
    report = scan(DictTree({"pyproject.toml": "[project\n", "requirements.txt": "a b c\n"}), Config())
    assert [(one.path, one.kind, one.line) for one in report.problems] == [
        ("pyproject.toml", "syntax", None),
        ("requirements.txt", "syntax", 1),
    ]
    assert report.problems[0].message.startswith("it is not valid TOML: ")
