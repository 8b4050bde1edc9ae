from __future__ import annotations

import textwrap
from collections.abc import Mapping

from checks.baseline import BASELINE_FILE, dump
from checks.engine.revisions import diff
from checks.engine.tree import DictTree
from checks.exemptions import added_exemptions
from checks.fingerprint import with_fingerprints
from checks.model import Confidence, Exemption, Finding, Severity, Span
from checks.suppress import suppressions

IGNORE = "# rubricate: ignore[security/csrf-exempt] signed by the partner"
FUNCTION = f"def hook(request):\n    first = 1\n    return pay(request)  {IGNORE}\n"
FILLER = "def other():\n    value = 1\n    return value\n\n\n"


def added(base: Mapping[str, str], head: Mapping[str, str]) -> list[Exemption]:
    old, new = DictTree(base), DictTree(head)
    before, after = (
        [one for path, text in files.items() for one in suppressions(path, text)[0]] for files in (base, head)
    )
    return list(added_exemptions(old, new, diff(old, new), before, after))


# Suppressions


def test_a_suppression_that_was_added_is_listed_with_place_and_reason() -> None:
    assert added({"a.py": FUNCTION.replace(IGNORE, "")}, {"a.py": FUNCTION}) == [
        Exemption("suppression", "a.py", 3, ("security/csrf-exempt",), "signed by the partner")
    ]


def test_old_suppressions_are_not_listed() -> None:
    assert added({"a.py": FUNCTION}, {"a.py": f"import x\n\n\n{FUNCTION}"}) == []


def test_a_suppression_that_moved_with_its_code_is_not_listed() -> None:
    assert added({"a.py": FILLER + FUNCTION, "b.py": ""}, {"a.py": FILLER, "b.py": FUNCTION}) == []
    assert added({"a.py": FUNCTION}, {"c/b.py": FUNCTION}) == []
    assert added({"a.py": FUNCTION}, {"a.py": "if True:\n" + textwrap.indent(FUNCTION, "    ")}) == []


def test_a_suppression_that_covers_other_code_now_is_listed() -> None:
    elsewhere = FUNCTION.replace(IGNORE, "").replace("first = 1", f"first = 1  {IGNORE}")
    assert [one.line for one in added({"a.py": FUNCTION}, {"a.py": elsewhere})] == [2]


def test_code_changed_under_a_suppression_that_stayed_is_listed() -> None:
    base = f"{IGNORE}\ncall(a)\n"
    assert [one.line for one in added({"a.py": base}, {"a.py": f"{IGNORE}\nquery(b)\n"})] == [1]


def test_a_copy_of_suppressed_code_is_listed_where_it_was_added() -> None:
    assert [one.line for one in added({"a.py": FUNCTION}, {"a.py": f"{FUNCTION}\n\n{FUNCTION}"})] == [8]


def test_another_reason_is_another_suppression() -> None:
    changed = FUNCTION.replace("signed by the partner", "it is fine")
    assert [one.reason for one in added({"a.py": FUNCTION}, {"a.py": changed})] == ["it is fine"]


def test_suppressions_of_whole_files_go_with_their_file() -> None:
    whole = "# rubricate: ignore-file[security/*] generated\n" + FILLER
    assert added({"a.py": whole}, {"b.py": whole}) == []
    assert [one.path for one in added({"a.py": whole}, {"a.py": whole, "b.py": whole})] == ["b.py"]


# Configuration


def test_an_edit_of_the_configuration_is_listed_with_its_keys_and_rules() -> None:
    base = {".rubricate.yml": "fail-on: low\nignore: [security/csrf-exempt]\n"}
    head = {
        ".rubricate.yml": "fail-on: low\nignore: [security/csrf-exempt, security/sql-injection]\nexclude: [a]\n"
    }
    assert added(base, head) == [
        Exemption(
            "configuration", ".rubricate.yml", 2, ("security/sql-injection",), "changes ignore, exclude"
        )
    ]


def test_configuration_that_appears_or_goes_is_listed() -> None:
    config = {".rubricate.yml": "paths:\n- path: a/\n  ignore: [security/*]\n"}
    assert [(one.path, one.rules, one.reason) for one in added({}, config)] == [
        (".rubricate.yml", ("security/*",), "changes paths")
    ]
    assert [one.reason for one in added(config, {})] == ["changes paths"]


def test_the_table_in_pyproject_counts_and_the_rest_of_it_does_not() -> None:
    base = {"pyproject.toml": "[project]\nname = 'a'\n\n[tool.rubricate]\nfail-on = 'low'\n"}
    assert added(base, {"pyproject.toml": base["pyproject.toml"].replace("'a'", "'b'")}) == []
    (one,) = added(base, {"pyproject.toml": base["pyproject.toml"].replace("'low'", "'never'")})
    assert (one.kind, one.path, one.line, one.reason) == (
        "configuration",
        "pyproject.toml",
        5,
        "changes fail-on",
    )


def test_layout_and_comments_of_the_configuration_are_no_edit() -> None:
    base = {".rubricate.yml": "ignore: [security/csrf-exempt]\n"}
    assert added(base, {".rubricate.yml": "# why\nignore:\n  - security/csrf-exempt\n"}) == []


def test_configuration_broken_by_the_change_is_listed() -> None:
    base = {".rubricate.yml": "ignore: [security/csrf-exempt]\n"}
    assert [one.kind for one in added(base, {".rubricate.yml": "ignore: [\n"})] == ["configuration"]


# Baseline


def finding(line: int, path: str) -> Finding:
    return Finding(
        rule="security/csrf-exempt",
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=Span(line, 1, line, 2),
        message="x",
        source="f ( )",
    )


def test_entries_that_the_baseline_gains_are_listed() -> None:
    few, more = (
        with_fingerprints([finding(1, path) for path in paths])
        for paths in (["b.py"], ["a.py", "b.py", "c.py"])
    )
    (one,) = added({BASELINE_FILE: dump(few)}, {BASELINE_FILE: dump(more)})
    assert (one.kind, one.path, one.line) == ("baseline", BASELINE_FILE, 4)
    assert one.rules == ("security/csrf-exempt",)
    assert one.reason == "accepts 2 findings in a.py, c.py"


def test_a_baseline_that_shrinks_is_not_listed() -> None:
    assert (
        added({BASELINE_FILE: dump(with_fingerprints([finding(1, "a.py")]))}, {BASELINE_FILE: dump([])}) == []
    )


def test_a_baseline_broken_by_the_change_is_listed_in_one_line() -> None:
    (one,) = added({}, {BASELINE_FILE: "{"})
    assert one.kind == "baseline" and "not valid JSON" in one.reason
