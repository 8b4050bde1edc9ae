from __future__ import annotations

import json

import pytest

from checks.baseline import BASELINE_FILE, Baseline, dump, load_baseline
from checks.engine.tree import DictTree
from checks.errors import UserError
from checks.fingerprint import with_fingerprints
from checks.model import Confidence, Finding, Severity, Span


def finding(
    line: int, path: str = "a.py", rule: str = "security/csrf-exempt", source: str = "f ( x )"
) -> Finding:
    return Finding(
        rule=rule,
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=Span(line, 1, line, 2),
        message="`f` is exempt",
        source=source,
    )


def loaded(text: str) -> Baseline:
    baseline = load_baseline(DictTree({BASELINE_FILE: text}))
    assert baseline is not None
    return baseline


FINDINGS = with_fingerprints(
    [finding(3), finding(9), finding(1, "b.py"), finding(3, rule="security/sql-injection")]
)


def test_what_was_written_is_accepted() -> None:
    assert loaded(dump(FINDINGS)).apply(FINDINGS) == ((), 4)


def test_accepted_findings_may_move_to_other_lines() -> None:
    moved = with_fingerprints([finding(30), finding(90)])
    assert loaded(dump(FINDINGS)).apply(moved) == ((), 2)


def test_what_is_not_accepted_remains() -> None:
    more = with_fingerprints([finding(3), finding(9), finding(12), finding(1, "c.py")])
    new, baselined = loaded(dump(FINDINGS)).apply(more)
    assert [(one.path, one.span.line) for one in new] == [("a.py", 12), ("c.py", 1)]
    assert baselined == 2


def test_the_file_is_the_same_whatever_the_order() -> None:
    assert dump(FINDINGS) == dump(reversed(FINDINGS))


def test_one_more_finding_is_one_more_line() -> None:
    more = with_fingerprints([*FINDINGS, finding(2, "b.py", source="g ( )")])
    old, new = dump(FINDINGS).splitlines(), dump(more).splitlines()
    assert len(new) == len(old) + 1
    assert {line.rstrip(",") for line in old} <= {line.rstrip(",") for line in new}


def test_the_file_is_json_of_the_documented_form() -> None:
    data = json.loads(dump(FINDINGS))
    assert data["version"] == 1
    assert [set(entry) for entry in data["findings"]] == [{"fingerprint", "rule", "path", "message"}] * 4
    assert json.loads(dump([])) == {"version": 1, "findings": []}


def test_a_path_that_is_no_utf8_is_written_and_read() -> None:
    odd = with_fingerprints([finding(1, "caf\udce9.py")])
    assert loaded(dump(odd).encode("utf-8").decode("utf-8")).apply(odd) == ((), 1)


def test_without_a_file_there_is_no_baseline() -> None:
    assert load_baseline(DictTree({})) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"version": 1}',
        '{"version": 2, "findings": []}',
        '{"version": 1, "findings": {}}',
        '{"version": 1, "findings": [1]}',
        '{"version": 1, "findings": [{"fingerprint": 1, "rule": "", "path": "", "message": ""}]}',
        '{"version": 1, "findings": [{"fingerprint": "x"}]}',
    ],
)
def test_a_file_that_is_no_baseline_is_one_line(text: str) -> None:
    with pytest.raises(UserError) as error:
        loaded(text)
    assert str(error.value).startswith(f"{BASELINE_FILE}: ") and "\n" not in str(error.value)


def test_bytes_that_are_no_text_are_one_line() -> None:
    with pytest.raises(UserError, match="not valid JSON"):
        load_baseline(DictTree({BASELINE_FILE: b"\xff\xfe\xfa"}))
