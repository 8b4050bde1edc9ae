"""What holds below some paths only: entries of a configuration's `paths`, and the configurations of folders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.globs import matches
from checks.model import Severity


@dataclass(frozen=True, slots=True)
class PathRules:
    """Rules put on or off below some paths, and their severities; with `only` all that `select` leaves out are off."""

    path: tuple[str, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    only: bool = False

    def covers(self, path: str) -> bool:
        """Whether one of the patterns matches."""
        return any(matches(pattern, path) for pattern in self.path)


@dataclass(frozen=True, slots=True)
class Folder:
    """The configuration of a folder (`apps/shop`), its patterns led back to the root.

    `frameworks` None: as above it.
    """

    path: str
    rules: tuple[PathRules, ...] = ()
    exclude: tuple[str, ...] = ()
    frameworks: tuple[str, ...] | None = None

    def holds(self, path: str) -> bool:
        """Whether a file lies in the folder."""
        return path.startswith(f"{self.path}/")


def from_root(folder: str, pattern: str = "") -> str:
    """A pattern of a folder's own as one of the root; without a pattern the folder itself."""
    anchor = "/" + re.sub(r"[*?[]", r"[\g<0>]", folder)
    body = pattern.removeprefix("./")
    at_any_depth = body and "/" not in body.rstrip("/")
    return f"{anchor}/**/{body}" if at_any_depth else f"{anchor}/{body.lstrip('/')}"
