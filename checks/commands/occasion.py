"""Why a hook runs: for what is staged, for a range of commits, for some files, or for all of them.

pre-commit tells its hooks of a range, and of nothing else (https://pre-commit.com/#pre-commit-run): whether it was
asked for all files stands in its own command line alone, which is read from the system.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.errors import UserError
from checks.tools import ToolError, run

_RUNNERS = ("pre-commit", "pre_commit", "-mpre_commit", "prek")
_ANCESTORS = 6  # wrappers stand between: `uv run`, `tox`, a shell


@dataclass(frozen=True, slots=True)
class Staged:
    """What is about to be committed: the index, against HEAD."""


@dataclass(frozen=True, slots=True)
class Range:
    """What leads from one revision to another, as before a push."""

    base: str
    head: str


@dataclass(frozen=True, slots=True)
class Files:
    """Files as they stand; None means all that git tracks."""

    paths: tuple[str, ...] | None


Occasion = Staged | Range | Files


def occasion(env: Mapping[str, str], asked: Sequence[str] | None, has_staged: Callable[[], bool]) -> Occasion:
    """What a hook is to look at.

    `asked` are the arguments that pre-commit was started with, None when they can't be known: then files as they stand
    are meant where nothing is staged, which is so on a build server.
    """
    base, head = env.get("PRE_COMMIT_FROM_REF"), env.get("PRE_COMMIT_TO_REF")
    if base and head:
        return Range(base, head)
    if env.get("PRE_COMMIT_REMOTE_NAME"):  # the push of a first commit: there is nothing to compare with
        return Files(None)
    words = _options(asked or ())
    if any(_is_all_files(word) for word in words):
        return Files(None)
    if (files := _files(words)) is not None:
        return Files(files)
    if asked is not None or "GIT_INDEX_FILE" in env:  # git sets it for the hooks of a commit
        return Staged()
    return Staged() if has_staged() else Files(None)


def asked_of_pre_commit() -> list[str] | None:
    """The arguments of the pre-commit (or prek) that this process runs under, None when there is none to be seen."""
    pid = os.getppid()
    for _ in range(_ANCESTORS):
        seen = _process(pid)
        if seen is None:
            return None
        pid, argv = seen
        for index, word in enumerate(argv[:4]):
            if Path(word).name.removesuffix(".exe") in _RUNNERS:
                return argv[index + 1 :]
    return None


def _process(pid: int) -> tuple[int, list[str]] | None:
    """A process's parent and arguments: from /proc where there is one, else from `ps`."""
    folder = Path("/proc", str(pid))
    try:
        # The name in the second field may hold spaces and brackets: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        parent = int((folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
        return parent, (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except (OSError, ValueError, IndexError):
        pass
    try:
        words = (
            run(["ps", "-ww", "-o", "ppid=,args=", "-p", str(pid)], timeout=5)
            .stdout.decode(errors="replace")
            .split()
        )
        return int(words[0]), words[1:]
    except (ToolError, UserError, ValueError, IndexError):
        return None


def _options(words: Sequence[str]) -> list[str]:
    """The arguments of `run`, which is what pre-commit does when it is told nothing else."""
    return [word for word in words if word != "run"]


def _is_all_files(word: str) -> bool:
    """`-a`, `-av`, `--all-files`, or as much of it as argparse takes for it."""
    if word.startswith("--"):
        return len(word) > 2 and "--all-files".startswith(word)
    return word.startswith("-") and "a" in word and set(word[1:]) <= {"a", "v"}


def _files(words: Sequence[str]) -> tuple[str, ...] | None:
    """What follows `--files`, up to the next option."""
    for index, word in enumerate(words):
        if len(word) > 3 and "--files".startswith(word):
            rest = words[index + 1 :]
            end = next((number for number, each in enumerate(rest) if each.startswith("-")), len(rest))
            return tuple(rest[:end])
    return None
