"""What `.ci/run` does on machines of several kinds, with programs of our own in place of the system's."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT

REAL = ("bash", "dirname", "mktemp", "tail", "rm", "cat", "touch")


class Machine:
    """A PATH that holds only what a test puts there."""

    def __init__(self, folder: Path, user: int = 0) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.told = folder / "told"
        self.told.touch()
        for name in REAL:
            found = shutil.which(name)
            assert found is not None
            (self.bin / name).symlink_to(found)
        self.program("id", f"echo {user}")
        self.program("make")
        self.program("sleep")

    def program(self, name: str, body: str = "") -> None:
        """A program that notes that it was called."""
        (self.bin / name).write_text(f'#!/bin/bash\necho "{name} $*" >>{self.told}\n{body}\n')
        (self.bin / name).chmod(0o755)

    def run(self) -> subprocess.CompletedProcess[str]:
        env = {"PATH": str(self.bin), "TMPDIR": str(self.bin.parent), "HOME": os.environ.get("HOME", "/")}
        command = [str(self.bin / "bash"), str(ROOT / ".ci/run")]
        return subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, check=False)

    @property
    def calls(self) -> list[str]:
        return [line for line in self.told.read_text().splitlines() if not line.startswith(("id ", "sleep "))]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


INSTALL = ["apt-get -q update", "apt-get -q install -y --no-install-recommends chromium"]


def test_a_browser_that_is_there_is_not_installed(machine: Machine) -> None:
    machine.program("chromium")
    machine.program("apt-get")
    assert machine.run().returncode == 0
    assert machine.calls == ["make test"]


def test_root_with_apt_installs_it_quietly(machine: Machine) -> None:
    machine.program("apt-get", "echo a lot of words")
    done = machine.run()
    assert (machine.calls, done.stdout, done.stderr) == ([*INSTALL, "make test"], "", "")


def test_it_tries_three_times_and_then_says_so_and_goes_on(machine: Machine) -> None:
    machine.program("apt-get", "echo no network >&2; exit 100")
    done = machine.run()
    assert (done.returncode, machine.calls) == (0, ["apt-get -q update"] * 3 + ["make test"])
    assert "could not be installed" in done.stderr and "no network" in done.stderr


def test_without_apt_or_root_the_tests_run_as_they_can(machine: Machine, tmp_path: Path) -> None:
    assert machine.run().returncode == 0
    assert machine.calls == ["make test"]
    (tmp_path / "user").mkdir()
    user = Machine(tmp_path / "user", user=1000)
    user.program("apt-get")
    user.run()
    assert user.calls == ["make test"]


def test_its_exit_code_is_that_of_the_tests(machine: Machine) -> None:
    machine.program("make", "exit 2")
    assert machine.run().returncode == 2
