from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import checks.config
from checks.checklist import ITEMS
from checks.config import (
    FRAMEWORKS,
    GATES,
    KEYS,
    PATH_KEYS,
    POLICIES,
    Config,
    from_mapping,
    load_config,
    read_pull_requests,
)
from checks.engine.tree import DictTree
from checks.errors import UserError
from checks.globs import matches
from checks.model import Confidence, Finding, Severity, Span
from checks.plain_yaml import read_yaml
from checks.pull_request import EVENTS, MODES, PULL_REQUEST_KEYS

RULES = [
    "security/sql-injection",
    "security/csrf-exempt",
    "performance/http-timeout-missing",
    "maintainability/mutable-default",
]
SCHEMA = json.loads(Path(checks.config.__file__).with_name("config.schema.json").read_text(encoding="utf-8"))


def load(text: str = "", **files: str) -> Config:
    own = {".rubricate.yml": text} if text else {}
    return load_config(DictTree({**own, **files}), RULES, ITEMS)


def refusal(text: str, **files: str) -> str:
    with pytest.raises(UserError) as error:
        load(text, **files)
    message = str(error.value)
    assert "\n" not in message
    return message


def finding(rule: str, path: str = "a.py") -> Finding:
    return Finding(
        rule=rule,
        checklist="security.csrf",
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=Span(1, 1, 1, 2),
        message="x",
    )


def spoken(config: Config, path: str = "shop/models.py") -> set[str]:
    return {rule for rule in RULES if config.applies(rule, path)}


# Rules put on and off


def test_without_configuration_every_rule_speaks() -> None:
    config = load()
    assert spoken(config) == set(RULES)
    assert (config.gate, config.new_suppressions) == (Severity.HIGH, "report")


