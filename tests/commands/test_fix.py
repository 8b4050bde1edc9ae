"""`rubricate fix`."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.commands.conftest import CLEAN, Command

Write = Callable[[Mapping[str, str]], Path]
BARE = "def load(path):\n    try:\n        return open(path)\n    except:\n        return None\n"
UNTIMED = "import requests\n\n\ndef fetch(url):\n    return requests.get(url)\n"


def test_fixes_are_written(command: Command, project: Write) -> None:
    root = project({"a.py": BARE, "b.py": CLEAN})
    answer = command("fix", root, "--unsafe", "--select", "maintainability/bare-except")
    assert answer.code == 0
    assert answer.out == "1 fix made in 1 file\n"
    assert (root / "a.py").read_text() == BARE.replace("except:", "except Exception:")
    assert (root / "b.py").read_text() == CLEAN


def test_with_diff_the_change_is_shown_and_nothing_is_written(command: Command, project: Write) -> None:
    root = project({"a.py": BARE})
    answer = command("fix", root, "--unsafe", "--diff", "--select", "maintainability/bare-except")
    assert answer.code == 1
    assert answer.out.startswith("--- a/a.py\n+++ b/a.py\n")
    assert "-    except:\n+    except Exception:\n" in answer.out
    assert (root / "a.py").read_text() == BARE


def test_nothing_to_fix_is_said(command: Command, project: Write) -> None:
    root = project({"a.py": CLEAN})
    assert command("fix", root).out == "0 fixes made in 0 files\n"
    assert command("fix", root, "--diff").code == 0


def test_a_file_s_mode_is_kept(command: Command, project: Write) -> None:
    root = project({"a.py": BARE})
    (root / "a.py").chmod(0o750)
    command("fix", root, "--unsafe", "--select", "maintainability/bare-except")
    assert stat.S_IMODE((root / "a.py").stat().st_mode) == 0o750
    assert "except Exception:" in (root / "a.py").read_text()


def test_only_the_files_given_are_fixed(command: Command, project: Write) -> None:
    root = project({"a.py": BARE, "b.py": BARE})
    command("fix", root / "a.py", "--unsafe", "--select", "maintainability/bare-except")
    assert (root / "b.py").read_text() == BARE


def test_a_second_run_finds_nothing_to_fix(command: Command, project: Write) -> None:
    root = project({"a.py": BARE, "b.py": UNTIMED})
    command("fix", root, "--unsafe")
    assert command("fix", root, "--unsafe").out == "0 fixes made in 0 files\n"


def test_the_diff_is_one_that_git_applies(command: Command, project: Write) -> None:
    odd = "SEPARATORS = '\x0c\u2028'\n" + BARE + "# no newline at the end"
    root = project({"a.py": odd})
    answer = command("fix", root, "--unsafe", "--diff", "--select", "maintainability/bare-except")
    subprocess.run(["git", "apply", "-"], input=answer.out.encode(), cwd=root, check=True)
    assert (root / "a.py").read_text() == odd.replace("except:", "except Exception:")
