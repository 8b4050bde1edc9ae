"""Revisions of a repository, and what changed between two trees: git's own `diff`, on its own ground."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
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
    configuration nor attributes of the reviewed one have a say. A file that can't be read counts as binary; so do the
    largest ones where the files that differ have more than 128 MiB together.
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
    within = _within_limit(
        {identity: (tree, path) for tree, own, other in ((base, old, new), (head, new, old))
         for path, identity in own.items() if other.get(path) != identity}
    )  # fmt: skip
    marks: dict[str, int] = {}
    parts: list[bytes] = []
    commits: list[bytes] = []
    for name, tree, own, other in (("base", base, old, new), ("head", head, new, old)):
        commits.append(b"commit refs/heads/%s\ncommitter - <-> 0 +0000\ndata 0\n" % name.encode())
        for path, identity in own.items():
            if other.get(path) == identity:
                continue
            if identity not in marks:
                content = _content(tree, path) if identity in within else None
                if content is None:
                    content = b"\0" + identity.encode("utf-8", "backslashreplace")
                marks[identity] = len(marks) + 1
                parts.append(b"blob\nmark :%d\ndata %d\n%b\n" % (marks[identity], len(content), content))
            commits.append(b"M 100644 :%d %b\n" % (marks[identity], _quoted(path)))
    return b"".join([*parts, *commits, b"done\n"])


def _within_limit(differing: Mapping[str, tuple[Tree, str]]) -> set[str]:
    """The identities of the files to compare line by line: the smallest ones, up to the limit together.

    What is left out are translations, fixtures and bundles, which no rule reads.
    """
    left = COMPARED_LIMIT
    within: set[str] = set()
    for size, identity in sorted((_size(*place), identity) for identity, place in differing.items()):
        left -= size
        if left < 0:
            break
        within.add(identity)
    return within


def _size(tree: Tree, path: str) -> int:
    try:
        return tree.size(path)
    except (KeyError, Unreadable):
        return 0


def _identity(tree: Tree, path: str) -> str:
    try:
        return tree.identity(path)
    except (KeyError, Unreadable):
        return f"unreadable {id(tree)} {path}"


def _content(tree: Tree, path: str) -> bytes | None:
    """The file's bytes; None where git would take them for binary, or where there is nothing to read."""
    with contextlib.suppress(KeyError, Unreadable):
        content = tree.read(path)
        if b"\0" not in content[:_BINARY_WITHIN]:
            return content
    return None


def _quoted(path: str) -> bytes:
    name = path.encode("utf-8", "surrogateescape")
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
