"""What the wheel holds."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.source import ROOT

PACKAGES = ("action", "bot", "checks")


def test_it_holds_the_packages_with_their_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    source = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in held if ".dist-info/" not in name} == source
    assert {
        "checks/config.schema.json",
        "checks/report/schema.json",
        "checks/templates/rubricate.yml",
        "checks/templates/workflow.yml",
        "checks/templates/pre-commit.yml",
    } <= held


def test_it_has_one_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        text = archive.read(points).decode()
    assert text.partition("[console_scripts]")[2].partition("[")[0].split() == [
        "rubricate",
        "=",
        "checks.cli:main",
    ]
