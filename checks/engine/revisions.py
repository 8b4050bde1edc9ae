"""Revisions of a repository, and what changed between two trees: git's own `diff`, on its own ground."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from checks.diff import Diff, parse_diff
from checks.engine.listing import resolve
from checks.engine.objects import plant
from checks.engine.tree import Tree, Unreadable
from checks.errors import UserError
from checks.tools import MEBIBYTE, Git, ToolError

COMPARED_LIMIT = 128 * MEBIBYTE
_DIFF_LIMIT = 128 * MEBIBYTE
_DIFF_SECONDS = 120.0
_BINARY_WITHIN = 8000  # bytes in which git looks for a NUL

_DIFF = [
    "diff-tree",
    "-r",
    "-p",
    "-M",
    "-l1000",
    "--full-index",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--indent-heuristic",
    "--src-prefix=a/",
    "--dst-prefix=b/",
]


def resolve_revision(repository: str | Path, revision: str) -> str:
    """The id of the commit that a revision names; UserError, one line, when there is none."""
    return resolve(Git(repository), revision, "commit")


def merge_base(repository: str | Path, base: str, head: str) -> str:
    """The commit from which `head` left `base`; UserError when they share none (a shallow clone may lack it)."""
    git = Git(repository)
    commits = [resolve(git, revision, "commit") for revision in (base, head)]
    try:
        completed = git.attempt("merge-base", *commits)
    except ToolError as error:
        raise UserError(str(error)) from None
    if completed.returncode != 0:
        raise UserError(f"{base} and {head} have no common commit here: a shallow clone may lack it")
    return completed.stdout.decode().split()[0]


def diff(base: Tree, head: Tree, context: int = 3) -> Diff:
    """What changed from one tree to another, whatever trees they are, with renames found as git finds them.

    The files that differ are put into a repository of our own that lives as long as the comparison, so that neither
    configuration nor attributes of the reviewed one have a say. A file that can't be read counts as binary. UserError
    when the texts that differ have more than 128 MiB.
    """
    with tempfile.TemporaryDirectory(prefix="rubricate-") as folder:
        root = Path(folder)
        plant(root)
        git = Git(root)
        try:
            git.run(
                "fast-import",
                "--quiet",
                "--done",
                "--depth=0",
                stdin=_stream(base, head),
                timeout=_DIFF_SECONDS,
            )
            text = git.run(
                *_DIFF,
                f"-U{context}",
                "refs/heads/base",
                "refs/heads/head",
                timeout=_DIFF_SECONDS,
                max_output=_DIFF_LIMIT,
            )
        except ToolError as error:
            raise UserError(f"the change can't be compared: {error}") from None
        return parse_diff(text)


def _stream(base: Tree, head: Tree) -> bytes:
    """The files that differ, as two commits: https://git-scm.com/docs/git-fast-import#_input_format."""
    old = {path: _identity(base, path) for path in base.paths()}
    new = {path: _identity(head, path) for path in head.paths()}
    marks: dict[str, int] = {}
    parts: list[bytes] = []
    commits: list[bytes] = []
    size = 0
    for name, tree, own, other in (("base", base, old, new), ("head", head, new, old)):
        commits.append(b"commit refs/heads/%s\ncommitter - <-> 0 +0000\ndata 0\n" % name.encode())
        for path, identity in own.items():
            if other.get(path) == identity:
                continue
            if identity not in marks:
                content = _content(tree, path, identity)
                size += len(content)
                if size > COMPARED_LIMIT:
                    raise UserError(
                        "the change is too large to compare: the texts that differ have over 128 MiB"
                    )
                marks[identity] = len(marks) + 1
                parts.append(b"blob\nmark :%d\ndata %d\n%b\n" % (marks[identity], len(content), content))
            commits.append(b"M 100644 :%d %b\n" % (marks[identity], _quoted(path)))
    return b"".join([*parts, *commits, b"done\n"])


def _identity(tree: Tree, path: str) -> str:
    try:
        return tree.identity(path)
    except (KeyError, Unreadable):
        return f"unreadable {id(tree)} {path}"


def _content(tree: Tree, path: str, identity: str) -> bytes:
    """The file's bytes; a few that git takes for binary where it is, or where there is nothing to read."""
    with contextlib.suppress(KeyError, Unreadable):
        content = tree.read(path)
        if b"\0" not in content[:_BINARY_WITHIN]:
            return content
    return b"\0" + identity.encode("utf-8", "backslashreplace")


def _quoted(path: str) -> bytes:
    name = path.encode("utf-8", "surrogateescape")
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
