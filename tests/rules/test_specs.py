"""Every section of every spec, run: what `tests/rules/specs.py` describes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from checks.model import Finding
from tests.rules.runner import apply_all, review_files, rules_of, scan_files
from tests.rules.specs import NOT_YET, Expected, Section, read_spec, spec_files


def _sections() -> Iterator[ParameterSet]:
    for path in spec_files():
        for section in read_spec(path):
            fails = pytest.mark.xfail(strict=True, raises=AssertionError, reason="known gap")
            marks = (fails,) if section.title.startswith(NOT_YET) else ()
            yield pytest.param(section, id=f"{section.rule}: {section.title}", marks=marks)


@pytest.mark.parametrize("section", list(_sections()))
def test_spec(section: Section) -> None:
    found = _findings(section.files, section)
    difference = _difference(section, found)
    assert not difference, "\n".join(difference)
    if section.fixed:
        _check_fixes(section, [finding for finding in found if finding.rule == section.rule])


def _findings(files: dict[str, str], section: Section) -> tuple[Finding, ...]:
    rules = rules_of(section.rules)
    return scan_files(files, rules) if section.base is None else review_files(section.base, files, rules)


def _difference(section: Section, found: tuple[Finding, ...]) -> list[str]:
    """What is reported and not expected, or expected and not reported, in words."""
    places = Counter(_place(finding) for finding in found)
    expected = Counter((item.path, item.line, item.rule, item.deleted) for item in section.expected)
    said = {_place(finding): finding.message for finding in found}
    complaints = [f"not expected: {_text(place)}: {said[place]}" for place in (places - expected).elements()]
    complaints += [f"not reported: {_text(place)}" for place in (expected - places).elements()]
    return sorted(complaints) or [
        f"{item.path}:{item.line} {item.rule} has {name} {actual}, not {value}"
        for item in section.expected
        for name, value in item.properties
        for actual in _labels(item, name, found)
        if actual != value
    ]


def _place(finding: Finding) -> tuple[str, int, str, bool]:
    if finding.caused_by is not None:
        return finding.caused_by.path, finding.caused_by.line, finding.rule, True
    return finding.path, finding.span.line, finding.rule, False


def _text(place: tuple[str, int, str, bool]) -> str:
    path, line, rule, deleted = place
    return f"{path}:{line} {rule}{' (deleted line)' if deleted else ''}"


def _labels(item: Expected, name: str, found: tuple[Finding, ...]) -> list[str]:
    there = [
        finding for finding in found if _place(finding) == (item.path, item.line, item.rule, item.deleted)
    ]
    return [finding.severity.label if name == "severity" else finding.confidence.label for finding in there]


def _check_fixes(section: Section, found: list[Finding]) -> None:
    """The suggestions lead to the files shown, are as safe as said, and end what they were made for."""
    fixes = [finding.fix for finding in found if finding.fix is not None]
    after = apply_all(section.files, (edit for fix in fixes for edit in fix.edits))
    for path, block in section.fixed.items():
        assert after[path] == block.text
        touching = [fix for fix in fixes if any(edit.path == path for edit in fix.edits)]
        assert [fix.title for fix in touching if fix.safe is ("unsafe" in block.words)] == []
    assert {path for path in after if after[path] != section.files[path]} <= set(section.fixed)
    left = [finding for finding in _findings(after, section) if finding.rule == section.rule]
    assert [finding.message for finding in left if finding.fix is not None] == []
