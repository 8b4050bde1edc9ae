"""What a hook takes from pre-commit's environment and command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checks.commands.occasion import Files, Occasion, Range, Staged, occasion

RANGE = {"PRE_COMMIT": "1", "PRE_COMMIT_FROM_REF": "main", "PRE_COMMIT_TO_REF": "HEAD"}
HOOK = [
    "hook-impl",
    "--config=.pre-commit-config.yaml",
    "--hook-type=pre-commit",
    "--hook-dir",
    "/r/.git/hooks",
    "--",
]


def decided(env: dict[str, str], asked: list[str] | None, *, staged: bool = False) -> Occasion:
    return occasion(env, asked, lambda: staged)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["run"], Staged()),
        ([], Staged()),
        (HOOK, Staged()),
        (["run", "rubricate"], Staged()),
        (["run", "--all-files"], Files(None)),
        (["run", "-a"], Files(None)),
        (["-a"], Files(None)),
        (["run", "-av"], Files(None)),
        (["run", "--all"], Files(None)),
        (["run", "--verbose", "--all-files", "rubricate"], Files(None)),
        (["run", "--files", "a.py", "b/c.py"], Files(("a.py", "b/c.py"))),
        (["run", "--files", "a.py", "--verbose", "rubricate"], Files(("a.py",))),
        (["run", "--files"], Files(())),
        (["run", "-v", "--color", "always"], Staged()),
    ],
)
def test_the_command_line_of_pre_commit_says_what_is_meant(asked: list[str], expected: Occasion) -> None:
    assert decided({"PRE_COMMIT": "1"}, asked) == expected


def test_a_range_is_told_by_the_environment() -> None:
    assert decided(RANGE, ["run", "-s", "main", "-o", "HEAD"]) == Range("main", "HEAD")


def test_the_push_of_a_first_commit_is_about_all_files() -> None:
    env = {"PRE_COMMIT": "1", "PRE_COMMIT_REMOTE_NAME": "origin"}
    assert decided(env, HOOK) == Files(None)


def test_without_a_command_line_a_commit_is_known_by_its_index() -> None:
    assert decided({"GIT_INDEX_FILE": ".git/index"}, None) == Staged()


def test_without_a_command_line_what_is_staged_is_meant() -> None:
    assert decided({}, None, staged=True) == Staged()


def test_without_a_command_line_and_with_nothing_staged_all_files_are_meant() -> None:
    assert decided({}, None, staged=False) == Files(None)


ASK = "from checks.commands.occasion import asked_of_pre_commit; print(asked_of_pre_commit())"


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_command_line_is_read_from_the_system(tmp_path: Path, wrapped: bool) -> None:
    runner = tmp_path / "pre-commit"
    runner.write_text("import subprocess, sys; subprocess.run(sys.argv[2:], check=True)")
    question = [sys.executable, "-c", ASK]
    if wrapped:
        question = [
            sys.executable,
            "-c",
            "import subprocess, sys; subprocess.run(sys.argv[1:], check=True)",
            *question,
        ]
    done = subprocess.run(
        [sys.executable, str(runner), "--all-files", *question], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("['--all-files', ")


def test_outside_pre_commit_there_is_no_command_line() -> None:
    # what runs the tests stands above as well, so the question is asked by an orphan
    orphan = f"import os, time\nif os.fork(): os._exit(0)\ntime.sleep(0.3)\nos.setsid()\n{ASK}"
    done = subprocess.run([sys.executable, "-c", orphan], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"
