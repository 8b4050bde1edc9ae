"""The project that a command is about: its root, its configuration, its baseline."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from checks.baseline import Baseline, load_baseline
from checks.checklist import ITEMS
from checks.commands.common import Choice, gate_of
from checks.config import CONFIG_FILE, Config, load_config
from checks.engine.tree import Tree
from checks.errors import UserError
from checks.folders import with_folders
from checks.registry import all_rules

_ROOT_MARKS = (".rubricate.yml", ".git", "pyproject.toml")


def configured(tree: Tree, choice: Choice | None = None, *, about: Collection[str] | None = None) -> Config:
    """The configuration in a tree and its folders, with what the command line says put over it.

    `about` are the files that the run is about, None for all of them: another folder's mistakes are not theirs. Raises
    UserError for a configuration or a choice that can't be used.
    """
    rules = [rule.id for rule in all_rules()]
    config = with_folders(load_config(tree, rules, ITEMS), tree, rules, ITEMS, about=about)
    if choice is None:
        return config
    config = config.with_choice(choice.select, choice.ignore, rules)
    return replace(config, gate=gate_of(choice.fail_on)) if choice.fail_on else config


def accepted(tree: Tree) -> Baseline | None:
    """The baseline in a tree, `None` when it has none."""
    return load_baseline(tree)


def root_of(paths: Sequence[Path]) -> Path:
    """The root of the project around some paths: the nearest folder above all of them that looks like one.

    Where that folder, or one between it and the git repository around it, has a configuration, the repository is the
    root, and the folder one that is governed by its own. Files that stand alone have the folder that holds them.
    """
    resolved = [path.resolve() for path in paths]
    for given, path in zip(paths, resolved, strict=True):
        if not path.exists():
            raise UserError(f"no such file or folder: {given}")
    common = Path(os.path.commonpath(resolved))
    start = common if common.is_dir() else common.parent
    above = (start, *start.parents)
    nearest = next((each for each in above if any((each / mark).exists() for mark in _ROOT_MARKS)), start)
    for number, folder in enumerate(above):
        if (folder / ".git").exists():
            between = above[above.index(nearest) : number + 1]
            return folder if any((each / CONFIG_FILE).exists() for each in between) else nearest
    return nearest


def below(root: Path, paths: Sequence[Path], known: Iterable[str]) -> list[str] | None:
    """The files of a tree that lie at or below some paths, `None` for all of them.

    Raises UserError for a path that holds no file of the tree.
    """
    wanted: list[str] = []
    listed = list(known)
    for given in paths:
        relative = given.resolve().relative_to(root).as_posix()
        if relative == ".":
            return None
        found = [path for path in listed if path == relative or path.startswith(f"{relative}/")]
        if not found:
            raise UserError(f"nothing to check at {given}: the project has no file there, or git ignores it")
        wanted.extend(found)
    return wanted
