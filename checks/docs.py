"""`python -m checks.docs [--check]`: the pages of the rules, written from the rules themselves.

A page is its rule's docstring with the rule's facts above it. Whether there is a fix is not declared anywhere: the rule
is run on its own example, and the page shows what it suggests there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from checks.checklist import ITEMS, SECTIONS
from checks.config import Config
from checks.engine.run import Options, scan
from checks.engine.tree import DictTree
from checks.errors import UserError
from checks.fixes.apply import compatible
from checks.model import Fix
from checks.registry import all_rules
from checks.report.links import cwe_url
from checks.report.patch import unified
from checks.rule import Rule
from checks.semantics.roles import OWN, Role

ROOT = Path(__file__).resolve().parent.parent
INDEX = "README.md"
USAGE = "usage: python -m checks.docs [--check]"

_FENCE = re.compile(
    r"^```(?P<language>[\w-]*) *(?P<info>[^\n]*)\n(?P<text>.*?)^``` *$", re.MULTILINE | re.DOTALL
)
_TITLE = re.compile(r'title="([^"]+)"')
_DEFAULT_PATHS = {
    "python": "app/views.py",
    "dockerfile": "Dockerfile",
    "html": "app/templates/page.html",
    "yaml": "compose.yml",
}
_ROLES = {
    Role.PRODUCTION: "production code",
    Role.SCRIPT: "scripts",
    Role.TEST: "tests",
    Role.MIGRATION: "migrations",
    Role.DEVELOPMENT: "settings for development",
    Role.VENDORED: "vendored code",
}

_EXCEPTIONS = """## Exceptions

A comment that says why excuses one place (see [configuration](../../configuration.md)):

```python
# rubricate: ignore[{rule}] why this place may
```"""


def pages() -> Mapping[str, str]:
    """Every page by its path below `docs/rules/`, the index among them."""
    offered = {rule.id: suggestions(rule) for rule in all_rules()}
    written = {f"{rule.id}.md": page(rule, *offered[rule.id]) for rule in all_rules()}
    return {INDEX: index(all_rules(), {name: fixes for name, (fixes, _) in offered.items()}), **written}


def page(rule: Rule, fixes: Sequence[Fix], diff: str) -> str:
    """The page of one rule: its facts, its docstring, and what it suggests for its example."""
    parts = [_note(rule.module.replace(".", "/") + ".py"), f"# {rule.title}", _facts(rule, fixes)]
    for heading, body in rule.sections.items():
        parts.append(f"## {heading}\n\n{body.strip()}")
        if heading == "Use instead" and fixes:
            parts.append(_suggestion(fixes, diff))
    parts.append(_EXCEPTIONS.format(rule=rule.id))
    return "\n\n".join(parts) + "\n"


def index(rules: Sequence[Rule], fixes: Mapping[str, Sequence[Fix]]) -> str:
    """The table of all rules by section and item of the checklist; items without a rule are named as well."""
    answered = len({rule.checklist for rule in rules})
    parts = [
        _note("checks/rules/"),
        "# Rules",
        f"{len(rules)} rules answer {answered} of the {len(ITEMS)} items of the checklist. `rubricate explain RULE`"
        " shows a rule's page in a terminal, `rubricate explain ITEM` the advice for an item.",
    ]
    for section, title in SECTIONS.items():
        rows = [row for item in ITEMS if item.startswith(f"{section}.") for row in _rows(item, rules, fixes)]
        head = "| Item | Rule | Reports | Severity | Fix |\n| --- | --- | --- | --- | --- |"
        parts.append(f"## {title}\n\n" + "\n".join([head, *rows]))
    return "\n\n".join(parts) + "\n"


def suggestions(rule: Rule) -> tuple[list[Fix], str]:
    """The fixes that a rule suggests for its own example, and all of them as one diff."""
    files = example_files(rule.sections.get("Example", ""))
    found = scan(DictTree(files), Config(), rules=[rule], options=Options(strict=True)).findings
    fixes = compatible(found, unsafe=True)
    edits = tuple(dict.fromkeys(edit for fix in fixes for edit in fix.edits))
    return fixes, unified(Fix("", True, edits), files) if edits else ""


def example_files(section: str) -> dict[str, str]:
    """The files of a section's fenced blocks, by their `title="path"`, else by a path that fits their language."""
    files: dict[str, str] = {}
    for block in _FENCE.finditer(section):
        title = _TITLE.search(block["info"])
        path = title[1] if title else _DEFAULT_PATHS.get(block["language"], "example.txt")
        files[path] = block["text"]
    return files


