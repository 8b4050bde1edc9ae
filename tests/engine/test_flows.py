"""Data followed across files, through a scan and a review: which files are judged, and where findings are said."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from checks.config import Config
from checks.engine import run
from checks.engine.analyse import Analyser
from checks.engine.revisions import diff
from checks.engine.run import Options, review, scan
from checks.engine.tree import DictTree
from checks.model import Confidence, Report, Verdict
from checks.placement import place
from checks.registry import all_rules
from checks.semantics.interpret import progress

RULES = [rule for rule in all_rules() if rule.id in ("security/command-injection", "security/shell-enabled")]
TOOLS = """
import subprocess


def pack(folder):
    subprocess.run(f"tar czf backup.tgz {folder}", shell=True)
"""
VIEWS = """
from django.http import HttpResponse

from .tools import pack


def archive(request):
    pack(request.GET["folder"])
    return HttpResponse("done")
"""
QUIET_VIEWS = VIEWS.replace('request.GET["folder"]', '"orders"')
QUIET_TOOLS = TOOLS.replace('f"tar czf backup.tgz {folder}", shell=True', '["tar", folder]')


def scanned(files: Mapping[str, str], jobs: int = 1) -> Report:
    return scan(DictTree(files), Config(), rules=RULES, options=Options(strict=True, jobs=jobs))


def reviewed(old: Mapping[str, str], new: Mapping[str, str], *, strict: bool = True) -> Report:
    base, head = DictTree(old), DictTree(new)
    return review(base, head, diff(base, head), Config(), rules=RULES, options=Options(strict=strict))


def lines(report: Report) -> list[tuple[str, int]]:
    return [(finding.path, finding.span.line) for finding in report.findings]


def test_a_finding_stands_at_the_sink_with_the_way_to_it() -> None:
    (finding,) = scanned({"shop/views.py": VIEWS, "shop/tools.py": TOOLS}).findings
    assert (finding.path, finding.span.line) == ("shop/tools.py", 6)
    assert [(step.path, step.line) for step in finding.trace] == [("shop/views.py", 8), ("shop/tools.py", 6)]


def test_a_sink_that_several_files_feed_is_one_finding() -> None:
    files = {"shop/tools.py": TOOLS, "shop/views.py": VIEWS, "shop/other.py": VIEWS}
    (finding,) = scanned(files).findings
    assert finding.trace[0].path == "shop/other.py"


def test_neither_the_order_of_files_nor_the_number_of_processes_matters() -> None:
    files = {f"shop/views{number}.py": VIEWS for number in range(70)} | {"shop/tools.py": TOOLS}
    expected = scanned(files).findings
    backwards = dict(reversed(files.items()))
    assert scanned(backwards).findings == expected
    assert scanned(files, jobs=2).findings == expected


@pytest.mark.parametrize("order", list(itertools.permutations(["a", "b", "c"])))
def test_a_ring_of_functions_is_the_same_from_wherever_it_is_entered(order: tuple[str, ...]) -> None:
    ring = {"a": "b", "b": "c", "c": "a"}
    files = {
        f"shop/{name}.py": f"import subprocess\nfrom . import {ring[name]}\n\n\ndef run(line, depth):\n"
        f"    subprocess.run(line + '{name}', shell=True)\n    if depth:\n"
        f"        {ring[name]}.run(line, depth - 1)\n"
        for name in order
    }
    views = VIEWS.replace(".tools import pack", ".a import run").replace(
        'pack(request.GET["folder"])', 'run(request.GET["x"], 3)'
    )
    report = scanned({**files, "shop/views.py": views})
    assert {path for path, _ in lines(report)} == {"shop/a.py", "shop/b.py", "shop/c.py"}


def test_a_call_that_begins_to_hand_data_over_is_said_on_its_line() -> None:
    old = {"shop/views.py": QUIET_VIEWS, "shop/tools.py": TOOLS}
    new = {"shop/views.py": VIEWS, "shop/tools.py": TOOLS}
    report = reviewed(old, new)
    assert lines(report) == [("shop/tools.py", 6)]
    changes = diff(DictTree(old), DictTree(new))
    (placement,) = place(report.findings, changes, report.sources)
    assert (placement.path, placement.kind, placement.line) == ("shop/views.py", "line", 8)


def test_a_helper_that_becomes_dangerous_is_said_though_its_callers_did_not_change() -> None:
    old = {"shop/views.py": VIEWS, "shop/tools.py": QUIET_TOOLS}
    assert lines(reviewed(old, {**old, "shop/tools.py": TOOLS})) == [("shop/tools.py", 6)]


def test_a_helper_whose_text_changes_and_effects_do_not_says_nothing_new() -> None:
    old = {"shop/views.py": VIEWS, "shop/tools.py": TOOLS}
    new = {**old, "shop/tools.py": TOOLS.replace("import subprocess", "import subprocess  # to pack")}
    assert not reviewed(old, new).findings


def test_a_comment_at_the_sink_excuses_it_in_reviews_that_do_not_touch_it() -> None:
    tools = TOOLS.replace(
        "shell=True)", "shell=True)  # rubricate: ignore[security/command-injection] checked by the proxy"
    )
    old = {"shop/views.py": QUIET_VIEWS, "shop/tools.py": tools}
    report = reviewed(old, {**old, "shop/views.py": VIEWS})
    assert not report.findings
    assert not report.problems


def test_a_comment_for_what_another_file_leads_to_is_not_called_unused() -> None:
    comment = "  # rubricate: ignore[security/command-injection] checked by the proxy"
    old = {"shop/views.py": VIEWS, "shop/tools.py": TOOLS}
    new = {**old, "shop/tools.py": TOOLS.replace("shell=True)", f"shell=True){comment}")}
    assert not reviewed(old, new).problems


def test_what_is_followed_stands_for_a_suspicion_of_the_same_weakness_on_its_line() -> None:
    view = VIEWS.replace(
        'pack(request.GET["folder"])', 'subprocess.run([request.GET["x"], "-l"], shell=True)'
    )
    files = {"shop/views.py": view.replace("from .tools import pack", "import subprocess")}
    assert [finding.rule for finding in scanned(files).findings] == ["security/command-injection"]


def test_what_passes_code_that_nobody_knows_is_less_sure() -> None:
    view = VIEWS.replace("from .tools import pack", "from .tools import pack\nfrom somewhere import polish")
    view = view.replace('request.GET["folder"]', 'polish(request.GET["folder"])')
    (finding,) = scanned({"shop/views.py": view, "shop/tools.py": TOOLS}).findings
    assert finding.confidence is Confidence.LOW


def test_a_crash_of_following_is_a_problem_and_other_rules_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ValueError("cannot follow")

    monkeypatch.setattr("checks.semantics.interpret.world.World.facts", crash)
    tree = DictTree({"shop/tools.py": TOOLS.replace('f"tar czf backup.tgz {folder}"', '"ls"')})
    report = scan(tree, Config(), rules=RULES)
    assert [finding.rule for finding in report.findings] == ["security/shell-enabled"]
    assert [problem.kind for problem in report.problems] == ["crash"]


def test_a_crash_in_looking_for_callers_is_a_problem_and_the_review_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_: object) -> None:
        raise ValueError("cannot look")

    monkeypatch.setattr(run, "callers_reached", crash)
    old = {"shop/views.py": QUIET_VIEWS, "shop/tools.py": TOOLS}
    report = reviewed(old, {**old, "shop/views.py": VIEWS}, strict=False)
    assert lines(report) == [("shop/tools.py", 6)]
    assert any("cannot look" in problem.message for problem in report.problems)


def test_a_function_that_takes_too_many_steps_is_named() -> None:
    text = "def tangled(x):\n" + "    x = f(x)\n" * 21_000
    report = scanned({"shop/views.py": text})
    assert any(problem.kind == "too-complex" and "tangled" in problem.message for problem in report.problems)


def test_a_file_that_takes_too_many_steps_in_all_is_a_problem_and_the_next_one_is_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "MAX_FILE_STEPS", 2_000)
    variants = "".join(f"    f('n{number}')\n" for number in range(500))
    hostile = f"def f(x):\n    if x:\n        g(x)\n        h(x)\n        i(x)\n\n\ndef run():\n{variants}"
    report = scanned({"shop/a.py": hostile, "shop/views.py": VIEWS, "shop/tools.py": TOOLS})
    assert {problem.path for problem in report.problems if problem.kind == "too-complex"} == {"shop/a.py"}
    assert lines(report) == [("shop/tools.py", 6)]


RING = {
    "shop/a.py": "import subprocess\nfrom . import b\n\n\ndef run(line, depth):\n"
    "    subprocess.run(line, shell=True)\n    return b.step(line, depth)\n",
    "shop/b.py": "from . import c\n\n\ndef step(line, depth):\n    return c.Walk(line).go(depth - 1)\n",
    "shop/c.py": "from . import a\n\n\nclass Walk:\n    def __init__(self, line):\n        self.line = line\n\n"
    "    def go(self, depth):\n        return a.run(self.line, depth) if depth else self.line\n",
    "shop/views.py": VIEWS.replace(".tools import pack", ".b import step").replace(
        'pack(request.GET["folder"])', 'step(request.GET["x"], 3)'
    ),
}


@pytest.mark.parametrize(("room", "step"), [(0, 6), (1_000_000, 1)])
def test_neither_order_nor_room_changes_what_is_said_of_a_file(room: int, step: int) -> None:
    said = set()
    for order in itertools.islice(itertools.permutations(RING), 0, None, step):
        analyser = Analyser(DictTree(RING), RULES, Config(), strict=True)
        analyser.project.room = room
        judged = {}
        for path in order:
            judged[path] = analyser.judge(path)
            analyser.make_room()
        said.add(tuple((judged[path].findings, tuple(sorted(judged[path].uses))) for path in sorted(RING)))
    assert len(said) == 1
    assert any(findings for findings, _ in said.pop())


def test_own_uses_are_recorded_for_the_cache() -> None:
    tree = DictTree({"shop/views.py": VIEWS, "shop/tools.py": TOOLS})
    judged = Analyser(tree, RULES, Config(), strict=True).judge("shop/views.py")
    assert "shop/tools.py" in judged.uses


def test_sinks_that_nothing_flows_into_are_evidence_all_the_same() -> None:
    report = scanned({"shop/tools.py": QUIET_TOOLS})
    (entry,) = [entry for entry in report.checklist if entry.item == "security.input-validation"]
    assert entry.verdict is Verdict.PASS
    assert entry.checked > 0
