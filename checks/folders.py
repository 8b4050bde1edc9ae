"""The configurations of folders: a `.rubricate.yml` governs what lies below it, over those above."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from checks.config import CONFIG_FILE, Config, Files, from_mapping, read_file
from checks.errors import UserError, quoted
from checks.path_rules import Folder, PathRules, from_root

# What is said for the whole repository: by the root's configuration alone.
ROOT_KEYS = ("fail-on", "new-suppressions", "pull-request", "sources", "sinks", "sanitisers")
MISNAMED = ".rubricate.yaml"
MOST_FOLDERS = 500
MOST_BYTES = 1 << 20  # of all of them


class Listed(Files, Protocol):
    """A tree whose files are listed, with their sizes."""

    def paths(self) -> Sequence[str]: ...

    def size(self, path: str) -> int: ...


def with_folders(
    config: Config,
    tree: Listed,
    known_rules: Collection[str],
    known_items: Collection[str] = (),
    *,
    about: Collection[str] | None = None,
) -> Config:
    """The root's configuration of a tree with those of its folders, which are found by their names.

    A mistake in one raises UserError where it governs some of the files that the run is `about`, None for all of them;
    elsewhere it is no matter of theirs, and that folder's configuration does not hold. So it is with notes.
    """
    folders: list[Folder] = []
    notes: list[tuple[str, str]] = []
    for path in _found(tree, config):
        folder = path.rpartition("/")[0]
        governs = about is None or any(each.startswith(f"{folder}/") for each in about)
        try:
            if path.endswith(MISNAMED):
                raise UserError(f"{path} is not read: its name must be {CONFIG_FILE}")
            data = read_file(tree, path)
            folders.append(_folder(folder, data, from_mapping(data, known_rules, known_items, path)))
        except UserError:
            if governs:
                raise
            continue
        if governs:
            notes += [(path, note) for note in _notes(data)]
    return replace(config, folders=tuple(folders), notes=tuple(notes)) if folders else config


def raw_folder(tree: Files, path: str) -> Mapping[str, Any]:
    """What a folder's file says, unchecked; empty where there is none or an unreadable one."""
    try:
        found = read_file(tree, path) if path in tree else {}
    except UserError:
        return {}
    return found if isinstance(found, dict) else {}


def _found(tree: Listed, config: Config) -> list[str]:
    """The files, those of outer folders first. UserError for more than a run may read."""
    listed = (path for path in tree.paths() if path.endswith((f"/{CONFIG_FILE}", f"/{MISNAMED}")))
    every = [path for path in listed if not config.excludes(path)]
    if len(every) > MOST_FOLDERS or sum(tree.size(path) for path in every) > MOST_BYTES:
        raise UserError(
            f"more than {MOST_FOLDERS} files called {CONFIG_FILE}, or {MOST_BYTES:,} bytes of them"
        )
    return sorted(every, key=lambda path: (path.count("/"), path))


def _folder(folder: str, data: Any, own: Config) -> Folder:
    """What a folder says, as entries that count after the root's."""
    top = PathRules(
        path=(from_root(folder),),
        select=own.select or (),
        ignore=own.ignore,
        severity=own.severities,
        only=own.select is not None,
    )
    below = (
        replace(entry, path=tuple(from_root(folder, pattern) for pattern in entry.path))
        for entry in own.paths
    )
    return Folder(
        path=folder,
        rules=(top, *below),
        exclude=tuple(from_root(folder, pattern) for pattern in own.exclude),
        frameworks=own.frameworks if "frameworks" in data else None,
    )


def _notes(data: Mapping[str, Any]) -> list[str]:
    return [
        f"{quoted(key)} holds for the whole repository: it is read from the root's configuration alone"
        for key in ROOT_KEYS
        if key in data
    ]