def compare(folder: Path) -> list[str]:
    """What is wrong with a folder of pages, a line each: missing, stale and extra ones."""
    wanted = pages()
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    complaints = [f"missing: {name}" for name in wanted if name not in there]
    complaints += [f"extra: {name}" for name in there if name not in wanted]
    complaints += [
        f"stale: {name}"
        for name, path in there.items()
        if name in wanted and path.read_text(encoding="utf-8") != wanted[name]
    ]
    return sorted(complaints)


def write(folder: Path) -> None:
    """Write the pages that differ, and remove those of rules that are gone."""
    wanted = pages()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in wanted:
            path.unlink()


def main(argv: Sequence[str], root: Path = ROOT) -> int:
    """Write the pages of a source checkout, or with `--check` name those that do not fit: exit code 1."""
    if [word for word in argv if word != "--check"]:
        print(USAGE, file=sys.stderr)
        return 2
    folder = root / "docs" / "rules"
    if not (root / "pyproject.toml").exists():
        print("checks.docs: the pages are written in a source checkout, and this is none", file=sys.stderr)
        return 2
    if not argv:
        write(folder)
        return 0
    complaints = compare(folder)
    for complaint in complaints:
        print(f"docs/rules: {complaint}", file=sys.stderr)
    if complaints:
        print("write them with `python -m checks.docs`", file=sys.stderr)
    return 1 if complaints else 0


def _note(source: str) -> str:
    return f"<!-- Written by `python -m checks.docs` from {source}: change that, not this. -->"


def _facts(rule: Rule, fixes: Sequence[Fix]) -> str:
    rows = [
        ("Rule", f"`{rule.id}`"),
        ("Checklist item", f"`{rule.checklist}`: {ITEMS[rule.checklist]}"),
        ("Severity", rule.severity.label),
        ("Confidence", rule.confidence.label),
        ("Speaks in", _speaks_in(rule)),
        ("Fix", _kinds(fixes) or "none for the example: the advice is in words"),
    ]
    if rule.cwe is not None:
        rows.append(("Weakness", f"[CWE-{rule.cwe}]({cwe_url(rule.cwe)})"))
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])


def _speaks_in(rule: Rule) -> str:
    if rule.roles >= OWN:
        return "all files of the project's own"
    return ", ".join(words for role, words in _ROLES.items() if role in rule.roles)


def _kinds(fixes: Sequence[Fix]) -> str:
    """`safe`, `unsafe` or both, as the fixes are."""
    return " and ".join(
        kind for kind, safe in (("safe", True), ("unsafe", False)) if any(fix.safe is safe for fix in fixes)
    )


def _suggestion(fixes: Sequence[Fix], diff: str) -> str:
    offered = {
        f"**{fix.title}.** "
        + (
            "Safe: behaviour is kept but for the defect."
            if fix.safe
            else "Unsafe: read it before it is made."
        )
        for fix in fixes
    }
    return "## Suggestion\n\n" + "\n".join(sorted(offered)) + f"\n\n```diff\n{diff.rstrip()}\n```"


def _rows(item: str, rules: Sequence[Rule], fixes: Mapping[str, Sequence[Fix]]) -> Iterator[str]:
    label = f"{ITEMS[item]} (`{item}`)"
    answering = [rule for rule in rules if rule.checklist == item]
    if not answering:
        yield f"| {label} | none yet | a person must look | | |"
    for rule in answering:
        facts = (
            f"[{rule.id}]({rule.id}.md)",
            rule.title.replace("|", r"\|"),
            rule.severity.label,
            _kinds(fixes[rule.id]),
        )
        yield f"| {label} | {' | '.join(facts)} |"
        label = ""


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UserError as error:
        sys.exit(f"checks.docs: {error}")
