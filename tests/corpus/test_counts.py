"""The counts of findings in real projects: their form, and what is said when they change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import counts
from benchmarks.corpus import PINNED
from benchmarks.counts import COUNTS, Snapshots, changes, count, parse, update, versions_of
from benchmarks.findings import CONFIDENCES, Found
from checks.registry import all_rules

RULE = "security/weak-hash"


def found(line: int, fingerprint: str, confidence: str = "high", project: str = "wagtail") -> Found:
    return Found(project, RULE, "shop/views.py", line, confidence, "`md5` hashes weakly", fingerprint)


def test_the_counts_are_about_the_pinned_versions() -> None:
    assert versions_of(COUNTS.read_text()) == PINNED


def test_the_counts_are_of_rules_that_exist() -> None:
    rules = {rule.id for rule in all_rules()}
    cells = parse(COUNTS.read_text())
    assert {rule for _, rule in cells} <= rules
    assert all(set(numbers) <= set(CONFIDENCES) for numbers in cells.values())
    assert all(number > 0 for numbers in cells.values() for number in numbers.values())


def test_the_file_is_as_the_command_writes_it() -> None:
    entries = json.loads(COUNTS.read_text())
    assert COUNTS.read_text() == json.dumps(entries, indent=1) + "\n"
    assert list(entries) == sorted(entries, key=str.lower)


def test_findings_are_counted_by_confidence() -> None:
    some = [found(1, "a"), found(2, "b"), found(3, "c", "low"), found(1, "a", project="pretix")]
    assert count(some) == {
        ("pretix", RULE): {"high": 1},
        ("wagtail", RULE): {"high": 2, "low": 1},
    }
    assert parse(counts.render(some)) == count(some)


def test_new_and_gone_findings_are_named() -> None:
    then = [found(1, "a"), found(2, "b")]
    now = [found(5, "a"), found(9, "c", "low"), found(10, "d")]
    assert list(changes(count(then), now, then)) == [
        f"{RULE} in wagtail: 2 high -> 2 high, 1 low",
        "  gone shop/views.py:2 [high] `md5` hashes weakly",
        "  new  shop/views.py:9 [low] `md5` hashes weakly",
        "  new  shop/views.py:10 [high] `md5` hashes weakly",
    ]


def test_equal_counts_of_other_findings_are_a_change() -> None:
    then, now = [found(1, "a")], [found(1, "b")]
    assert len(list(changes(count(then), now, then))) == 3
    assert list(changes(count(then), now, None)) == []


def test_a_finding_that_only_moved_is_no_change() -> None:
    assert list(changes(count([found(1, "a")]), [found(8, "a")], [found(1, "a")])) == []


def test_long_lists_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MAX_LISTED", 2)
    said = list(changes({}, [found(line, str(line)) for line in range(1, 6)], []))
    assert [line[:10] for line in said[1:]] == ["  new  sho", "  new  sho", "  new  and"]


def test_counts_are_written_unless_only_checked(tmp_path: Path) -> None:
    path, kept = tmp_path / "counts.json", Snapshots(tmp_path / "cache")
    first, second = [found(1, "a")], [found(1, "a"), found(2, "b")]
    assert update(path, first, kept, check=False) != []
    assert update(path, first, kept, check=True) == []
    before = path.read_text()
    expected = [f"{RULE} in wagtail: 1 high -> 2 high", "  new  shop/views.py:2 [high] `md5` hashes weakly"]
    assert update(path, second, kept, check=True) == expected
    assert path.read_text() == before
    assert update(path, second, kept, check=False) == expected
    assert update(path, second, kept, check=True) == []


def test_without_what_was_found_then_all_of_now_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "counts.json"
    path.write_text(counts.render([found(1, "a")]))
    said = update(path, [found(1, "a"), found(2, "b")], Snapshots(tmp_path), check=True)
    assert "not kept on this machine" in said[0]
    assert [line for line in said if line.startswith("  now")] == [
        "  now  shop/views.py:1 [high] `md5` hashes weakly",
        "  now  shop/views.py:2 [high] `md5` hashes weakly",
    ]
