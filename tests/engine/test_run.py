"""A scan of a tree and a review of a change, with toy rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from checks.baseline import dump, load_baseline
from checks.config import Config, from_mapping
from checks.engine.revisions import diff
from checks.engine.run import Options, review, scan
from checks.engine.tree import DictTree
from checks.model import DeletedLine, Finding, Report, Verdict
from checks.registry import all_rules
from checks.rule import Rule
from tests.engine import toys

DANGER = "from toolbox import danger\ndanger()\n"
QUIET = "from toolbox import safety\nsafety()\n"


def scanned(files: Mapping[str, str | bytes], *rules: Rule, config: Config | None = None) -> Report:
    return scan(DictTree(files), config or Config(), rules=rules or (toys.calls(),))


def reviewed(
    base: Mapping[str, str | bytes],
    head: Mapping[str, str | bytes],
    *rules: Rule,
    config: Config | None = None,
) -> Report:
    old, new = DictTree(base), DictTree(head)
    return review(old, new, diff(old, new), config or Config(), rules=rules or (toys.calls(),))


def places(findings: Sequence[Finding]) -> list[tuple[str, int]]:
    return [(finding.path, finding.span.line) for finding in findings]


def test_a_call_is_reported_by_its_resolved_name() -> None:
    report = scanned(
        {"a.py": "import toolbox as t\nt.danger()\n", "b.py": "from toolbox import danger as d\nd()\n"}
    )
    assert places(report.findings) == [("a.py", 2), ("b.py", 2)]
    assert report.findings[0].message == "`toolbox.danger` is called, which is dangerous"


def test_a_call_of_the_same_spelling_from_elsewhere_is_quiet() -> None:
    files = {
        "a.py": "from elsewhere import danger\ndanger()\n",
        "b.py": "def danger(): ...\ndanger()\n",
        "c.py": "toolbox = object()\ntoolbox.danger()\n",
    }
    assert scanned(files).findings == ()


def test_findings_carry_scope_source_and_fingerprint() -> None:
    text = "import toolbox\nclass Shop:\n    def open(self):\n        toolbox.danger()\n"
    (finding,) = scanned({"a.py": text}).findings
    assert finding.scope == "Shop.open"
    assert finding.source == "toolbox . danger ( )"
    assert len(finding.fingerprint) == 32


def test_a_fingerprint_survives_lines_put_above() -> None:
    (one,) = scanned({"a.py": DANGER}).findings
    (other,) = scanned({"a.py": "# a comment\n\n" + DANGER}).findings
    assert one.span.line != other.span.line
    assert one.fingerprint == other.fingerprint


def test_equal_findings_of_a_file_have_fingerprints_of_their_own() -> None:
    report = scanned({"a.py": DANGER + "danger()\n"})
    assert len({finding.fingerprint for finding in report.findings}) == 2


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (toys.models(), "shop/models.py", "from django.db import models\nclass Order(models.Model): ...\n"),
        (toys.settings(), "shop/settings.py", "DEBUG = False\nTOY = 1\n"),
        (toys.settings(), "app.py", "from flask import Flask\napp = Flask('x')\napp.config['TOY'] = 1\n"),
        (toys.documents(), "Dockerfile", "FROM python:3.13\nRUN true\n"),
        (toys.tests(), "tests/test_shop.py", "def test_it(): ...\n"),
        (toys.markup(), "shop/templates/a.html", "<p>{{ a }}</p>\n"),
        (toys.markup(), "mail/a.j2", "{{- a }}\n"),
        (toys.tags(), "shop/templates/a.txt", "{% if b %}{% toy a %}{% endif %}\n"),
    ],
)
def test_each_kind_of_hook_is_called(rule: Rule, path: str, text: str) -> None:
    assert len(scanned({path: text}, rule).findings) == 1


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (toys.models(), "shop/models.py", "class Order: ...\n"),
        (toys.models(), "shop/models.py", "from pydantic import BaseModel\nclass Order(BaseModel): ...\n"),
        (toys.models(), "tests/models.py", "from django.db import models\nclass Order(models.Model): ...\n"),
        (toys.settings(), "shop/constants.py", "TOY = 1\n"),
        (toys.documents(), "docs/dockerfile.md", "RUN true\n"),
        (toys.markup(), "shop/templates/a.html", "{# {{ a }} #}{% verbatim %}{{ a }}{% endverbatim %}\n"),
        (toys.markup(), "shop/a.html", "{{ a }}\n"),
        (toys.markup(), "tests/templates/a.html", "{{ a }}\n"),
        (toys.tags(), "shop/templates/a.html", "{% toys a %}{{ toy }}{# {% toy a %} #}\n"),
        (toys.tests(), "shop/views.py", "def test_it(): ...\n"),
        (toys.tests(), "tests/test_shop.py", "def helper(): ...\ndef outer():\n    def test_inner(): ...\n"),
    ],
)
def test_each_kind_of_hook_is_quiet_about_lookalikes(rule: Rule, path: str, text: str) -> None:
    assert scanned({path: text}, rule).findings == ()


def test_a_comment_of_a_template_suppresses_what_stands_with_it() -> None:
    ignore = "rubricate: ignore[security/toy-markup]"
    text = f"{{{{ a }}}} {{# {ignore} said above #}}\n{{# {ignore} said here #}}\n{{{{ b }}}}\n{{{{ c }}}}\n"
    report = scan(
        DictTree({"shop/templates/a.html": text}),
        Config(),
        rules=[toys.markup()],
        options=Options(strict=True),
    )
    assert [finding.message for finding in report.findings] == ["`c` is printed"]
    assert report.statistics.suppressed == 2


def test_a_model_is_known_by_bases_in_other_files() -> None:
    files = {
        "core/base.py": "from django.db import models\nclass Stamped(models.Model):\n    pass\n",
        "core/__init__.py": "from .base import Stamped\n",
        "shop/models.py": "from core import Stamped\nclass Order(Stamped): ...\n",
    }
    found = scanned(files, toys.models()).findings
    assert ("shop/models.py", 2) in places(found)


def test_a_crash_of_a_rule_is_a_problem_and_the_rest_goes_on() -> None:
    report = scanned({"a.py": DANGER + "x.boom()\nx.boom()\n", "b.py": DANGER}, toys.crashing(), toys.calls())
    assert places(report.findings) == [("a.py", 2), ("b.py", 2)]
    (problem,) = report.problems
    assert (problem.path, problem.kind) == ("a.py", "crash")
    assert (
        problem.message
        == "rule security/toy-crash crashed: ZeroDivisionError: integer division or modulo by zero"
    )


def test_a_crash_outside_the_rules_is_a_problem_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(path: str, *_: object) -> None:
        raise ZeroDivisionError(f"{path}, as planned")

    monkeypatch.setattr("checks.engine.project.document_of", break_down)
    report = scanned({"Dockerfile": "FROM python:3.13\n", "a.py": DANGER})
    assert places(report.findings) == [("a.py", 2)]
    (problem,) = report.problems
    assert (problem.path, problem.kind) == ("Dockerfile", "crash")
    assert problem.message == "reading the file crashed: ZeroDivisionError: Dockerfile, as planned"


def test_a_crash_is_raised_where_tests_ask_for_it() -> None:
    with pytest.raises(ZeroDivisionError):
        scan(
            DictTree({"a.py": "x.boom()\n"}), Config(), rules=[toys.crashing()], options=Options(strict=True)
        )


def test_a_file_that_no_parser_reads_is_a_problem_and_the_rest_goes_on() -> None:
    report = scanned({"a.py": "def broken(:\n", "b.py": b"\x00\x01", "c.py": DANGER})
    assert places(report.findings) == [("c.py", 2)]
    assert [problem.path for problem in report.problems] == ["a.py", "b.py"]


def test_files_of_one_project_are_judged_alike_by_one_process_and_by_two() -> None:
    files = {f"app/module_{number}.py": DANGER * (number % 3) or QUIET for number in range(130)}
    files["app/broken.py"] = "def broken(:\n"
    rules = (toys.calls(), toys.models())
    one, two = (scan(DictTree(files), Config(), rules=rules, options=Options(jobs=jobs)) for jobs in (1, 2))
    assert one.findings == two.findings
    assert one.problems == two.problems
    assert one.checklist == two.checklist


def test_progress_is_told_up_to_the_last_file() -> None:
    told: list[tuple[int, int]] = []
    options = Options(progress=lambda done, total: told.append((done, total)))
    scan(DictTree({"a.py": "", "b.py": ""}), Config(), rules=[toys.calls()], options=options)
    assert told == [(1, 2), (2, 2)]


def test_the_checklist_answers_with_counts_and_findings() -> None:
    report = scanned({"a.py": DANGER}, toys.calls(), toys.models())
    answers = {entry.item: entry for entry in report.checklist}
    assert answers["security.csrf"].verdict is Verdict.FAIL
    assert answers["security.csrf"].checked == 1
    assert answers["security.csrf"].findings == (report.findings[0].fingerprint,)
    assert answers["maintainability.correctness"].verdict is Verdict.NOT_APPLICABLE
    assert answers["security.xss"].verdict is Verdict.MANUAL


def test_only_the_chosen_paths_are_judged() -> None:
    tree = DictTree({"a.py": DANGER, "b.py": DANGER})
    assert places(scan(tree, Config(), rules=[toys.calls()], paths=["b.py"]).findings) == [("b.py", 2)]


def test_excluded_files_are_not_read() -> None:
    config = from_mapping({"exclude": ["vendor/**"]}, [])
    report = scanned({"vendor/a.py": "def broken(:\n", "b.py": DANGER}, config=config)
    assert places(report.findings) == [("b.py", 2)]
    assert report.problems == ()


def test_a_baseline_takes_away_what_it_accepts() -> None:
    tree = DictTree({"a.py": DANGER})
    before = scan(tree, Config(), rules=[toys.calls()])
    accepting = DictTree({"a.py": DANGER + "danger()\n", ".rubricate-baseline.json": dump(before.findings)})
    after = scan(accepting, Config(), rules=[toys.calls()], baseline=load_baseline(accepting))
    assert places(after.findings) == [("a.py", 3)]
    assert after.statistics.baselined == 1


def test_only_what_the_change_brings_is_reported() -> None:
    report = reviewed({"a.py": DANGER, "b.py": QUIET}, {"a.py": "\n" + DANGER, "b.py": QUIET + DANGER})
    assert places(report.findings) == [("b.py", 4)]
    assert report.statistics.known == 1


def test_a_finding_of_a_file_that_the_change_left_alone_is_not_reported() -> None:
    assert reviewed({"a.py": DANGER, "b.py": QUIET}, {"a.py": DANGER, "b.py": QUIET + "\n"}).findings == ()


def test_a_deleted_line_that_causes_a_finding_is_named() -> None:
    # The toy reports every call, so what kept its finding away in the base is a suppression.
    excuse = "    # rubricate: ignore[security/toy-call] it is checked above\n"
    guarded = f"from toolbox import danger, guard\ndef f():\n    guard()\n{excuse}    danger()\n"
    report = reviewed({"a.py": guarded}, {"a.py": guarded.replace("    guard()\n", "").replace(excuse, "")})
    (finding,) = report.findings
    assert finding.caused_by == DeletedLine("a.py", 3)


def test_a_class_that_becomes_a_model_elsewhere_is_reported_where_it_derives() -> None:
    plain = "class Base:\n    pass\n"
    model = "from django.db import models\nclass Base(models.Model):\n    pass\n"
    child = "from core.base import Base\nclass Order(Base): ...\n"
    untouched = "from core.base import Other\nclass Thing(Other): ...\n"
    files = {"shop/models.py": child, "shop/things.py": untouched}
    report = reviewed({**files, "core/base.py": plain}, {**files, "core/base.py": model}, toys.models())
    assert places(report.findings) == [("core/base.py", 2), ("shop/models.py", 2)]


def test_suppressions_that_the_change_adds_are_listed_and_hold() -> None:
    added = (
        "from toolbox import danger\ndanger()  # rubricate: ignore[security/toy-call] measured, harmless\n"
    )
    report = reviewed({"a.py": QUIET}, {"a.py": added})
    assert report.findings == ()
    (exemption,) = report.exemptions
    assert (exemption.kind, exemption.path, exemption.line) == ("suppression", "a.py", 2)
    assert exemption.reason == "measured, harmless"


def test_refused_suppressions_do_not_hold() -> None:
    added = (
        "from toolbox import danger\ndanger()  # rubricate: ignore[security/toy-call] measured, harmless\n"
    )
    config = from_mapping({"new-suppressions": "refuse"}, [])
    report = reviewed({"a.py": QUIET}, {"a.py": added}, config=config)
    assert places(report.findings) == [("a.py", 2)]
    assert len(report.exemptions) == 1


def test_old_suppressions_are_not_listed_and_hold() -> None:
    old = "from toolbox import danger\ndanger()  # rubricate: ignore[security/toy-call] measured, harmless\n"
    config = from_mapping({"new-suppressions": "refuse"}, [])
    report = reviewed({"a.py": old}, {"a.py": "import os\n" + old}, config=config)
    assert report.findings == ()
    assert report.exemptions == ()


def test_a_change_of_the_configuration_is_listed() -> None:
    report = reviewed({".rubricate.yml": "fail-on: low\n"}, {".rubricate.yml": "fail-on: never\n"})
    assert [exemption.kind for exemption in report.exemptions] == ["configuration"]


def test_items_without_a_rule_name_the_changed_places() -> None:
    report = reviewed({}, {"shop/views.py": QUIET, "README.md": "Hello\n"})
    answers = {entry.item: entry for entry in report.checklist}
    assert [(place.path, place.line) for place in answers["performance.n-plus-one"].places] == [
        ("shop/views.py", 1)
    ]
    assert answers["deployment.container"].places == ()


def test_sources_of_the_files_with_findings_come_along() -> None:
    report = scanned({"a.py": DANGER, "b.py": QUIET})
    assert dict(report.sources) == {"a.py": DANGER}


def test_the_real_rules_are_used_when_none_are_given() -> None:
    report = scan(DictTree({"a.py": QUIET}), Config())
    manual = {entry.item for entry in report.checklist if entry.verdict is Verdict.MANUAL}
    assert manual.isdisjoint({rule.checklist for rule in all_rules()})


@pytest.mark.parametrize(
    ("frameworks", "found"), [([], 1), (["django"], 1), (["flask"], 0), (["django", "flask"], 1)]
)
def test_settings_of_frameworks_that_are_not_named_are_not_looked_for(
    frameworks: list[str], found: int
) -> None:
    config = from_mapping({"frameworks": frameworks}, [])
    report = scanned({"shop/settings.py": "DEBUG = False\nTOY = 1\n"}, toys.settings(), config=config)
    assert len(report.findings) == found


def test_a_settings_folder_holds_django_settings_where_django_is_named() -> None:
    files = {"shop/settings/cookies.py": "TOY = 1\n"}
    named = from_mapping({"frameworks": ["django"]}, [])
    assert scanned(files, toys.settings()).findings == ()
    assert len(scanned(files, toys.settings(), config=named).findings) == 1


def test_functions_and_classes_in_newer_syntax_are_dispatched() -> None:
    text = "from django.db import models\nclass Box[T](models.Model): ...\n"
    assert places(scanned({"shop/models.py": text}, toys.models()).findings) == [("shop/models.py", 2)]
    generic = "def load[T](path: T, seen=[]) -> T:\n    seen.append(path)\n    return path\n"
    found = scan(DictTree({"a.py": generic}), Config()).findings
    assert [finding.rule for finding in found] == ["maintainability/mutable-default"]
