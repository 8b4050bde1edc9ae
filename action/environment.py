"""The Action's own environment: `python -I environment.py place|install`.

A script of the standard library alone, started by path before anything is installed. `place` says where the
environment is and under which key it may be kept; `install` makes it from the hash-locked file of the Action's own
repository, unless it was restored, and puts the Action's own packages beside it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

PACKAGES = ("action", "bot", "checks")
OLDEST = (3, 11)


class Unusable(Exception):
    """The environment can't be made: the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are: the environment that may be restored, the packages beside it, and what it is made from."""

    folder: Path
    repository: Path

    @property
    def environment(self) -> Path:
        """The virtual environment."""
        return self.folder / "environment"

    @property
    def python(self) -> Path:
        """The environment's Python."""
        return self.environment / "bin" / "python"

    @property
    def packages(self) -> Path:
        """The Action's own packages, copied, so that nothing else of its repository can be imported."""
        return self.folder / "packages"

    @property
    def lock(self) -> Path:
        """The requirements with their hashes."""
        return self.repository / "requirements" / "action.txt"

    @property
    def key(self) -> str:
        """Names what the environment is made of: lock file, Python and place, since environments can't be moved."""
        made_of = (self.lock.read_text(encoding="utf-8"), sys.version, sys.executable, str(self.environment))
        digest = hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:32]
        return f"rubricate-{platform.system()}-{platform.machine()}-{digest}"

    @property
    def stamp(self) -> Path:
        """Written last: an environment without it is not whole."""
        return self.environment / "rubricate-key"


def main(argv: list[str], env: Mapping[str, str], out: TextIO) -> int:
    """Do one of the two steps; what goes wrong is said in one annotation."""
    try:
        place = _place(env)
        if argv == ["place"]:
            _tell(place, Path(env["GITHUB_OUTPUT"]))
        elif argv == ["install"]:
            install(place)
        else:
            raise Unusable("usage: environment.py place|install")
    except Unusable as error:
        message = str(error).replace("%", "%25")
        print(f"::error title=Rubricate::{message}", file=out)
        return 2
    return 0


def install(place: Place) -> None:
    """Make the environment unless it is there and whole, and put the packages beside it."""
    if not (place.stamp.exists() and place.stamp.read_text() == place.key and _works(place.python)):
        _make(place)
    shutil.rmtree(place.packages, ignore_errors=True)
    for package in PACKAGES:
        shutil.copytree(
            place.repository / package,
            place.packages / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    (_site(place) / "rubricate.pth").write_text(f"{place.packages}\n", encoding="utf-8")


def _place(env: Mapping[str, str]) -> Place:
    if os.name != "posix":
        raise Unusable("the Action needs a runner with Linux or macOS")
    if sys.version_info < OLDEST:
        found, oldest = platform.python_version(), ".".join(map(str, OLDEST))
        raise Unusable(f"the Action needs Python {oldest} or newer to run, and python-version gave {found}")
    try:
        return Place(Path(env["RUNNER_TEMP"]) / "rubricate", Path(env["GITHUB_ACTION_PATH"]))
    except KeyError as error:
        raise Unusable(f"{error.args[0]} is not set: this is meant to be run by a GitHub runner") from None


def _tell(place: Place, outputs: Path) -> None:
    with outputs.open("a", encoding="utf-8") as file:
        file.write(f"environment={place.environment}\npython={place.python}\nkey={place.key}\n")


def _make(place: Place) -> None:
    shutil.rmtree(place.environment, ignore_errors=True)
    _run(sys.executable, "-I", "-m", "venv", str(place.environment), what="the environment can't be made")
    # Nothing is built: a wheel is data until it is imported, and each file's hash is known.
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps")
    pinned = ("--require-hashes", "--only-binary", ":all:", "--requirement", str(place.lock))
    _run(
        *(str(place.python), "-I", "-m", "pip", "install", *options, *pinned),
        what="the packages can't be installed",
    )
    place.stamp.write_text(place.key)


def _run(*argv: str, what: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, errors="replace", cwd="/", check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
        raise Unusable(f"{what}: {said[-1][:500]}")


def _works(python: Path) -> bool:
    try:
        return (
            subprocess.run([python, "-I", "-c", ""], capture_output=True, cwd="/", check=False).returncode
            == 0
        )
    except OSError:
        return False


def _site(place: Place) -> Path:
    return next(place.environment.glob("lib/python3.*/site-packages"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ, sys.stdout))
