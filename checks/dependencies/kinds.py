"""Which files say what a project depends on or runs on, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

_FOLDER = r"(^|.*/)"
_PATTERNS: Mapping[str, str] = {
    "requirements": (
        r"([\w.-]*[-_.])?(requirements?|constraints)([-_.][\w.-]+)?\.(txt|in|pip|lock)"
        r"|(requirements|reqs|requirements\.d)/([\w.-]+/)?[\w.-]+\.(txt|in|pip)"
    ),
    "pyproject": r"pyproject\.toml",
    "setup-cfg": r"setup\.cfg",
    "pipfile": r"Pipfile",
    "conda": r"(conda[-_]?)?environment([-_.][\w-]+)?\.ya?ml",
    "lock": r"(uv|poetry|pdm)\.lock|Pipfile\.lock|pylock(\.[^./]+)?\.toml",
    "python-version": r"\.python-version|runtime\.txt",
    "workflow": r"\.github/workflows/[^/]+\.ya?ml",
}
_KINDS = {kind: re.compile(f"{_FOLDER}({pattern})") for kind, pattern in _PATTERNS.items()}
_LAST = re.compile(
    r"\.(txt|in|pip|lock|toml|ya?ml|cfg)$|(^|/)(Pipfile|\.python-version)$"
)  # most files of a tree are none: one look at their end
# What others built, and templates of such files: `{{ cookiecutter.name }}/pyproject.toml`.
_BUILT = re.compile(r"(^|/)(node_modules|site-packages|templates|[^/]+\.(egg|dist)-info)/|\{\{")
_LONGEST = 1_000

MANIFESTS = frozenset({"requirements", "pyproject", "setup-cfg", "pipfile", "conda"})
"""The kinds of documents that name what is depended on."""


def dependency_kind(path: str) -> str | None:
    """The kind of a file that says what is depended on or run on, `None` for any other."""
    if not _LAST.search(path) or len(path) > _LONGEST or _BUILT.search(path):
        return None
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(path)), None)
