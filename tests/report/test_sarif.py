"""The report as SARIF: its schema, GitHub's limits, and what it carries."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from jsonschema import Draft4Validator, FormatChecker

from checks.model import Edit, Fix, Problem, Report, Span, Step
from checks.report import render, sarif
from tests.report.samples import CLEAN, DEBUG, DEFAULT, LIKELY, REDIRECT, TIMEOUT, hostile, large, report

DOCS = "Redirect targets taken from the request.\n\n## What it does\nReports redirects.\n"


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    schema = json.loads((Path(__file__).parent / "data" / "sarif-schema-2.1.0.json").read_text())
    return Draft4Validator(schema, format_checker=FormatChecker())


def run(of: Report, **options: Any) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(sarif.render(of, **options))["runs"][0]
    return run


def result(of: Report) -> dict[str, Any]:
    found: dict[str, Any] = run(of)["results"][0]
    return found


@pytest.mark.parametrize("make", [lambda: LIKELY, lambda: CLEAN, hostile], ids=["likely", "clean", "hostile"])
def test_it_fits_the_schema(validator: Draft4Validator, make: Any) -> None:
    text = render(make(), "sarif", rules={"security/open-redirect": DOCS})
    validator.validate(json.loads(text))
    text.encode()


def test_a_result_says_what_and_where() -> None:
    found = result(report(REDIRECT))
    assert found["ruleId"] == "security/open-redirect"
    assert found["level"] == "error"
    assert found["message"] == {"text": REDIRECT.message}
    assert found["partialFingerprints"] == {"rubricate/v1": "4f2ac1d09b77e315"}
    (location,) = found["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "shop/views.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 11, "startColumn": 21, "endLine": 11, "endColumn": 27},
    }


def test_severities_become_levels_and_the_worst_come_first() -> None:
    assert [each["level"] for each in run(LIKELY)["results"]] == ["error", "error", "warning", "note"]
    assert run(LIKELY)["results"][0]["ruleId"] == "security/debug-enabled"


def test_columns_are_code_points() -> None:
    assert run(LIKELY)["columnKind"] == "unicodeCodePoints"


def test_a_trace_is_a_code_flow() -> None:
    ((flow,),) = [each["threadFlows"] for each in result(report(REDIRECT))["codeFlows"]]
    assert [step["location"]["message"]["text"] for step in flow["locations"]] == [
        step.message for step in REDIRECT.trace
    ]
    assert flow["locations"][0]["location"]["physicalLocation"]["region"] == {"startLine": 10}
    assert "codeFlows" not in result(report(DEFAULT))


def _applied(lines: list[str], region: dict[str, int], text: str) -> str:
    """What a SARIF viewer does: columns default to the whole line, without its end (3.30.5 to 3.30.8)."""
    first, last = region["startLine"], region.get("endLine", region["startLine"])
    offsets = [sum(len(line) for line in lines[:number]) for number in range(len(lines) + 1)]
    start = offsets[first - 1] + region.get("startColumn", 1) - 1
    end = offsets[last - 1] + (
        region["endColumn"] - 1 if "endColumn" in region else len(lines[last - 1].rstrip("\n"))
    )
    whole = "".join(lines)
    return whole[:start] + text + whole[end:]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit("f", 2, 2, "x\ny\n"), "a\nx\ny\nc"),
        (Edit("f", 3, 3, "x\n"), "a\nb\nx"),
        (Edit("f", 1, 2, ""), "c"),
        (Edit("f", 2, 1, "x\n"), "a\nx\nb\nc"),
    ],
    ids=["replaced", "last line without an end", "deleted", "inserted"],
)
def test_a_fix_does_what_it_says(edit: Edit, expected: str) -> None:
    found = result(report(replace(DEFAULT, fix=Fix("title", True, (edit,)))))
    ((change,),) = [each["artifactChanges"] for each in found["fixes"]]
    (replacement,) = change["replacements"]
    text = replacement["insertedContent"]["text"]
    assert _applied(["a\n", "b\n", "c"], replacement["deletedRegion"], text) == expected


def test_advice_without_edits_is_no_fix() -> None:
    assert "fixes" not in result(report(replace(DEFAULT, fix=Fix("Think about it", False))))


def test_an_unsafe_fix_says_so() -> None:
    (fix,) = result(report(TIMEOUT))["fixes"]
    assert fix["description"]["text"] == "Give the request a timeout (changes behaviour)"


def test_a_deleted_line_is_named_in_the_message() -> None:
    assert result(report(TIMEOUT))["message"]["text"].endswith("(caused by deleted line shop/views.py:21)")


def test_a_rule_carries_its_documentation() -> None:
    (rule,) = run(report(REDIRECT), rules={"security/open-redirect": DOCS})["tool"]["driver"]["rules"]
    assert rule["fullDescription"]["text"] == "Redirect targets taken from the request."
    assert rule["help"]["markdown"] == DOCS.strip()
    assert rule["helpUri"].endswith("/rules/security/open-redirect")
    assert rule["properties"] == {
        "tags": ["security", "security.input-validation", "external/cwe/cwe-601"],
        "precision": "high",
        "problem.severity": "error",
        "security-severity": "8.0",
    }


def test_a_rule_without_documentation_still_has_the_texts_that_github_requires() -> None:
    (rule,) = run(report(DEFAULT))["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "Mutable default"
    assert rule["help"]["text"] == "Mutable default. Default to None and make the list inside"


def test_only_security_rules_are_ranked_as_security() -> None:
    rules = run(report(DEBUG, DEFAULT))["tool"]["driver"]["rules"]
    assert ["security-severity" in rule["properties"] for rule in rules] == [True, False]


def test_rule_indexes_point_at_their_rules() -> None:
    data = run(LIKELY)
    rules = [rule["id"] for rule in data["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in data["results"]] == [
        each["ruleId"] for each in data["results"]
    ]


def test_problems_and_exemptions_are_notifications() -> None:
    (invocation,) = run(LIKELY)["invocations"]
    problem, *exemptions = invocation["toolExecutionNotifications"]
    assert (problem["descriptor"]["id"], problem["message"]["text"]) == ("syntax", "line 3 is not Python")
    assert problem["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert exemptions[0]["message"]["text"].startswith("shop/api.py:40: suppression")
    crashed = replace(CLEAN, problems=(Problem("a.py", "crash", "a rule failed"),))
    assert run(crashed)["invocations"][0]["toolExecutionNotifications"][0]["level"] == "error"


def test_a_category_keeps_uploads_apart() -> None:
    assert run(CLEAN, category="backend")["automationDetails"] == {"id": "backend/"}
    assert "automationDetails" not in run(CLEAN)


@pytest.mark.parametrize("path", ["a b/ü.py", "a:b.py", "100%/#x?.py", "\udcff/x.py"])
def test_paths_are_relative_references(path: str) -> None:
    found = result(report(replace(DEFAULT, path=path)))
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert not set(uri) & set(" :#?")
    assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")


def test_a_message_makes_no_link() -> None:
    text = result(report(replace(DEFAULT, message="see [here](https://evil.example) or x[0]")))["message"][
        "text"
    ]
    assert text == r"see \[here\](https://evil.example) or x\[0\]"
    assert result(report(replace(DEFAULT, message="`x[0]` is odd")))["message"]["text"] == "`x[0]` is odd"


def test_a_region_never_ends_before_it_starts() -> None:
    region = sarif._region(Span(5, 9, 5, 2))
    assert region == {"startLine": 5, "startColumn": 9, "endLine": 5, "endColumn": 9}


def test_findings_beyond_the_limit_are_the_least_severe_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2_500)
    data = run(large(5_000))
    assert {each["level"] for each in data["results"]} == {"error"}
    assert len(data["results"]) == 2_500
    notes = data["invocations"][0]["toolExecutionNotifications"]
    assert "2,500 findings left out, the least severe: code scanning takes no more" in [
        note["message"]["text"] for note in notes
    ]


def test_the_compressed_size_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered, so that the test need not make a hundred megabytes that gzip can't squeeze."""
    monkeypatch.setattr(sarif, "MAX_BYTES", 100_000)
    noise = random.Random(7)
    findings = [replace(DEFAULT, message=f"{noise.randbytes(200).hex()}") for _ in range(1_000)]
    text = sarif.render(report(*findings))
    assert len(gzip.compress(text.encode())) <= 100_000
    assert 300 < len(json.loads(text)["runs"][0]["results"]) < 1_000


def test_a_trace_beyond_the_limit_keeps_both_ends() -> None:
    trace = tuple(Step("a.py", number, f"hop {number}") for number in range(1, 12_001))
    found = result(report(replace(DEFAULT, trace=trace)))
    steps = found["codeFlows"][0]["threadFlows"][0]["locations"]
    assert len(steps) == 10_000
    assert steps[0]["location"]["message"]["text"] == "hop 1"
    assert steps[-1]["location"]["message"]["text"] == "hop 12000"
