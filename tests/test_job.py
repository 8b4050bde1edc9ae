"""The child process that reviews a pull request: a job in, an answer out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checks.amend import Amendment
from checks.baseline import BASELINE_FILE, Entry, dump
from checks.diff import Diff
from checks.job import answer, told_progress
from checks.placement import Placement
from checks.report.json import from_dict
from tests.repository import Repository

UNTIMED = "import requests\n\n\ndef fetch(url):\n    return requests.get(url)\n"


CHILD = [sys.executable, "-I", "-m", "checks.job"]


def ask(job: Any, cwd: Path, *, kibibytes: int | None = None) -> dict[str, Any]:
    limited = ["bash", "-c", f'ulimit -v {kibibytes} && exec "$@"', "bash", *CHILD]
    done = subprocess.run(
        CHILD if kibibytes is None else limited,
        input=json.dumps(job).encode(),
        capture_output=True,
        cwd=cwd,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository whose main has a clean file, and a branch with a defect."""
    repository = Repository(tmp_path / "project")
    repository.commit({"a.py": "x = 1\n"})
    repository.git("switch", "--quiet", "--create", "feature")
    repository.commit({"client.py": UNTIMED, ".rubricate.yml": "ignore: ['performance/*']\n"})
    return repository


def job_for(repository: Repository, **more: Any) -> dict[str, Any]:
    base, head = repository.git("rev-parse", "main", "feature").split()
    return {"repository": str(repository.root / ".git"), "base": base, "head": head, **more}


def test_the_answer_holds_report_diff_and_placements(repository: Repository, tmp_path: Path) -> None:
    answer = ask(job_for(repository), tmp_path)
    report = from_dict(answer["report"])
    (finding,) = report.findings
    assert finding.rule == "performance/http-timeout-missing"
    diff = Diff.from_dict(answer["diff"])
    assert diff.by_new("client.py") is not None
    (placement,) = [Placement.from_dict(one) for one in answer["placements"]]
    assert (placement.path, placement.line, placement.fingerprint) == ("client.py", 5, finding.fingerprint)


def test_the_base_s_configuration_holds_and_the_proposed_one_is_listed(
    repository: Repository, tmp_path: Path
) -> None:
    report = from_dict(ask(job_for(repository), tmp_path)["report"])
    assert len(report.findings) == 1
    assert [exemption.kind for exemption in report.exemptions] == ["configuration"]


def test_a_baseline_that_the_change_brings_accepts_nothing_and_is_listed(
    repository: Repository, tmp_path: Path
) -> None:
    (finding,) = from_dict(ask(job_for(repository), tmp_path)["report"]).findings
    repository.commit({BASELINE_FILE: dump([finding])})
    report = from_dict(ask(job_for(repository), tmp_path)["report"])
    assert [one.rule for one in report.findings] == [finding.rule]
    assert "baseline" in [exemption.kind for exemption in report.exemptions]


def test_the_base_s_baseline_holds(repository: Repository, tmp_path: Path) -> None:
    (finding,) = from_dict(ask(job_for(repository), tmp_path)["report"]).findings
    repository.git("switch", "--quiet", "main")
    repository.commit({BASELINE_FILE: dump([finding])})
    assert from_dict(ask(job_for(repository), tmp_path)["report"]).findings == ()


def test_a_commit_that_is_not_there_is_the_user_s_error(repository: Repository, tmp_path: Path) -> None:
    answer = ask(job_for(repository, head="0" * 40), tmp_path)
    assert answer["error"]["kind"] == "user"


def test_so_it_is_with_the_configurations_of_folders(repository: Repository) -> None:
    own = {"shop/client.py": UNTIMED, "shop/.rubricate.yml": "exclude: ['*.py']\n"}
    repository.commit(own)
    told = from_dict(answer(job_for(repository))["report"])
    assert "shop/client.py" in {finding.path for finding in told.findings}
    assert "shop/.rubricate.yml" in {exemption.path for exemption in told.exemptions}


