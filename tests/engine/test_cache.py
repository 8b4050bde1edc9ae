"""Judged files kept between runs."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checks.config import Config, from_mapping
from checks.engine.cache import DiskStore, open_store
from checks.engine.run import Options, scan
from checks.engine.tree import DictTree
from checks.model import Finding, Report
from checks.rule import Rule
from checks.semantics.source import File
from tests.engine import toys

DANGER = "from toolbox import danger\ndanger()  # rubricate: ignore[security/other] no\ndanger()\n"
CHILD = "from core import Base\nclass Order(Base): ...\n"
MODEL = "from django.db import models\nclass Base(models.Model): ...\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def run(files: Mapping[str, str | bytes], config: Config | None = None, *rules: Rule) -> tuple[Report, int]:
    """A scan with the cache, and how many files it judged anew."""
    config = config or Config()
    judged: list[int] = []
    with open_store(config) as store:
        options = Options(progress=lambda done, _total: judged.append(done), store=store)
        report = scan(DictTree(files), config, rules=rules or (toys.calls(), toys.models()), options=options)
    return report, len(judged)


def test_a_second_run_judges_nothing_and_says_the_same() -> None:
    files = {"a.py": DANGER, "b.py": CHILD, "core.py": MODEL, "broken.py": "def (:\n"}
    first, judged = run(files)
    second, again = run(files)
    assert (judged, again) == (4, 0)
    assert second.findings == first.findings
    assert second.problems == first.problems
    assert second.checklist == first.checklist


def test_a_changed_file_alone_is_judged_anew() -> None:
    run({"a.py": DANGER, "b.py": "x = 1\n"})
    report, judged = run({"a.py": DANGER, "b.py": DANGER})
    assert judged == 1
    assert {finding.path for finding in report.findings} == {"a.py", "b.py"}


def test_a_file_is_judged_anew_when_one_that_it_asked_for_changed() -> None:
    run({"shop/models.py": CHILD, "core.py": MODEL})
    report, judged = run({"shop/models.py": CHILD, "core.py": "class Base: ...\n"})
    assert judged == 2
    assert report.findings == ()


def test_a_file_is_judged_anew_when_one_that_was_missing_came() -> None:
    run(
        {
            "shop/models.py": "from .core import Base\nclass Order(Base): ...\n",
            "shop/core.py": "class Base: ...\n",
        }
    )
    files = {"shop/models.py": "from .core import Base\nclass Order(Base): ...\n", "shop/core.py": MODEL}
    report, _ = run(files)
    assert [finding.path for finding in report.findings] == ["shop/core.py", "shop/models.py"]


def test_another_configuration_finds_nothing_kept() -> None:
    run({"a.py": DANGER})
    _, judged = run({"a.py": DANGER}, from_mapping({"new-suppressions": "refuse"}, []))
    assert judged == 1


def test_what_crashed_is_not_kept() -> None:
    files = {"a.py": "x.boom()\n"}
    run(files, None, toys.crashing())
    _, judged = run(files, None, toys.crashing())
    assert judged == 1


def test_a_damaged_database_is_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "rubricate"
    folder.mkdir(parents=True)
    (folder / "judged-1.sqlite3").write_bytes(b"no database" * 1000)
    report, _ = run({"a.py": DANGER})
    assert report.findings
    assert run({"a.py": DANGER})[1] == 0


def test_a_cache_that_can_not_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    report, judged = run({"a.py": DANGER})
    assert (len(report.findings), judged) == (2, 1)


def test_rows_that_make_no_sense_are_judged_anew() -> None:
    run({"a.py": DANGER})
    with open_store(Config()) as store:
        assert isinstance(store, DiskStore)
        store._database.execute("UPDATE judged SET value = '{\"path\": 3}'")
        store._database.commit()
    assert run({"a.py": DANGER})[1] == 1


def test_two_runs_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with open_store(Config()) as one, open_store(Config()) as other:
        for store in (one, other):
            scan(DictTree({"a.py": DANGER}), Config(), rules=[toys.calls()], options=Options(store=store))
    rows = sqlite3.connect(tmp_path / "cache" / "rubricate" / "judged-1.sqlite3")
    assert rows.execute("SELECT count(*) FROM judged").fetchone() == (1,)
    rows.close()


def test_nothing_is_kept_where_that_is_not_wanted(tmp_path: Path) -> None:
    with open_store(Config(), enabled=False) as store:
        scan(DictTree({"a.py": DANGER}), Config(), rules=[toys.calls()], options=Options(store=store))
    assert not (tmp_path / "cache").exists()


def asking() -> Rule:
    """A rule that asks for a fact, behind which are a listing, another fact and a file."""
    rule = toys.calls()

    @rule.on_class()
    def check(node: ast.ClassDef, file: File) -> Iterator[Finding]:
        project = file.project

        def routes() -> tuple[str, ...]:
            inner = project.once("inner", lambda: project.mentioning(("route",), "app.py"))
            for path in project.named("urls.py"):
                project.file(path)
            return inner

        if project.once("routes", routes):
            yield rule.finding(node, file, name="routed")

    return rule


VIEW = {"view.py": "class A: ...\n", "shop/urls.py": "x = 1\n"}


@pytest.mark.parametrize(
    ("then", "again"),
    [
        ({}, 0),
        ({"README.md": "more"}, 0),
        ({"shop/app.py": "nothing\n"}, 1),  # the new file alone
        ({"shop/urls.py": "x = 2\n"}, 2),
        ({"urls.py": "x = 2\n"}, 2),
        ({"shop/app.py": "route\n"}, 2),
    ],
)
def test_what_hangs_on_a_fact_of_the_project_is_judged_anew_when_that_changes(
    then: Mapping[str, str], again: int
) -> None:
    run(VIEW, None, asking())
    report, judged = run({**VIEW, **then}, None, asking())
    assert judged == again
    assert len(report.findings) == ("route\n" in then.values())


def test_a_fact_whose_questions_were_lost_holds_no_more() -> None:
    run(VIEW, None, asking())
    with open_store(Config()) as store:
        assert isinstance(store, DiskStore)
        store._database.execute("DELETE FROM groups")
        store._database.commit()
    assert run(VIEW, None, asking())[1] == 1