def test_an_empty_file_changes_nothing() -> None:
    assert load("# nothing yet\n") == load()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select: [security/*]", {"security/sql-injection", "security/csrf-exempt"}),
        ("select: []", set()),
        ("ignore: [security/*]", {"performance/http-timeout-missing", "maintainability/mutable-default"}),
        ("select: [security/*]\nignore: [security/csrf-exempt]", {"security/sql-injection"}),
        ("select: [security/csrf-exempt]\nignore: [security/*]", {"security/csrf-exempt"}),
        ("select: [security/*]\nignore: [security/*]", set()),
        ("select: [security/csrf-exempt]\nignore: [security/csrf-exempt]", set()),
    ],
)
def test_the_exact_id_wins_over_the_section_and_ignoring_over_selecting(
    text: str, expected: set[str]
) -> None:
    config = load(text)
    assert spoken(config) == expected
    assert {rule for rule in RULES if config.enabled(rule)} == expected


PATHS = """\
ignore: [maintainability/*]
paths:
  - path: tests/
    ignore: [security/*]
  - path: [tests/api/, legacy/**]
    select: [security/csrf-exempt, maintainability/mutable-default]
"""


def test_paths_put_rules_on_and_off_and_later_entries_win() -> None:
    config = load(PATHS)
    everything = set(RULES)
    assert spoken(config) == everything - {"maintainability/mutable-default"}
    assert spoken(config, "shop/tests/a.py") == {"performance/http-timeout-missing"}
    assert spoken(config, "tests/api/a.py") == {
        "performance/http-timeout-missing",
        "security/csrf-exempt",
        "maintainability/mutable-default",
    }
    assert spoken(config, "legacy/x/y.py") == everything
    assert config.enabled("maintainability/mutable-default")


def test_excluded_files_are_not_spoken_of() -> None:
    config = load("exclude: ['*_pb2.py', /vendor/]")
    assert config.excludes("a/b_pb2.py") and config.excludes("vendor/x/y.py")
    assert not config.excludes("src/vendor/y.py")
    assert spoken(config, "a/b_pb2.py") == set()


def test_severities_by_rule_section_and_path() -> None:
    config = load(
        "severity: {security/*: low, security/csrf-exempt: critical}\n"
        "paths: [{path: admin/, severity: {security/csrf-exempt: low}}]"
    )
    assert config.severity(finding("security/sql-injection")) is Severity.LOW
    assert config.severity(finding("security/csrf-exempt")) is Severity.CRITICAL
    assert config.severity(finding("security/csrf-exempt", "admin/views.py")) is Severity.LOW
    assert config.severity(finding("performance/http-timeout-missing")) is Severity.MEDIUM


@pytest.mark.parametrize("word", GATES)
def test_the_gate(word: str) -> None:
    assert load(f"fail-on: {word}").gate == (None if word == "never" else Severity[word.upper()])


def test_what_is_said_of_pull_requests_is_the_same_after_a_way_through_json() -> None:
    text = (
        "pull-request: {comments: 3, comment-at: {severity: high, confidence: medium}, review-event: request-changes,"
        " mode: on-request, drafts: true, code-scanning: true, skip-authors: ['renovate[bot]'], skip-labels: [wip],"
        " skip-titles: [WIP], base-branches: [main], paths: [shop/]}"
    )
    given = load(text).pull_requests
    assert (given.comments, given.severity, given.confidence) == (3, Severity.HIGH, Confidence.MEDIUM)
    assert (given.review_event, given.mode, given.drafts) == ("request-changes", "on-request", True)
    assert (given.skip_authors, given.paths) == (("renovate[bot]",), ("shop/",))
    assert read_pull_requests(json.loads(json.dumps(given.to_table()))) == given
    assert load(text).digest != load().digest


def test_the_command_line_selects_over_the_configuration() -> None:
    config = load(PATHS).with_choice(["maintainability/*"], [], RULES)
    assert spoken(config) == spoken(config, "tests/api/a.py") == {"maintainability/mutable-default"}


def test_the_command_line_ignores_on_top_of_the_configuration() -> None:
    config = load(PATHS).with_choice([], ["security/csrf-exempt"], RULES)
    assert spoken(config) == {"security/sql-injection", "performance/http-timeout-missing"}
    assert "security/csrf-exempt" not in spoken(config, "tests/api/a.py")


def test_unknown_rules_on_the_command_line_are_refused() -> None:
    with pytest.raises(UserError, match="did you mean `security/csrf-exempt`"):
        load().with_choice(["security/csrf-exmpt"], [], RULES)


def test_the_digest_tells_configurations_apart() -> None:
    assert load(PATHS).digest == load(PATHS + "# a comment\n").digest
    digests = {load(text).digest for text in ("", "ignore: [security/*]", "fail-on: low", "exclude: [a]")}
    assert len(digests) == 4


# Where it is read from


def test_pyproject_may_hold_it() -> None:
    config = load(**{"pyproject.toml": '[tool.rubricate]\nignore = ["security/*"]\n'})
    assert "security/csrf-exempt" not in spoken(config)


def test_two_configurations_are_refused() -> None:
    both = refusal("ignore: []", **{"pyproject.toml": "[tool.rubricate]\nignore = []\n"})
    assert ".rubricate.yml" in both and "pyproject.toml" in both


@pytest.mark.parametrize(
    "text", ["not = = toml", "[project]\nname = 'x'\n", "tool = 1", "[tool]\nrubricate_ = 1"]
)
def test_a_pyproject_that_does_not_speak_of_it_is_left_alone(text: str) -> None:
    assert load(**{"pyproject.toml": text}) == load()


def test_a_broken_pyproject_that_speaks_of_it_is_refused() -> None:
    assert "not valid TOML" in refusal("", **{"pyproject.toml": "[tool.rubricate]\nignore = [\n"})


@pytest.mark.parametrize("name", [".rubricate.yaml", "rubricate.yml"])
def test_another_spelling_of_the_file_is_refused(name: str) -> None:
    assert "its name must be .rubricate.yml" in refusal("", **{name: "ignore: []"})


# What is refused


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("selct: []", "unknown key `selct`, did you mean `select`?"),
        ("paths: [{path: a, ignor: []}]", "unknown key `ignor`, did you mean `ignore`?"),
        ("zzz: 1", "unknown key `zzz`"),
        (
            "ignore: [security/sql-injecton]",
            "`security/sql-injecton` is unknown, did you mean `security/sql-injection`?",
        ),
        ("ignore: [securty/*]", "`securty/*` is unknown, did you mean `security/*`?"),
        (
            "severity: {security/csrf: low}",
            "`security/csrf` is unknown, did you mean `security/csrf-exempt`?",
        ),
        (
            "ignore: [security.csrf]",
            "is an item of the checklist, not a rule, did you mean `security/csrf-exempt`?",
        ),
        ("ignore: security/*", "`ignore` must be a list of texts"),
        ("ignore: [1]", "`ignore` must be a list of texts"),
        ("- a", "must be a mapping"),
        ("fail-on: hihg", "low, medium, high, critical or never, not `hihg`"),
        ("fail-on: [low]", "`fail-on` is"),
        ("severity: {security/csrf-exempt: never}", "`severity` is low, medium, high or critical"),
        ("severity: [low]", "must map rules to severities"),
        ("new-suppressions: no", "allow, report or refuse, not `False`"),
        ("frameworks: [rails]", "not `rails`"),
        ("paths: {path: a}", "`paths` must be a list"),
        ("paths: [{ignore: []}]", "lacks its `path`"),
        ("paths: [a]", "must be a mapping"),
        ("exclude: ['!a']", "can't be negated"),
        ("exclude: ['']", "names no path"),
        (f"exclude: ['{'[' * 501}']", "has more than 500 characters"),
        (f"pull-request: {{paths: [{'a, ' * 101}]}}", "`paths` may have 100 entries"),
        ("1: 2", "unknown key `1`"),
        ("pull-request: {coments: 3}", "unknown key `coments`, did you mean `comments`?"),
        ("pull-request: {comments: many}", "`comments` must be a whole number from 0 to 100"),
        ("pull-request: {mode: off}", "`mode` is automatic or on-request, not `False`"),
        (
            "pull-request: {comment-at: {severity: worst}}",
            "`severity` is low, medium, high or critical, not `worst`",
        ),
        ("pull-request: {drafts: 'yes'}", "`drafts` must be true or false"),
        ("pull-request: {skip-authors: mona}", "`skip-authors` must be a list of texts"),
    ],
)
def test_errors_name_the_file_the_key_and_the_nearest_right_name(text: str, part: str) -> None:
    message = refusal(text)
    assert message.startswith(".rubricate.yml: ") and part in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: &x [1]\nb: *x", ".rubricate.yml:2: aliases are not read"),
        ("exclude: [*.py]", "a pattern that begins with `*` needs quotes"),
        (
            "ignore: []\nselect: []\nignore: []",
            ".rubricate.yml:3: not valid YAML: the key `ignore` stands twice",
        ),
        ("[" * 50 + "]" * 50, "nested more than 20 deep"),
        ("a: [", ".rubricate.yml:1: not valid YAML"),
        ("a: !!python/object/apply:os.system ['id']", "not valid YAML"),
        ("? [a]\n: b", "not valid YAML"),
        ("a: 2001-99-99", "not valid YAML"),
        ("a: " + "9" * 5000, "not valid YAML"),
        ("\0", "not valid YAML"),
        ("# " + "x" * 70_000, "the limit is 65,536"),
    ],
)
def test_hostile_files_are_one_line(text: str, part: str) -> None:
    assert part in refusal(text)


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ("a." * 20_000 + "b = 1", "a key of more than 40 parts"),
        ('"\\"".' * 20_000 + "b = 1", "a key of more than 40 parts"),
        ("a = " + "[" * 20_000, "nested too deep"),
        ("a = " + "9" * 5_000, "not valid TOML"),
        ("a = 1\na = 1", "not valid TOML"),
    ],
)
def test_hostile_tables_of_pyproject_are_one_line_at_once(table: str, part: str) -> None:
    started = time.process_time()
    message = refusal("", **{"pyproject.toml": f"[tool.rubricate]\n{table}\n"})
    assert message.startswith("pyproject.toml: ") and part in message
    assert time.process_time() - started < 1


def test_a_key_of_some_parts_is_read() -> None:
    honest = '[tool.a.b."c.d".e]\nx.y.z = 1\n[tool.rubricate.pull-request]\ncomments = 3\n'
    assert load(**{"pyproject.toml": honest}).pull_requests.comments == 3


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(UserError, match="no UTF-8"):
        load_config(DictTree({".rubricate.yml": b"\xff\xfe"}), RULES)


def test_a_long_hostile_key_is_shortened_to_one_line() -> None:
    assert len(refusal(json.dumps({"a\nb" * 500: 1}))) < 200


@given(st.text(max_size=60))
def test_yaml_is_data_or_a_user_error(text: str) -> None:
    try:
        read_yaml(text, "x.yml")
    except UserError as error:
        assert "\n" not in str(error)


# Patterns


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a/b.py"),
        ("migrations/", "shop/migrations/0001.py"),
        ("migrations", "shop/migrations/0001.py"),
        ("/a.py", "a.py"),
        ("./a/b.py", "a/b.py"),
        ("a/*.py", "a/b.py"),
        ("a", "a/b/c.py"),
        ("a/b", "a/b/c.py"),
        ("a/**/c.py", "a/c.py"),
        ("a/**/c.py", "a/x/y/c.py"),
        ("**/tests/**", "a/tests/b.py"),
        ("docs/**", "docs/a/b.md"),
        ("**", "a"),
        ("a?.py", "ab.py"),
        ("[ab].py", "x/b.py"),
    ],
)
def test_patterns_that_match(pattern: str, path: str) -> None:
    assert matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.py", "a/b.pyi"),
        ("migrations/", "shop/migrations"),
        ("/a.py", "b/a.py"),
        ("a/*.py", "a/b/c.py"),
        ("a/*.py", "x/a/b.py"),
        ("a/b", "x/a/b"),
        ("docs/**", "docs"),
        ("a?b", "a/b"),
        ("A.py", "a.py"),
        ("a", "aa/b"),
    ],
)
def test_patterns_that_do_not_match(pattern: str, path: str) -> None:
    assert not matches(pattern, path)