def test_a_broken_configuration_in_the_base_is_the_user_s_error(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("switch", "--quiet", "main")
    repository.commit({".rubricate.yml": "fail-on: [\n"})
    error = ask(job_for(repository), tmp_path)["error"]
    assert error["kind"] == "user"
    assert ".rubricate.yml" in error["message"]


def test_a_job_that_is_none_is_answered_as_an_internal_error(tmp_path: Path) -> None:
    assert ask({}, tmp_path)["error"]["kind"] == "internal"


def test_a_file_that_needs_more_memory_than_allowed_is_named(repository: Repository, tmp_path: Path) -> None:
    rows = ",\n".join(f"    ({number}, 'name {number}', [{number}])" for number in range(50_000))
    repository.commit({"data.py": f"ROWS = [\n{rows}\n]\n"})
    report = from_dict(ask(job_for(repository), tmp_path, kibibytes=120 << 10)["report"])
    assert [problem.path for problem in report.problems] == ["data.py"]
    assert [finding.path for finding in report.findings] == ["client.py"]


def test_nothing_of_the_folder_that_it_starts_in_is_imported(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "checks.py").write_text("raise SystemExit('imported')\n")
    assert "report" in ask(job_for(repository), tmp_path)


def amended(answer: dict[str, Any]) -> Amendment:
    return Amendment.from_dict(answer["amendment"])


def asked(what: str = "fixes", **more: Any) -> dict[str, Any]:
    return {"what": what, "rules": [], "without": [], "without_rules": [], **more}


@pytest.fixture
def fixable(repository: Repository) -> Repository:
    """A change that fetches without a timeout, in files of all kinds."""
    pointer = "version https://git-lfs.github.com/spec/v1\n"
    repository.commit(
        {
            "windows.py": UNTIMED.replace("\n", "\r\n"),
            "unended.py": UNTIMED.rstrip("\n"),
            "large.py": "# " + UNTIMED,
            "pointer.py": f"{pointer}oid sha256:{'0' * 64}\nsize 1\n",
        }
    )
    script = repository.root / "script.py"
    script.write_text("#!/usr/bin/env python3\n" + UNTIMED)
    script.chmod(0o755)
    repository.git("add", "script.py")
    repository.git("commit", "--quiet", "--message", "A script")
    return repository


def test_an_amendment_makes_the_safe_fixes_and_names_what_it_leaves(
    fixable: Repository, tmp_path: Path
) -> None:
    made = amended(ask(job_for(fixable, amend=asked()), tmp_path))
    assert set(made.files) == {"client.py", "windows.py", "unended.py"}
    assert made.count == 3
    assert b"requests.get(url, timeout=" in made.files["client.py"]
    assert made.files["windows.py"] == made.files["client.py"].replace(b"\n", b"\r\n")
    assert made.files["unended.py"] == made.files["client.py"].rstrip(b"\n")
    assert list(made.left) == ["script.py"]
    assert "mode" in made.left["script.py"]


def test_the_patch_of_an_amendment_makes_the_same_files(fixable: Repository, tmp_path: Path) -> None:
    made = amended(ask(job_for(fixable, amend=asked()), tmp_path))
    (tmp_path / "fixes.patch").write_bytes(made.patch.encode())
    fixable.git("apply", str(tmp_path / "fixes.patch"))
    assert {path: (fixable.root / path).read_bytes() for path in made.files} == dict(made.files)


def test_an_amendment_is_of_the_rules_that_were_asked_for(fixable: Repository, tmp_path: Path) -> None:
    assert amended(ask(job_for(fixable, amend=asked(rules=["security/*"])), tmp_path)).files == {}
    rules = ["performance/http-timeout-missing"]
    assert amended(ask(job_for(fixable, amend=asked(rules=rules)), tmp_path)).count == 3
    assert amended(ask(job_for(fixable, amend=asked(without_rules=rules)), tmp_path)).count == 0


def test_an_amendment_leaves_out_what_people_ignore(fixable: Repository, tmp_path: Path) -> None:
    report = from_dict(ask(job_for(fixable), tmp_path)["report"])
    (ignored,) = (each.fingerprint for each in report.findings if each.path == "windows.py")
    for name in (ignored, ignored[:16]):
        made = amended(ask(job_for(fixable, amend=asked(without=[name])), tmp_path))
        assert set(made.files) == {"client.py", "unended.py"}


def test_an_accepted_head_has_its_findings_in_the_baseline(fixable: Repository, tmp_path: Path) -> None:
    fixable.commit({BASELINE_FILE: dump([Entry("0" * 32, "security/xss", "old.py", "an old one")])})
    answer = ask(job_for(fixable, amend=asked("baseline")), tmp_path)
    made = amended(answer)
    fixable.commit({path: content.decode() for path, content in made.files.items()})
    entries = json.loads((fixable.root / BASELINE_FILE).read_text())["findings"]
    found = {each.fingerprint for each in from_dict(answer["report"]).findings}
    assert {entry["fingerprint"] for entry in entries} == {"0" * 32, *found}
    assert made.count == len(found) == 4


def test_the_answer_tells_what_git_calls_each_changed_file(repository: Repository, tmp_path: Path) -> None:
    answer = ask(job_for(repository), tmp_path)
    assert answer["identities"]["client.py"] == repository.git("rev-parse", "feature:client.py").strip()


def test_progress_counts_each_file_once_though_it_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.pipe()
    monkeypatch.setenv("RUBRICATE_PROGRESS", str(theirs))
    monkeypatch.setattr("checks.job.TELL_EVERY", 0.0)
    tell = told_progress()
    assert tell is not None
    for total in (4, 4, 2):
        for done in range(1, total + 1):
            tell(done, total)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        told = [tuple(map(int, line.split())) for line in pipe]
    assert told == [(0, 4), (1, 4), (1, 4), (2, 4), (2, 4), (3, 4), (3, 4), (4, 4), (4, 5), (5, 5)]


def test_progress_is_told_to_nobody_unless_somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUBRICATE_PROGRESS", raising=False)
    assert told_progress() is None


def test_settings_alone_are_answered_without_a_review(repository: Repository, tmp_path: Path) -> None:
    repository.git("switch", "--quiet", "main")
    repository.commit({".rubricate.yml": "pull-request: {comments: 3}\nignore: [no/such-rule]\n"})
    answer = ask(job_for(repository) | {"only": "settings"}, tmp_path)
    assert sorted(answer) == ["paths", "settings", "version"]
    assert (answer["settings"]["comments"], answer["paths"]) == (3, [])


def test_a_named_file_that_a_change_touches_is_told_where_settings_name_some(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("switch", "--quiet", "main")
    repository.commit({".rubricate.yml": "pull-request: {paths: [docs/]}\n"})
    assert ask(job_for(repository) | {"only": "settings"}, tmp_path)["paths"] == []
    repository.commit({".rubricate.yml": "pull-request: {paths: [docs/, 'cli*.py']}\n"})
    assert ask(job_for(repository) | {"only": "settings"}, tmp_path)["paths"] == ["client.py"]


def test_wrong_settings_are_the_user_s_error(repository: Repository, tmp_path: Path) -> None:
    repository.git("switch", "--quiet", "main")
    repository.commit({".rubricate.yml": "pull-request: {mode: never}\n"})
    error = ask(job_for(repository) | {"only": "settings"}, tmp_path)["error"]
    assert error["kind"] == "user" and "`mode` is automatic or on-request" in error["message"]
