"""The wheel, and virtual environments that hold one extra of it and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.needs import require_uv
from tests.source import ROOT, copy_source

OUTSIDE = {
    key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "GIT_"))
}


@dataclass(frozen=True)
class Environment:
    """A virtual environment with Rubricate in it."""

    folder: Path

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def run(self, program: str, *args: str, cwd: Path, code: int = 0) -> str:
        """Run one of its programs and return what it said on both channels."""
        done = subprocess.run(
            [self.bin / program, *args],
            cwd=cwd,
            env=OUTSIDE | {"XDG_CACHE_HOME": str(self.folder / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = copy_source(tmp_path_factory.mktemp("source") / "rubricate")
    target = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (built,) = target.iterdir()
    return built


@pytest.fixture
def install(wheel: Path, tmp_path: Path) -> Environment:
    """An empty environment; `extra(install, wheel, NAME)` fills it."""
    uv = require_uv()
    folder = tmp_path / "environment"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True, cwd=tmp_path)
    return Environment(folder)


def fill(environment: Environment, wheel: Path, extra: str = "") -> set[str]:
    """Install the wheel with an extra, in the locked versions whose hashes are checked. Returns what is there then."""
    uv = require_uv()
    python = str(environment.bin / "python")
    wanted = f"rubricate{f'[{extra}]' if extra else ''} @ {wheel.as_uri()}"
    lock = str(ROOT / "requirements/app.txt")
    install = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--verify-hashes",
        "--constraint",
        lock,
        wanted,
    ]
    subprocess.run(install, check=True, cwd=environment.folder)
    listed = subprocess.run(
        [uv, "pip", "freeze", "--python", python],
        check=True,
        cwd=environment.folder,
        capture_output=True,
        text=True,
    )
    return {line.partition("==")[0].partition(" @ ")[0] for line in listed.stdout.splitlines()}