@pytest.mark.parametrize(
    "pattern",
    ["*a" * 2000 + "b", "**/" * 300 + "b", "/".join(["*a*"] * 100) + "b", "[" * 500, "(a+)+$" * 80],
    ids=lambda pattern: pattern[:10],
)
def test_hostile_patterns_end(pattern: str) -> None:
    started = time.process_time()
    assert not matches(pattern, "/".join(["a" * 200] * 100))
    assert time.process_time() - started < 1


# The schema for editors

GOOD: list[Any] = [
    {},
    {"select": ["security/*"], "ignore": ["security/csrf-exempt"]},
    {"severity": {"security/*": "low"}},
    {"paths": [{"path": "tests/", "ignore": ["security/*"]}, {"path": ["a", "b/**"], "select": []}]},
    {"paths": [{"path": "a", "severity": {"security/csrf-exempt": "critical"}}]},
    {"exclude": ["*.py", "/vendor/", "a/**/b"]},
    *({"fail-on": gate} for gate in GATES),
    {"frameworks": list(FRAMEWORKS)},
    *({"new-suppressions": policy} for policy in POLICIES),
    {"pull-request": {}},
    *({"pull-request": {"comments": count}} for count in (0, 100)),
    {"pull-request": {"comment-at": {"severity": "critical", "confidence": "high"}}},
    *({"pull-request": {"review-event": event}} for event in EVENTS),
    *({"pull-request": {"mode": mode}} for mode in MODES),
    {"pull-request": {"drafts": True, "code-scanning": True, "paths": ["shop/", "*.py"]}},
    {"pull-request": {"skip-authors": ["dependabot[bot]"], "skip-labels": ["a b"], "skip-titles": ["WIP*"]}},
    {"pull-request": {"base-branches": ["main", "release/*"]}},
]
BAD: list[Any] = [
    [],
    None,
    "text",
    {"selct": []},
    {"select": "security/*"},
    {"select": [1]},
    {"ignore": {"security/*": "low"}},
    {"ignore": ["security"]},
    {"ignore": ["Security/CSRF"]},
    {"severity": {"security/*": "never"}},
    {"severity": ["low"]},
    {"paths": {}},
    {"paths": [{}]},
    {"paths": [{"path": 1}]},
    {"paths": [{"path": "a", "fail-on": "low"}]},
    {"exclude": "a"},
    {"exclude": ["!a"]},
    {"exclude": [""]},
    {"exclude": ["a" * 501]},
    {"exclude": ["/"]},
    {"fail-on": "highest"},
    {"fail-on": None},
    {"frameworks": ["rails"]},
    {"frameworks": "django"},
    {"new-suppressions": True},
    {"pull-request": []},
    {"pull-request": {"coments": 3}},
    *({"pull-request": {"comments": count}} for count in (-1, 101, True, "3", 2.5)),
    {"pull-request": {"comment-at": "high"}},
    {"pull-request": {"comment-at": {"severity": "worst"}}},
    {"pull-request": {"comment-at": {"confidence": "critical"}}},
    {"pull-request": {"review-event": "approve"}},
    {"pull-request": {"mode": "manual"}},
    {"pull-request": {"drafts": "yes"}},
    {"pull-request": {"code-scanning": 1}},
    {"pull-request": {"skip-authors": "mona"}},
    {"pull-request": {"paths": ["a"] * 101}},
    {"pull-request": {"skip-titles": [1]}},
    {"pull-request": {"skip-labels": [" "]}},
    {"pull-request": {"skip-labels": ["a"] * 101}},
    {"pull-request": {"base-branches": ["a" * 201]}},
    {"pull-request": {"paths": ["!a"]}},
]


@pytest.mark.parametrize("data", GOOD)
def test_what_the_schema_accepts_is_read(data: Any) -> None:
    jsonschema.validate(data, SCHEMA)
    assert isinstance(from_mapping(data, RULES), Config)


@pytest.mark.parametrize("data", BAD)
def test_what_the_schema_refuses_is_refused(data: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)
    with pytest.raises(UserError):
        from_mapping(data, RULES)


def test_the_schema_knows_every_key() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(KEYS)
    assert set(SCHEMA["properties"]["paths"]["items"]["properties"]) == set(PATH_KEYS)
    assert set(SCHEMA["properties"]["pull-request"]["properties"]) == set(PULL_REQUEST_KEYS)
    assert SCHEMA["properties"]["fail-on"]["enum"] == list(GATES)
    assert SCHEMA["properties"]["frameworks"]["items"]["enum"] == list(FRAMEWORKS)
    assert SCHEMA["properties"]["new-suppressions"]["enum"] == list(POLICIES)
