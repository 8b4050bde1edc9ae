"""A real browser for tests and pictures: chromium, headless, from the machine it runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    # A name that nothing answers to: what a page would load from elsewhere fails at once, and is seen.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_SECONDS = 60


def find_browser() -> str | None:
    """The browser's program, or None. `RUBRICATE_CHROMIUM` names one that is not on the path."""
    return os.environ.get("RUBRICATE_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def require_browser() -> str:
    """The browser's program; without one the test is skipped, or fails where `CI=true`."""
    if browser := find_browser():
        return browser
    missing = "chromium is missing: `apt-get install chromium`, or name a browser in RUBRICATE_CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def screenshot(html: Path, png: Path, width: int, height: int, *, dark: bool = False) -> None:
    """Draw the page as it stands in a window of this size, in pixels."""
    page = _framed(html, width, height) if width < 500 else html
    dark_flags = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    _run(page, f"--screenshot={png.resolve()}", f"--window-size={width},{height}", *dark_flags)


def dump_dom(html: Path, width: int = 1200, height: int = 800) -> tuple[str, str]:
    """The document after its scripts have run, and what the browser wrote about it (console messages among it)."""
    return _run(html, "--dump-dom", f"--window-size={width},{height}", "--virtual-time-budget=2000")


def _framed(html: Path, width: int, height: int) -> Path:
    """A page that holds the given one in a frame: a window is never narrower than 500 pixels, a frame may be."""
    page = html.with_name(f"{html.stem}-{width}.html")
    frame = f'<iframe srcdoc="{escape(html.read_text())}" width="{width}" height="{height}" style="border:0">'
    page.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{frame}</iframe>')
    return page


def _run(page: Path, *options: str) -> tuple[str, str]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        done = subprocess.run(
            [require_browser(), *_FLAGS, f"--user-data-dir={profile}", *options, page.resolve().as_uri()],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=True,
        )
    return done.stdout, done.stderr
