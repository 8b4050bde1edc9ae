"""A project's own sources, sinks and sanitisers: read, put to use, and refused where they lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from checks.config import Config, from_mapping
from checks.engine.run import Options, scan
from checks.engine.tree import DictTree
from checks.errors import UserError
from checks.model import Report
from checks.own_tables import OwnEntry
from checks.registry import all_rules

RULE = "security/command-injection"
VIEWS = """
from shop.inbox import next_message
from shop.shell import Runner, run
from shop.text import clean


def handle():
    run(next_message())


def handle_cleaned():
    run(clean(next_message()))


def handle_by_a_runner(runner: Runner):
    runner.start("nightly", line=next_message())
"""
FILES = {
    "shop/views.py": VIEWS,
    "shop/inbox.py": "def next_message():\n    return open('/var/mail/shop').read()\n",
    "shop/shell.py": "def run(line):\n    ...\n\n\nclass Runner:\n    def start(self, name, line):\n        ...\n",
    "shop/text.py": "def clean(text):\n    return text\n",
}
TABLES = {
    "sources": {"shop.inbox.next_message": "request"},
    "sinks": {"shop.shell.run": "shell", "shop.shell.Runner.start": {"kind": "shell", "argument": "line"}},
    "sanitisers": {"shop.text.clean": ["shell"]},
}


def read(data: Any) -> Config:
    return from_mapping(data, [rule.id for rule in all_rules()])


def scanned(tables: Any) -> Report:
    tree = DictTree({path: text.encode() for path, text in FILES.items()})
    return scan(tree, read({"select": [RULE], **tables}), options=Options(strict=True))


def lines(report: Report) -> list[int]:
    return sorted(finding.span.line for finding in report.findings)


def test_data_of_an_own_source_is_followed_to_own_sinks() -> None:
    report = scanned(TABLES)
    assert lines(report) == [8, 16]
    assert not report.problems


def test_without_tables_nothing_is_known() -> None:
    assert not scanned({}).findings


def test_without_the_sanitiser_its_result_is_not_trusted() -> None:
    tables = {part: table for part, table in TABLES.items() if part != "sanitisers"}
    assert lines(scanned(tables)) == [8, 12, 16]


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"sources": {"shop.inbox.no_message": "request"}}, "shop.inbox.no_message is defined nowhere"),
        (
            {"sinks": {"nowhere.at.all": "sql"}},
            "nowhere.at.all is defined nowhere in the project, and no file imports it",
        ),
        ({"sinks": {"shop.shell.run": "shel"}}, "unknown kind 'shel', did you mean"),
        ({"sanitisers": {"shop.text.clean": ["htm"]}}, "unknown kind 'htm'"),
    ],
)
def test_what_leads_nowhere_is_a_problem_and_the_rest_goes_on(tables: Any, sentence: str) -> None:
    report = scanned(tables)
    assert any(problem.kind == "configuration" and sentence in problem.message for problem in report.problems)
    assert report.statistics.files == len(FILES)


def test_a_library_that_the_project_imports_may_be_named() -> None:
    files = {"shop/views.py": "import bleachery\n"}
    tree = DictTree({path: text.encode() for path, text in files.items()})
    config = read({"sanitisers": {"bleachery.clean": "html"}})
    assert not scan(tree, config, options=Options(strict=True)).problems


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"sources": ["shop.inbox.next"]}, "`sources` must map dotted names"),
        ({"sources": {"next": "request"}}, "'next' is no dotted name"),
        ({"sources": {"shop.next": "visitor"}}, "gives request, secret or exception, not 'visitor'"),
        ({"sinks": {"shop.run": {"argument": 1}}}, "must say its kind"),
        ({"sinks": {"shop.run": {"kind": "sql", "argument": -1}}}, "must say its kind"),
        ({"sinks": {"shop.run": {"kind": "sql", "position": 1}}}, "must say its kind"),
        ({"sanitisers": {"shop.clean": []}}, "must say the kinds of sinks"),
        ({"sanitisers": {"shop.clean": 3}}, "must say the kinds of sinks"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(tables: Any, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        read(tables)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_sink_may_have_several_kinds() -> None:
    config = read({"sinks": {"shop.send": ["header", {"kind": "html-email", "argument": "body"}]}})
    assert config.own == (
        OwnEntry("sinks", "shop.send", ("header",)),
        OwnEntry("sinks", "shop.send", ("html-email",), "body"),
    )
