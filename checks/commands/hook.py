"""`rubricate hook`: what pre-commit runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checks.commands.common import Run, report_options
from checks.commands.occasion import Files, Occasion, Range, asked_of_pre_commit, occasion
from checks.errors import UserError
from checks.model import Report

if TYPE_CHECKING:
    from checks.engine.tree import Tree


@click.command()
@report_options
def hook(run: Run) -> int:
    """Check what is staged against HEAD, as a hook of pre-commit.

    Under `pre-commit run --all-files` all tracked files are checked as they stand, under `--from-ref A --to-ref B` what
    the commits from A to B introduce.
    """
    root = _root()
    index = os.environ.get("GIT_INDEX_FILE")
    index_path = Path(index).absolute() if index else None
    todo = occasion(os.environ, asked_of_pre_commit(), lambda: _has_staged(root, index_path))
    report = _report(todo, root, index_path, run)
    if run.output.format == "text":
        if not (report.findings or report.problems or report.exemptions):
            return 0  # pre-commit says "Passed" itself
        report = replace(report, checklist=())  # who commits wants to know what to mend
    return run.output.write(report)


def _report(todo: Occasion, root: Path, index: Path | None, run: Run) -> Report:
    if isinstance(todo, Range):
        return _review_range(todo, root, run)
    if isinstance(todo, Files):
        return _scan_files(todo, root, run)
    return _review_index(root, index, run)


def _review_range(todo: Range, root: Path, run: Run) -> Report:
    from checks.commands.project import accepted, configured
    from checks.engine.analyse import usable_cpus
    from checks.engine.cache import open_store
    from checks.engine.change import Change

    with Change.local(root, todo.base, todo.head) as change:
        config = configured(change.trusted, run.choice, about=change.diff.paths)
        with open_store(config, enabled=run.cache) as store:
            return change.review(
                config, accepted(change.trusted), jobs=run.jobs or usable_cpus(), store=store
            )


def _scan_files(todo: Files, root: Path, run: Run) -> Report:
    """Judge tracked files as they stand: what is neither staged nor committed is nothing to pre-commit."""
    from checks.commands.project import accepted, configured
    from checks.engine.analyse import usable_cpus
    from checks.engine.cache import open_store
    from checks.engine.run import Options, scan
    from checks.engine.tree import FolderTree, IndexTree

    tree = FolderTree(root)
    with IndexTree(root) as index:
        tracked = set(index.paths())
    paths = tracked if todo.paths is None else _named(root, todo.paths, tracked)
    config = configured(tree, run.choice, about=None if todo.paths is None else paths)
    with open_store(config, enabled=run.cache) as store:
        options = Options(run.jobs or usable_cpus(), store=store)
        return scan(tree, config, baseline=accepted(tree), paths=paths, options=options)


def _review_index(root: Path, index: Path | None, run: Run) -> Report:
    """Judge what the index introduces over HEAD and, while merging, over what is merged: that is no news to anybody."""
    from checks.checklist import judge
    from checks.commands.project import accepted, configured
    from checks.engine.analyse import usable_cpus
    from checks.engine.cache import open_store
    from checks.engine.revisions import diff
    from checks.engine.run import Options, enabled_rules, review
    from checks.engine.tree import IndexTree

    with ExitStack() as stack:
        head = stack.enter_context(IndexTree(root, index=index))
        bases = _parents(root, stack)
        diffs = [diff(base, head) for base in bases]
        touched = frozenset[str]().union(*(each.paths for each in diffs))
        config = configured(head, run.choice, about=touched)
        options = Options(
            run.jobs or usable_cpus(), store=stack.enter_context(open_store(config, enabled=run.cache))
        )
        baseline = accepted(head)
        report, *others = (
            review(base, head, each, config, baseline=baseline, options=options)
            for base, each in zip(bases, diffs, strict=True)
        )
        if not others:
            return report
        common = set.intersection(*({finding.fingerprint for finding in other.findings} for other in others))
        kept = tuple(finding for finding in report.findings if finding.fingerprint in common)
        checked = {entry.item: entry.checked for entry in report.checklist}
        covered = {rule.checklist for rule in enabled_rules(config)}
        places = {entry.item: entry.places for entry in report.checklist}
        return replace(report, findings=kept, checklist=judge(kept, checked, covered, config.gate, places))


def _parents(root: Path, stack: ExitStack) -> Sequence[Tree]:
    """The trees of the commits that the next one will follow; an empty one for a first commit."""
    from checks.engine.tree import CommitTree, DictTree
    from checks.tools import Git

    git = Git(root)
    found = [
        revision
        for revision in ("HEAD", "MERGE_HEAD")
        if git.attempt("rev-parse", "--quiet", "--verify", f"{revision}^{{commit}}").returncode == 0
    ]
    trees = [stack.enter_context(CommitTree(root, revision)) for revision in found]
    return trees or [DictTree({})]


def _has_staged(root: Path, index: Path | None) -> bool:
    from checks.engine.tree import IndexTree

    with ExitStack() as stack:
        staged = stack.enter_context(IndexTree(root, index=index))
        head = _parents(root, stack)[0]
        return {path: staged.identity(path) for path in staged.paths()} != {
            path: head.identity(path) for path in head.paths()
        }


def _named(root: Path, paths: Sequence[str], tracked: Iterable[str]) -> set[str]:
    """The files that a user named, from where they were: pre-commit moves to the root before it runs a hook.

    The shell's own note of the place may be missing or old; then every file whose path ends so is meant.
    """
    start = Path(os.environ.get("PWD", root))
    found = set()
    for path in paths:
        normal = Path(os.path.normpath(start / path))
        if normal.is_relative_to(root) and normal.exists():
            found.add(normal.relative_to(root).as_posix())
        else:
            found.update(each for each in tracked if f"/{each}".endswith(f"/{path}"))
    return found


def _root() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return folder
    raise UserError(f"{here} is in no git repository")
