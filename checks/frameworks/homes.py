"""Several Django projects in one repository: which settings a file is governed by.

A project's home is the folder of its `manage.py`. A repository with one home, or none, has one project.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from checks.semantics.source import Project

_MARK = "manage.py"


def home_of(path: str, project: Project) -> str:
    """The innermost folder above a file that is a home (`apps/shop`); empty at the root, or where there is none."""
    homes = project.once("homes", lambda: frozenset(map(_folder, project.named(_MARK))))
    if not homes:
        return ""
    above = (str(folder) for folder in PurePosixPath(path).parents)
    return next((folder for folder in above if folder != "." and folder in homes), "")


def at_home(paths: Sequence[str], home: str, project: Project) -> tuple[str, ...]:
    """Those of some settings files that have a home; all of them where the home has no settings, as of shared code."""
    own = tuple(path for path in paths if home_of(path, project) == home)
    settings = () if own else project.named("settings.py", "/settings/*.py")
    return own if own or any(home_of(path, project) == home for path in settings) else tuple(paths)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
