"""Bare repositories, written with git's plumbing: no working tree, no configuration of the user."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LC_ALL": "C.UTF-8",
    "HOME": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_COUNT": "1",
    # the repositories may belong to another user, as in a container whose folder is mounted
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
}

# As GitHub serves repositories: partial clones, and any commit that a reference reaches.
CONFIGURATION = """
[uploadpack]
    allowFilter = true
    allowReachableSHA1InWant = true
    allowTipSHA1InWant = true
[http]
    receivepack = false
[gc]
    auto = 0
"""


class GitError(RuntimeError):
    """git ended with an error; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to be committed whose mode is not 100644: "100755", "120000" (a link), "160000" (a submodule's id)."""

    content: bytes
    mode: str = "100644"


Files = Mapping[str, bytes | str | Entry | None]


class Git:
    """One bare repository."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._merge_bases: dict[tuple[str, str], str | None] = {}

    @classmethod
    def create(cls, path: Path, default_branch: str) -> Git:
        path.mkdir(parents=True)
        git = cls(path)
        git.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={default_branch}")
        with (path / "config").open("a", encoding="utf-8") as config:
            config.write(CONFIGURATION)
        return git

    def run(self, *arguments: str, stdin: bytes = b"", ok: Sequence[int] = (0,)) -> bytes:
        done = subprocess.run(
            ["git", "--git-dir", str(self.path), *arguments],
            input=stdin,
            capture_output=True,
            env=ENVIRONMENT,
            check=False,
        )
        if done.returncode not in ok:
            raise GitError(f"git {' '.join(arguments[:3])}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def text(self, *arguments: str) -> str:
        return self.run(*arguments).decode("utf-8", "surrogateescape").strip()

    def resolve(self, revision: str) -> str | None:
        """The commit's id, or None when there is no such commit."""
        if revision.startswith("-"):
            return None
        try:
            return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
        except GitError:
            return None

    def branch(self, name: str) -> str | None:
        return self.resolve(f"refs/heads/{name}")

    def update_ref(self, ref: str, commit: str | None) -> None:
        if commit is None:
            self.run("update-ref", "-d", ref)
        else:
            self.run("update-ref", ref, commit)

    def merge_base(self, first: str, second: str) -> str | None:
        """Of two commits' ids, which never change: each pair is asked of git once."""
        if (first, second) not in self._merge_bases:
            found = self.run("merge-base", first, second, ok=(0, 1)).decode().strip()
            self._merge_bases[first, second] = found or None
        return self._merge_bases[first, second]

    def is_ancestor(self, first: str, second: str) -> bool:
        return self.merge_base(first, second) == first

    def fetch(self, other: Git, source: str, target: str) -> None:
        self.run("fetch", "--quiet", "--no-tags", str(other.path), f"+{source}:{target}")

    def commits(self, base: str, head: str, limit: int) -> list[str]:
        """The commits of `base..head`, oldest first."""
        listed = self.text("rev-list", "--reverse", "--topo-order", f"{base}..{head}").split()
        return listed[:limit]

    def blob(self, revision: str, path: str) -> bytes | None:
        try:
            return self.run("cat-file", "blob", f"{revision}:{path}")
        except GitError:
            return None

    def merge(self, base: str, head: str, message: str) -> str | None:
        """A commit that merges `head` into `base`, or None when they conflict (or git is older than 2.38)."""
        try:
            tree = self.run("merge-tree", "--write-tree", base, head).decode().split("\n", 1)[0]
        except GitError:
            return None
        return self.text(*_AUTHOR, "commit-tree", tree, "-p", base, "-p", head, "-m", message)

    def commit(
        self,
        branch: str,
        files: Files,
        *,
        message: str = "Change",
        parents: Sequence[str] | None = None,
        author: str = "Mona <mona@example.com>",
        when: int = 1_700_000_000,
    ) -> str:
        """Commits `files` (None deletes) onto `branch`, or onto `parents`; returns the commit's id.

        `parents=()` starts a history of its own, and another parent than the branch's tip moves the branch there, as
        a force-push would.
        """
        ref = f"refs/heads/{branch}"
        if parents is None:
            tip = self.resolve(ref)
            parents = () if tip is None else (tip,)
        stream = [f"commit {ref}\nauthor {author} {when} +0000\ncommitter {author} {when} +0000\n".encode()]
        stream.append(_data(message.encode()))
        stream += [f"{'merge' if i else 'from'} {parent}\n".encode() for i, parent in enumerate(parents)]
        stream += [_change(path, content) for path, content in files.items()]
        if not parents:
            stream.insert(0, f"reset {ref}\n".encode())
        self.run(
            "fast-import", "--quiet", "--force", "--date-format=raw", stdin=b"".join(stream) + b"\ndone\n"
        )
        commit = self.resolve(ref)
        assert commit is not None
        return commit


_AUTHOR = ("-c", "user.name=GitHub", "-c", "user.email=noreply@github.com")


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    escaped = "".join({'"': '\\"', "\\": "\\\\", "\n": "\\n"}.get(character, character) for character in path)
    return b'"' + escaped.encode("utf-8", "surrogateescape") + b'"'


def _change(path: str, content: bytes | str | Entry | None) -> bytes:
    if content is None:
        return b"D " + _quoted(path) + b"\n"
    entry = (
        content
        if isinstance(content, Entry)
        else Entry(content.encode() if isinstance(content, str) else content)
    )
    if entry.mode == "160000":
        return b"M 160000 " + entry.content + b" " + _quoted(path) + b"\n"
    return b"M " + entry.mode.encode() + b" inline " + _quoted(path) + b"\n" + _data(entry.content)
