"""The command run in this process on small projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.cli import run

DEFECTS = '''"""Orders."""

import requests


def fetch(url, seen=[]):
    """Fetch once."""
    try:
        return requests.get(url)
    except:
        return None
'''
CLEAN = '"""Nothing wrong."""\n\nLIMIT = 3\n'


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command said."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `rubricate` with some arguments, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def call(*argv: str | Path) -> Answer:
        code = run([str(arg) for arg in argv])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Writes a small project into a folder."""

    def write(files: Mapping[str, str]) -> Path:
        root = tmp_path / "project"
        for path, text in {"pyproject.toml": "", **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root

    return write
