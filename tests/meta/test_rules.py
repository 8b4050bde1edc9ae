"""What every rule owes its readers: a documentation whose examples are true, a spec, a message in good form."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from checks.checklist import ITEMS
from checks.model import Finding
from checks.registry import all_rules
from checks.rule import HEADINGS, MESSAGE_LIMIT, Rule
from tests.rules.runner import review_files, scan_files
from tests.rules.specs import Block, Section, blocks, read_spec, spec_files, spec_path

ROOT = Path(__file__).parents[2]
CODE_LINES = 120
PLACES = {
    "python": "app/views.py",
    "dockerfile": "Dockerfile",
    "html": "app/templates/page.html",
    "yaml": "compose.yml",
}

each_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)


def source_of(rule: Rule) -> str:
    return (ROOT / f"{rule.module.replace('.', '/')}.py").read_text(encoding="utf-8")


def reported_in(rule: Rule, heading: str) -> tuple[Finding, ...]:
    """What the rule reports in the files that a section of its documentation shows."""
    shown = list(blocks(rule.sections[heading]))
    files = {
        _path(block): block.text for block in shown if "base" not in block.words or "head" in block.words
    }
    assert files, f"{heading} shows no code"
    if not any("base" in block.words for block in shown):
        return scan_files(files, [rule])
    base = {_path(block): block.text for block in shown if "base" in block.words}
    return review_files(base, files, [rule])


def _path(block: Block) -> str:
    return block.path or PLACES[block.language]


def spec_of(rule: Rule) -> list[Section]:
    path = spec_path(rule.id)
    assert path.exists(), f"{rule.id} has no spec"
    return read_spec(path)


def test_every_item_of_the_security_section_has_rules() -> None:
    answered = {rule.checklist for rule in all_rules()}
    assert [item for item in ITEMS if item.startswith("security.") and item not in answered] == []


@each_rule
def test_the_documentation_has_its_headings_in_order(rule: Rule) -> None:
    assert tuple(rule.sections) == HEADINGS
    assert all(body.strip() for body in rule.sections.values())
    assert rule.sections["What it does"].startswith("Reports ")
    assert 0 < len(rule.title) <= 80


@each_rule
def test_the_example_is_reported(rule: Rule) -> None:
    assert {finding.rule for finding in reported_in(rule, "Example")} == {rule.id}


@each_rule
def test_what_to_use_instead_is_clean(rule: Rule) -> None:
    assert reported_in(rule, "Use instead") == ()


@each_rule
def test_the_references_are_links_and_name_the_weakness(rule: Rule) -> None:
    references = rule.sections["References"].strip().splitlines()
    assert all(re.fullmatch(r"- \[[^\]]+\]\(https://[^)\s]+\)", line) for line in references)
    if rule.cwe is not None:
        assert f"CWE-{rule.cwe}: " in rule.sections["References"]
        assert f"/definitions/{rule.cwe}.html" in rule.sections["References"]


@each_rule
def test_the_spec_is_quiet_at_least_as_often_as_loud(rule: Rule) -> None:
    sections = spec_of(rule)
    loud = [section.title for section in sections if section.is_loud]
    quiet = [section.title for section in sections if section.is_quiet]
    assert loud
    assert len(quiet) >= sum(not title.startswith("Not yet seen: ") for title in loud)


@each_rule
def test_the_sections_of_the_spec_differ_by_title(rule: Rule) -> None:
    titles = [section.title for section in spec_of(rule)]
    assert len(set(titles)) == len(titles)


@each_rule
def test_fixes_are_shown_in_the_spec(rule: Rule) -> None:
    makes_fixes = "checks.fixes" in source_of(rule)
    assert any(section.fixed for section in spec_of(rule)) is makes_fixes


@each_rule
def test_the_message_keeps_the_form(rule: Rule) -> None:
    assert re.match(r"[A-Z`{]", rule.message)
    assert not rule.message.endswith(".")
    assert len(re.sub(r"\{\w+\}", "", rule.message)) <= MESSAGE_LIMIT - 10
    for finding in reported_in(rule, "Example"):
        own = re.sub(r"`[^`]*`", "``", finding.message)  # what the user wrote may hold braces
        assert re.fullmatch(r"[A-Z`][^\n{}]*[^.\n]", own)
        assert len(finding.message) <= MESSAGE_LIMIT
        assert finding.message.count("`") % 2 == 0
        assert "``" not in finding.message


@each_rule
def test_the_advice_is_one_imperative_line(rule: Rule) -> None:
    for advice in {rule.advice, *(finding.advice for finding in reported_in(rule, "Example"))}:
        assert re.fullmatch(r"[A-Z`][^\n]*[^.\n]", advice)
        assert len(advice) <= 140


@each_rule
def test_the_name_is_the_defects(rule: Rule) -> None:
    section, _, name = rule.id.partition("/")
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name)
    assert not name.startswith(("no-", "avoid-", "use-", "check-", "dont-"))
    assert rule.module == f"checks.rules.{section}.{name.replace('-', '_')}"


@each_rule
def test_the_rule_answers_an_item_of_its_own_section(rule: Rule) -> None:
    assert rule.checklist in ITEMS
    assert rule.checklist.partition(".")[0] == rule.id.partition("/")[0]
    assert rule.hooks
    assert all(hook.kind and hook.function.__doc__ for hook in rule.hooks)


@each_rule
def test_security_rules_name_a_weakness(rule: Rule) -> None:
    if rule.id.startswith("security/"):
        assert rule.cwe is not None
    assert rule.cwe is None or 0 < rule.cwe < 2000


@each_rule
def test_the_module_is_short(rule: Rule) -> None:
    """Documentation, blank lines and imports left aside."""
    source = source_of(rule)
    body = ast.parse(source).body[1:]
    first = next(node.lineno for node in body if not isinstance(node, ast.Import | ast.ImportFrom))
    assert len([line for line in source.splitlines()[first - 1 :] if line.strip()]) <= CODE_LINES


def test_every_spec_has_its_rule() -> None:
    assert {path.relative_to(spec_path("x").parent) for path in spec_files()} == {
        spec_path(rule.id).relative_to(spec_path("x").parent) for rule in all_rules()
    }
