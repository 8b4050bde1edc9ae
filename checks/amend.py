"""What a commit on top of a reviewed head would change: safe fixes made, or findings accepted in the baseline."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from checks.baseline import BASELINE_FILE, dump, load_baseline
from checks.engine.listing import tree_entries
from checks.engine.mend import make
from checks.engine.tree import Tree
from checks.fixes.apply import compatible
from checks.model import Finding, Problem
from checks.report.patch import between
from checks.tools import Git

# GraphQL's createCommitOnBranch writes every file with this mode, whatever it had.
PLAIN = b"100644"
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
# https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/choosing-permissions-for-a-github-app
WORKFLOWS = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class Amendment:
    """New contents of files, why others were left as they are, how many findings it serves, and its patch."""

    files: Mapping[str, bytes]
    left: Mapping[str, str]
    count: int
    patch: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The amendment as JSON values."""
        files = {path: base64.b64encode(content).decode() for path, content in self.files.items()}
        return {"files": files, "left": dict(self.left), "count": self.count, "patch": self.patch}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Amendment:
        """What `to_dict` wrote, read back. Raises ValueError or KeyError when it is something else."""
        files = {path: base64.b64decode(text, validate=True) for path, text in data["files"].items()}
        return cls(files, dict(data["left"]), int(data["count"]), str(data["patch"]))


def fixes(
    findings: Iterable[Finding], head: Tree, modes: Mapping[str, bytes], *, rules: Collection[str] = ()
) -> Amendment:
    """The safe fixes of these findings, or of those whose rule is one of some patterns, made in the files of `head`."""
    left: dict[str, str] = {}
    able = []
    for finding in findings:
        if finding.fix is None or not finding.fix.safe or not _is_chosen(finding.rule, rules):
            continue
        reasons = {edit.path: _unable(edit.path, head, modes) for edit in finding.fix.edits}
        left |= {path: reason for path, reason in reasons.items() if reason}
        if not any(reasons.values()):
            able.append(finding)
    changes: dict[str, bytes] = {}
    problems: dict[str, Problem] = {}
    made = make(head, compatible(able, unsafe=False), changes, problems)
    left |= {path: problem.message for path, problem in problems.items()}
    texts = ((path, head.read(path).decode(), new.decode()) for path, new in sorted(changes.items()))
    return Amendment(changes, left, len(made), "".join(between(*each) for each in texts))


def baseline(findings: Collection[Finding], head: Tree) -> Amendment:
    """The baseline file of `head` with these findings added to it."""
    known = load_baseline(head)
    text = dump([*(known.entries if known else ()), *findings])
    return Amendment({BASELINE_FILE: text.encode("utf-8")}, {}, len(findings))


def modes(repository: Path, revision: str) -> Mapping[str, bytes]:
    """The mode of each file in a commit of a repository, bare or not."""
    listing = Git(repository).run("ls-tree", "-r", "-z", "-l", "--end-of-options", revision)
    return {path: mode for mode, _, _, path in tree_entries(listing)}


def _is_chosen(rule: str, wanted: Collection[str]) -> bool:
    return not wanted or any(fnmatchcase(rule, pattern) for pattern in wanted)


def _unable(path: str, head: Tree, modes: Mapping[str, bytes]) -> str:
    """Why a file can't be committed through GitHub's interface; empty when it can."""
    if path.startswith(WORKFLOWS):
        return "a workflow, which takes a permission of its own"
    if modes.get(path) != PLAIN:
        return "not a plain file: its mode would be lost"
    return "kept in Git LFS" if head.read(path).startswith(LFS_POINTER) else ""
