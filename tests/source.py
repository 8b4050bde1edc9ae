"""The product's own source as a user gets it: without what is not committed, and without the tests."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = (
    "action",
    "action.yml",
    "bot",
    "checks",
    "requirements",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)


def copy_source(target: Path) -> Path:
    """Copy what installs and runs Rubricate into a new folder."""
    target.mkdir(parents=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / part)
    return target
