"""The JSON report: its contract, and reading it back."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from checks.model import Report, Severity
from checks.report.json import from_dict, render, to_dict
from tests.report.samples import CLEAN, DEFAULT, LIKELY, hostile, report

GOLDEN = Path(__file__).parent / "data" / "report.json"
SCHEMA = Path(__file__).parents[2] / "checks" / "report" / "schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("sources", [False, True])
@pytest.mark.parametrize("make", [lambda: LIKELY, lambda: CLEAN, hostile], ids=["likely", "clean", "hostile"])
def test_what_is_written_fits_the_schema(validator: Draft202012Validator, make: Any, sources: bool) -> None:
    validator.validate(json.loads(json.dumps(to_dict(make(), sources=sources))))


@pytest.mark.parametrize("make", [lambda: LIKELY, lambda: CLEAN, hostile], ids=["likely", "clean", "hostile"])
def test_a_report_with_its_sources_is_read_back_exactly(make: Any) -> None:
    before: Report = make()
    assert from_dict(json.loads(json.dumps(to_dict(before, sources=True)))) == before


def test_without_sources_no_code_goes_along() -> None:
    data = to_dict(report(DEFAULT))
    assert "sources" not in data
    assert "source" not in data["findings"][0]
    after = from_dict(data)
    assert after.sources == {}
    assert to_dict(after) == data


def test_a_report_without_a_gate_is_read_back() -> None:
    assert from_dict(to_dict(report(DEFAULT, gate=None))).gate is None


def test_the_contract_does_not_change_silently() -> None:
    """A change of the golden file is a change of what other people's programs read."""
    assert json.loads(render(LIKELY)) == json.loads(GOLDEN.read_text())


def test_the_contract_holds_the_promised_keys() -> None:
    data = to_dict(LIKELY)
    finding = next(each for each in data["findings"] if each["trace"])
    assert set(data) >= {"version", "findings", "checklist", "problems", "statistics"}
    assert set(finding) >= {
        *(
            "rule",
            "checklist",
            "severity",
            "confidence",
            "cwe",
            "path",
            "line",
            "column",
            "end_line",
            "end_column",
        ),
        *("message", "help_url", "fingerprint", "trace", "fix"),
    }
    assert set(finding["trace"][0]) == {"path", "line", "message"}
    assert set(finding["fix"]) == {"title", "safe", "edits"}
    assert set(finding["fix"]["edits"][0]) == {"path", "start_line", "end_line", "replacement"}
    assert set(data["checklist"][0]) >= {"item", "verdict", "checked", "findings"}


def _objects(node: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all objects with fixed keys, so not of the two mappings that the project names."""
    if isinstance(node, list):
        return [place for index, each in enumerate(node) for place in _objects(each, (*where, index))]
    if not isinstance(node, dict) or where[-1:] in {("rules",), ("sources",)}:
        return []
    return [where, *(place for key, each in node.items() for place in _objects(each, (*where, key)))]


def test_the_schema_refuses_what_is_missing_and_what_is_unknown(validator: Draft202012Validator) -> None:
    data = to_dict(report(LIKELY.findings[2], LIKELY.findings[3]))
    for place in _objects(data):
        for key in (*_at(data, place), "surprise"):
            changed = copy.deepcopy(data)
            target = _at(changed, place)
            if key == "surprise":
                target[key] = 1
            else:
                del target[key]
            with pytest.raises(ValidationError):
                validator.validate(changed)


def _at(data: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        data = data[step]
    return data


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("severity", "fatal"),
        ("line", 0),
        ("rule", "Open Redirect"),
        ("confidence", "critical"),
        ("help_url", "no url"),
    ],
)
def test_the_schema_refuses_wrong_values(validator: Draft202012Validator, key: str, value: object) -> None:
    data = to_dict(report(DEFAULT))
    data["findings"][0][key] = value
    assert not validator.is_valid(data)


@pytest.mark.parametrize(
    "data", [None, [], {}, {"version": 2}, {"version": 1}, {"version": 1, "findings": [1]}]
)
def test_what_is_no_report_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match="not a report"):
        from_dict(data)


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(ValueError, match="not a report"):
        from_dict(to_dict(report(DEFAULT)) | {"gate": "fatal"})


def test_the_text_is_ascii_and_ends_in_a_newline() -> None:
    text = render(hostile())
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(render(report(DEFAULT, gate=Severity.LOW)))["gate"] == "low"
