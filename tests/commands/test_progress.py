"""The progress bar: on a terminal, for what takes over a second."""

from __future__ import annotations

import io
import sys
from itertools import count
from types import SimpleNamespace

import pytest

from checks.commands.common import progress_bar


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_what_takes_over_a_second_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    seconds = count(0, 2)
    monkeypatch.setattr("checks.commands.common.time", SimpleNamespace(monotonic=lambda: next(seconds)))
    with progress_bar("Checking") as advance:
        assert advance is not None
        advance(1, 4)
        advance(3, 4)
    assert "Checking" in terminal.getvalue()


def test_what_is_done_sooner_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar("Checking") as advance:
        assert advance is not None
        advance(1, 1)
    assert terminal.getvalue() == ""


def test_a_pipe_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar("Checking") as advance:
        assert advance is None
