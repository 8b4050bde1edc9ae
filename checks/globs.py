"""Path patterns of the configuration, as in `.gitignore` and without negation.

A pattern without a slash, but for one at its end, matches a name at any depth; any other is anchored at the root. `*`,
`?` and `[...]` stay within one name, `**` spans folders, a slash at the end means folders only. What matches a folder
matches all below it.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class _Glob:
    """A pattern's names, `None` for `**`."""

    names: tuple[re.Pattern[str] | None, ...]
    folders_only: bool


@lru_cache(maxsize=16_384)
def matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches a POSIX path relative to the root, or a folder above it."""
    glob = _compile(pattern)
    parts = path.split("/")
    # The patterns' positions reached so far, all at once: no path makes this slower than parts times names.
    reached = _skipping(glob, {0})
    for depth, part in enumerate(parts, 1):
        after = {
            position + (name is not None)
            for position in reached
            if position < len(glob.names) and ((name := glob.names[position]) is None or name.match(part))
        }
        # A last `**` stands for at least one name: `docs/**` is what lies below `docs`.
        ends = {
            position + 1
            for position in reached
            if position == len(glob.names) - 1 and glob.names[position] is None
        }
        reached = _skipping(glob, after)
        if (len(glob.names) in reached or ends) and (depth < len(parts) or not glob.folders_only):
            return True
    return False


def _skipping(glob: _Glob, positions: set[int]) -> set[int]:
    """The positions and those behind a `**` that stands for no name at all; a last one never does."""
    reached = set(positions)
    for position, name in enumerate(glob.names[:-1]):
        if name is None and position in reached:
            reached.add(position + 1)
    return reached


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> _Glob:
    body = pattern.removeprefix("./").strip("/")
    names = body.split("/")
    if len(names) == 1 and not pattern.startswith("/"):
        names = ["**", *names]
    return _Glob(
        tuple(None if name == "**" else re.compile(fnmatch.translate(name)) for name in names if name),
        folders_only=pattern.endswith("/"),
    )
