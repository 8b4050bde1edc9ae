"""What people wrote in `docs/` is true of the code: examples run, lists are complete, links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import cast

import click
import pytest
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from checks.checklist import ITEMS
from checks.cli import rubricate
from checks.commands.common import FORMATS, GATES
from checks.config import KEYS, load_config
from checks.engine.tree import DictTree
from checks.frameworks.libraries.kinds import KINDS
from checks.registry import all_rules
from tests.source import ROOT, copy_source

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
_BLOCK = re.compile(
    r'^(?P<fence>`{3,})(?P<language>\w+) title="(?P<path>[^"]+)"\n(?P<text>.*?)^(?P=fence)$', re.M | re.S
)
_ANY_BLOCK = re.compile(r"^(?P<fence>`{3,})[^\n]*\n.*?^(?P=fence) *$", re.M | re.S)
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(?:#[^)\s]*)?\)")
_OPTION = re.compile(r"^\| ((?:`-[^|]*)) \|", re.M)


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[tuple[str, str]]:
    """The titled blocks of a page: path and text."""
    return [(match["path"], match["text"]) for match in _BLOCK.finditer(read(name))]


def prose(text: str) -> str:
    return _ANY_BLOCK.sub("", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = _LINK.findall(prose(page.read_text(encoding="utf-8")))
    missing = [link for link in links if link and not (page.parent / link).exists()]
    assert [link for link in missing if not link.startswith("rules/")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:checks|bot|action|tests|docs)/[\w./-]*\w\.\w+)`", prose(page.read_text()))
    made_here = {path for path, _ in blocks(page.name)}
    assert [path for path in named if path not in made_here and not (ROOT / path).exists()] == []


def test_the_index_names_every_page() -> None:
    index = read("README.md")
    assert [page.name for page in PAGES if page.name != "README.md" and f"]({page.name})" not in index] == []


@pytest.mark.parametrize("number", range(len(blocks("configuration.md"))))
def test_examples_of_the_configuration_are_accepted(number: int) -> None:
    path, text = blocks("configuration.md")[number]
    config = load_config(DictTree({path: text}), [rule.id for rule in all_rules()], list(ITEMS))
    default = load_config(DictTree({}), [], [])
    assert config.digest != default.digest or "report" in text


def test_both_forms_of_the_example_say_the_same() -> None:
    (yaml, toml) = (dict([block]) for block in blocks("configuration.md")[:2])
    rules = [rule.id for rule in all_rules()]
    assert load_config(DictTree(yaml), rules).digest == load_config(DictTree(toml), rules).digest


def test_every_key_of_the_configuration_is_described_and_shown() -> None:
    described = re.findall(r"^### `([\w-]+)`$", read("configuration.md"), re.M)
    assert sorted(described) == sorted(KEYS)
    for key in KEYS:
        assert any(re.search(rf"^{key}:", text, re.M) for _, text in blocks("configuration.md"))


def test_every_kind_of_sink_is_described() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", read("configuration.md"), re.M)
    assert dict(rows) == KINDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_that_is_quoted_from_a_file_stands_there(page: Path) -> None:
    for path, text in re.findall(r'^```python from="([^"]+)"\n(.*?)^```$', page.read_text(), re.M | re.S):
        assert text in (ROOT / path).read_text(encoding="utf-8")


def test_the_library_of_the_tutorial_is_known_by_its_table(tmp_path: Path) -> None:
    root = copy_source(tmp_path / "copy")
    (path, table), (program, text) = blocks("describing-a-library.md")
    assert not (ROOT / path).exists(), "the tutorial's library has a real table: write about another"
    project = tmp_path / "project"
    (project / program).parent.mkdir(parents=True)
    (project / program).write_text(text, encoding="utf-8")
    expected = [
        (number, line.partition("# expect: ")[2])
        for number, line in enumerate(text.splitlines(), 1)
        if "# expect: " in line
    ]

    def found() -> list[tuple[int, str, str]]:
        command = [
            sys.executable,
            "-m",
            "checks",
            "scan",
            "--no-cache",
            "--fail-on",
            "never",
            "--format",
            "json",
        ]
        done = subprocess.run(
            [*command, "."],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        )
        findings = json.loads(done.stdout)["findings"]
        return [(one["line"], one["rule"], one["confidence"]) for one in findings]

    assert not any(rule in {wanted for _, wanted in expected} for _, rule, _ in found())
    (root / path).write_text(table, encoding="utf-8")
    assert found() == [(line, rule, "high") for line, rule in expected]


def commands() -> dict[str, click.Command]:
    group = cast("click.Group", rubricate)
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def sections() -> dict[str, str]:
    """The text about each subcommand, and under "" what all reports share."""
    parts = re.split(r"^## (.*)$", read("command.md"), flags=re.M)
    found = {}
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        named = re.match(r"`rubricate (\w+)", heading)
        found[named[1] if named else ""] = body
    return found


def documented(text: str) -> set[str]:
    """The options in the first column of a table."""
    return {name for cell in _OPTION.findall(text) for name in re.findall(r"`(-[\w-]+)`", cell)}


def test_every_subcommand_is_described() -> None:
    assert set(sections()) - {""} == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_subcommand_is_described_and_no_other(name: str) -> None:
    shared = documented(sections()[""])
    taken = {
        option
        for parameter in commands()[name].params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
    } - {"-h", "--help"}
    expected = documented(sections()[name]) | (shared if shared <= taken else set())
    assert taken == expected


def test_every_form_and_gate_is_named() -> None:
    shared = sections()[""]
    assert [word for word in (*FORMATS, *GATES) if f"`{word}`" not in shared] == []


def test_the_rule_of_the_tutorial_is_a_rule_like_any_other(tmp_path: Path) -> None:
    root = copy_source(tmp_path / "copy")
    for part in ("rules", "meta"):
        shutil.copytree(
            ROOT / "tests" / part, root / "tests" / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "tests" / "__init__.py", root / "tests")
    written = dict(blocks("adding-a-rule.md"))
    assert len(written) == 2
    for path, text in written.items():
        assert not (ROOT / path).exists(), "the tutorial's rule became a real one: write about another"
        (root / path).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-k",
            "naive-utc-time",
            "tests/meta/test_rules.py",
            "tests/rules",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) > 15


class Recorded:
    """What a handler asked for."""

    def __init__(self) -> None:
        self.forgotten: list[tuple[int, int | None]] = []

    async def request_review(self, delivery: Delivery) -> None:
        raise AssertionError("nobody asked for a review")

    async def forget(self, installation: int, repository: int | None = None) -> None:
        self.forgotten.append((installation, repository))


@pytest.mark.parametrize(("action", "forgotten"), [("deleted", [(3, 7)]), ("renamed", [])])
async def test_the_handler_of_the_tutorial_works(action: str, forgotten: list[tuple[int, int]]) -> None:
    ((path, text),) = blocks("adding-a-handler.md")
    module = types.ModuleType("bot.handlers.repository")
    exec(compile(text, path, "exec"), module.__dict__)
    payload = {"action": action, "installation": {"id": 3}, "repository": {"id": 7, "full_name": "ada/shop"}}
    delivery = Delivery.from_payload("1-2", "repository", payload)
    jobs = Recorded()
    await module.router.dispatch(Event(delivery.to_record(), event="repository", delivery_id="1-2"), jobs)
    assert jobs.forgotten == forgotten
