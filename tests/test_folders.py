"""Configurations of folders: what each says holds below it, over what stands above."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from checks import folders
from checks.checklist import ITEMS
from checks.config import Config, load_config
from checks.engine.run import scan
from checks.engine.tree import DictTree
from checks.errors import UserError
from checks.folders import ROOT_KEYS, with_folders
from checks.globs import matches
from checks.model import Confidence, Finding, Severity, Span
from checks.path_rules import from_root

DEBUG, TIMEOUT, BARE = (
    "security/debug-enabled",
    "performance/http-timeout-missing",
    "maintainability/bare-except",
)
RULES = [DEBUG, TIMEOUT, BARE]
A, B = "apps/a/.rubricate.yml", "apps/b/.rubricate.yml"


def load(files: dict[str, str], about: Collection[str] | None = None) -> Config:
    tree = DictTree(files)
    return with_folders(load_config(tree, RULES, ITEMS), tree, RULES, ITEMS, about=about)


def speaking(config: Config, path: str) -> set[str]:
    return {rule for rule in RULES if config.applies(rule, path)}


def severity(config: Config, rule: str, path: str) -> Severity:
    span = Span(1, 1, 1, 2)
    given = Finding(
        rule, "security.debug-off", Severity.LOW, Confidence.HIGH, None, path, span, "m", "a", "f"
    )
    return config.severity(given)


# What it says


def test_rules_are_put_off_and_on_below_the_folder_alone() -> None:
    config = load(
        {".rubricate.yml": f"ignore: [{BARE}]\n", A: f"ignore: [{DEBUG}]\n", B: f"select: [{BARE}]\n"}
    )
    assert speaking(config, "apps/a/x.py") == {TIMEOUT}
    assert speaking(config, "apps/b/deep/x.py") == {BARE}
    assert speaking(config, "apps/x.py") == speaking(config, "apps/ab/x.py") == {DEBUG, TIMEOUT}


def test_what_a_folder_does_not_speak_of_is_as_above_it() -> None:
    root = (
        f"select: [security/*, performance/*]\nseverity: {{{TIMEOUT}: critical}}\nexclude: [generated.py]\n"
    )
    config = load({".rubricate.yml": root, A: f"severity: {{{DEBUG}: medium}}\n"})
    assert speaking(config, "apps/a/x.py") == {DEBUG, TIMEOUT}
    assert severity(config, DEBUG, "apps/a/x.py") is Severity.MEDIUM
    assert severity(config, TIMEOUT, "apps/a/x.py") is Severity.CRITICAL
    assert severity(config, DEBUG, "apps/b/x.py") is Severity.LOW
    assert config.excludes("apps/a/generated.py")


def test_a_folder_wins_over_the_root_s_entries_about_it_and_an_inner_folder_over_an_outer_one() -> None:
    root = f"paths:\n  - {{path: apps/a/, ignore: [{DEBUG}], severity: {{{BARE}: high}}}}\n"
    inner = "apps/a/in/.rubricate.yml"
    config = load({".rubricate.yml": root, A: f"select: [{DEBUG}]\n", inner: f"select: [{BARE}]\n"})
    assert speaking(config, "apps/a/x.py") == {DEBUG}
    assert speaking(config, "apps/a/in/x.py") == {BARE}
    assert severity(config, BARE, "apps/a/in/x.py") is Severity.HIGH


def test_patterns_of_a_folder_are_meant_from_there() -> None:
    text = f"exclude: [vendor/, '*_pb2.py', /old.py, docs/conf.py]\npaths: [{{path: scripts/, ignore: [{DEBUG}]}}]\n"
    config = load({A: text})
    for path in ("vendor/x.py", "deep/vendor/x.py", "x_pb2.py", "deep/x_pb2.py", "old.py", "docs/conf.py"):
        assert config.excludes(f"apps/a/{path}"), path
        assert not config.excludes(path) and not config.excludes(f"apps/b/{path}"), path
    assert not config.excludes("apps/a/deep/old.py")
    assert DEBUG not in speaking(config, "apps/a/scripts/x.py")
    assert DEBUG in speaking(config, "apps/a/x.py") and DEBUG in speaking(config, "scripts/x.py")


@pytest.mark.parametrize("folder", ["a[b]", "a*", "a?", "**", "[!a]"])
def test_names_of_folders_are_no_patterns(folder: str) -> None:
    assert matches(from_root(folder), f"{folder}/x.py")
    assert matches(from_root(folder, "*.py"), f"{folder}/x.py")
    assert not matches(from_root(folder), "ab/x.py") and not matches(from_root(folder, "*.py"), "b/x.py")


def test_frameworks_are_those_of_the_innermost_folder_that_names_some() -> None:
    config = load({".rubricate.yml": "frameworks: [django]\n", A: "frameworks: [flask]\n", B: "ignore: []\n"})
    found = [config.frameworks_at(path) for path in ("x.py", "apps/a/x.py", "apps/ab/x.py", "apps/b/x.py")]
    assert found == [("django",), ("flask",), ("django",), ("django",)]


def test_a_command_line_s_choice_passes_those_of_folders_as_it_does_entries() -> None:
    config = load({A: f"select: [{BARE}]\n"}).with_choice(select=[DEBUG], known_rules=RULES)
    assert speaking(config, "apps/a/x.py") == {DEBUG}
    config = load({A: f"select: [{BARE}, {DEBUG}]\n"}).with_choice(ignore=[BARE], known_rules=RULES)
    assert speaking(config, "apps/a/x.py") == {DEBUG}


def test_a_rule_that_one_folder_alone_wants_is_asked() -> None:
    config = load({".rubricate.yml": f"ignore: [{BARE}]\n", A: f"select: [{BARE}]\n"})
    assert config.enabled(BARE)


def test_what_is_kept_of_runs_knows_the_folders() -> None:
    assert (
        len({load(files).digest for files in ({}, {A: f"ignore: [{BARE}]\n"}, {B: f"ignore: [{BARE}]\n"})})
        == 3
    )


# What it must not say


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fail-on", "low"),
        ("new-suppressions", "allow"),
        ("pull-request", "{comments: 0}"),
        ("sources", "{a.b: request}"),
        ("sinks", "{a.b: sql}"),
        ("sanitisers", "{a.b: html}"),
    ],
)
def test_what_holds_for_the_whole_repository_is_left_to_the_root_and_told(key: str, value: str) -> None:
    config = load({A: f"{key}: {value}\n"})
    assert key in ROOT_KEYS
    assert [path for path, _ in config.notes] == [A] and f"`{key}`" in config.notes[0][1]
    default = load({})
    assert (config.gate, config.new_suppressions, config.pull_requests, config.own) == (
        default.gate,
        default.new_suppressions,
        default.pull_requests,
        default.own,
    )
    (problem,) = scan(DictTree({A: f"{key}: {value}\n"}), config).problems
    assert (problem.path, problem.kind) == (A, "configuration")


@pytest.mark.parametrize(
    ("path", "text", "part"),
    [
        (A, "ignroe: []\n", "`ignore`"),
        (A, "ignore: [security/nothing]\n", "unknown"),
        (A, "exclude: ['!a']\n", "negated"),
        (A, "- a\n", "must be a mapping"),
        ("apps/a/.rubricate.yaml", "ignore: []\n", "its name must be .rubricate.yml"),
    ],
)
def test_a_mistake_is_told_with_its_file_where_it_governs_and_nowhere_else(
    path: str, text: str, part: str
) -> None:
    for about in (None, {"apps/a/x.py"}):
        with pytest.raises(UserError, match=part) as error:
            load({path: text}, about)
        assert str(error.value).startswith("apps/a/")
    assert load({path: text, B: f"ignore: [{BARE}]\n"}, {"apps/b/x.py"}).folders[0].path == "apps/b"


def test_what_a_run_is_not_about_leaves_no_notes() -> None:
    assert load({A: "fail-on: low\n"}, {"apps/b/x.py"}).notes == ()


def test_files_that_the_root_excludes_configure_nothing() -> None:
    assert (
        load({".rubricate.yml": "exclude: [vendor/]\n", "vendor/.rubricate.yml": "nonsense: 1\n"}).folders
        == ()
    )


def test_no_more_of_them_are_read_than_a_run_can_bear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FOLDERS", 1)
    assert len(load({A: "ignore: []\n"}).folders) == 1
    with pytest.raises(UserError, match="more than 1 files"):
        load({A: "ignore: []\n", B: "ignore: []\n"})
    monkeypatch.undo()
    monkeypatch.setattr(folders, "MOST_BYTES", 10)
    with pytest.raises(UserError, match="10 bytes"):
        load({A: "ignore: []\n"})
