"""A change of a repository opened for review: the merge base, the head, and what leads from one to the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from checks.baseline import Baseline
from checks.config import Config
from checks.diff import Diff
from checks.engine.analyse import Progress, Store
from checks.engine.revisions import diff, merge_base, resolve_revision
from checks.engine.run import Options, review
from checks.engine.tree import CommitTree, FolderTree, IndexTree, Tree
from checks.model import Report

INDEX, WORKTREE = "index", "worktree"


class Change:
    """What leads from where `head` left `base` to `head`.

    `trusted` is the tree whose configuration and baseline hold: the base's where the head is somebody's proposal, the
    working folder's where a developer reviews their own.
    """

    def __init__(self, base: CommitTree, head: Tree, trusted: Tree, names: tuple[str, str]) -> None:
        self._base, self._head, self.trusted = base, head, trusted
        self.base_name, self.head_name = names
        self.diff: Diff = diff(base, head)

    @property
    def head(self) -> Tree:
        """The files as the change leaves them."""
        return self._head

    @classmethod
    def between(cls, repository: Path, base: str, head: str) -> Self:
        """A proposal: two commits of a repository, bare or not; the base's own configuration holds."""
        start = merge_base(repository, base, head)
        end = resolve_revision(repository, head)
        return cls(
            CommitTree(repository, start),
            CommitTree(repository, end),
            CommitTree(repository, base),
            (start, end),
        )

    @classmethod
    def local(cls, repository: Path, base: str, head: str, *, index: Path | None = None) -> Self:
        """A developer's own change: `head` is a revision, `index` or `worktree`.

        Where there is a working folder its configuration holds, else the base's. `index` may be another index file
        than the repository's own, as commit hooks are given.
        """
        checkout = (repository / ".git").exists()
        if head not in (INDEX, WORKTREE):
            change = cls.between(repository, base, head)
            if checkout:
                change.trusted = FolderTree(repository)
            return change
        start = resolve_revision(repository, base)
        if head == WORKTREE:
            start = merge_base(repository, base, "HEAD")
        tree: Tree = IndexTree(repository, index=index) if head == INDEX else FolderTree(repository)
        return cls(CommitTree(repository, start), tree, tree, (start, head))

    def review(
        self,
        config: Config,
        baseline: Baseline | None,
        *,
        jobs: int = 1,
        progress: Progress | None = None,
        store: Store | None = None,
    ) -> Report:
        """The report on the change, under a configuration and a baseline."""
        options = Options(jobs, progress=progress, store=store or Store())
        report = review(self._base, self._head, self.diff, config, baseline=baseline, options=options)
        return replace(report, base=self.base_name, head=self.head_name)

    def close(self) -> None:
        """End the git processes that the trees read through."""
        for tree in {id(tree): tree for tree in (self._base, self._head, self.trusted)}.values():
            if not isinstance(tree, FolderTree) and hasattr(tree, "close"):
                tree.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
