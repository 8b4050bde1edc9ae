"""A project of the corpus is scanned by the command, and its report is read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import counts, findings, verdicts
from benchmarks.findings import Found, scan
from benchmarks.process import Failed

SOURCE = "import hashlib\n\n\ndef token_of(password):\n    return hashlib.md5(password).hexdigest()\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    tree = tmp_path / "wagtail"
    tree.mkdir()
    (tree / "accounts.py").write_text(SOURCE)
    return tree


def test_a_scan_gives_places_and_fingerprints(project: Path) -> None:
    found = [one for one in scan("wagtail", project) if one.rule == "security/weak-hash"]
    assert [(one.project, one.path, one.line) for one in found] == [("wagtail", "accounts.py", 5)]
    assert len(found[0].fingerprint) > 10
    assert found[0].confidence in findings.CONFIDENCES
    assert "md5" in found[0].message


def test_a_scan_that_breaks_is_no_scan(project: Path) -> None:
    (project / ".rubricate.yml").write_text("no-such-key: 1\n")
    with pytest.raises(Failed, match="wagtail: exit code 2"):
        scan("wagtail", project)


@pytest.fixture
def some(monkeypatch: pytest.MonkeyPatch) -> list[Found]:
    """Two findings, which both commands are told instead of scanning all projects."""
    found = [
        Found(
            "wagtail",
            "security/weak-hash",
            "accounts.py",
            line,
            "high",
            "`md5` hashes weakly",
            f"print-{line}",
        )
        for line in (5, 9)
    ]
    for module in (counts, verdicts):
        monkeypatch.setattr(module, "scan_all", lambda _folder: found)
    return found


def test_the_commands_write_what_they_are_to_write(
    some: list[Found],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(counts, "COUNTS", tmp_path / "counts.json")
    monkeypatch.setattr(verdicts, "VERDICTS", tmp_path / "verdicts.jsonl")
    folder = ["--folder", str(tmp_path / "cache")]
    assert counts.main([*folder, "--check"]) == 1
    assert not (tmp_path / "counts.json").exists()
    assert counts.main(folder) == 0
    assert counts.main([*folder, "--check"]) == 0
    assert capsys.readouterr().out.endswith("nothing changed\n")

    judged = tmp_path / "judged"
    judged.mkdir()
    place: dict[str, object] = {"project": "wagtail", "rule": "security/weak-hash", "path": "accounts.py"}
    lines = [place | {"line": line, "deserved": True, "why": "a password"} for line in (5, 6)]
    (judged / "mine.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert verdicts.main([*folder, "merge", str(judged)]) == 0
    said = capsys.readouterr()
    assert said.err == "matches no finding: security/weak-hash wagtail accounts.py:6\n"
    assert "| security/weak-hash | high | 2 | 1 | 1 | 100% | 1 |" in said.out
    assert [one.fingerprint for one in verdicts.load(tmp_path / "verdicts.jsonl")] == [some[0].fingerprint]

    assert verdicts.main([*folder, "shares", "--list"]) == 0
    assert "not judged: security/weak-hash [high] wagtail accounts.py:9" in capsys.readouterr().out


def test_a_file_that_holds_no_verdicts_is_a_plain_error(
    some: list[Found], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "verdicts.jsonl"
    broken.write_text("{\n")
    monkeypatch.setattr(verdicts, "VERDICTS", broken)
    assert verdicts.main(["shares"]) == 2
    assert capsys.readouterr().err.startswith("verdicts.jsonl:1: ")
