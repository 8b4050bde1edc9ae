"""The formats by name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from checks.errors import UserError
from checks.report import FORMATS, render
from tests import browser
from tests.report.samples import CLEAN, LIKELY, hostile


def test_all_formats_are_there() -> None:
    assert list(FORMATS) == ["text", "json", "sarif", "markdown", "html", "github"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_a_function_of_the_report_alone(name: str) -> None:
    for report in (LIKELY, CLEAN, hostile()):
        text = FORMATS[name](report)
        assert text == FORMATS[name](report) == render(report, name)
        assert text.endswith("\n")
        text.encode()


def test_an_unknown_format_is_refused_in_one_line() -> None:
    with pytest.raises(UserError, match="unknown format 'xml': choose one of text, json, sarif"):
        render(CLEAN, "xml")


def test_a_format_is_loaded_when_it_is_asked_for() -> None:
    code = (
        "import sys, checks.report as r; r.FORMATS['github'];"
        "print(sorted(m for m in sys.modules if m.startswith('checks.report.') and m.count('.') == 2))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "'checks.report.github'" in done.stdout
    assert not any(f"checks.report.{name}'" in done.stdout for name in ("html", "sarif", "text", "json"))


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.delenv("RUBRICATE_CHROMIUM", raising=False)


@pytest.mark.usefixtures("no_browser")
def test_a_missing_browser_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        browser.require_browser()


@pytest.mark.usefixtures("no_browser")
def test_a_missing_browser_is_skipped_elsewhere_and_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        browser.require_browser()
