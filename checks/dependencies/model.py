"""What manifests and lock files say, as frozen data: requirements with their places, and pinned versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

from checks.model import Span

RUNTIME = ""
"""The group of what the application needs to run."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line or entry of a manifest that asks for a distribution.

    `name` is empty for a URL or path that names none. `alternatives` are the sets of a Poetry constraint with `||`, of
    which one must hold; `specifier` admits every version then. `url` is a VCS, archive or file address, or a path.
    `group` is empty for what runs in production, else an extra (`extra:docs`) or a dependency group. `span` is the
    requirement without its options.
    """

    name: NormalizedName | str
    path: str
    span: Span
    text: str
    specifier: SpecifierSet = field(default_factory=SpecifierSet)
    alternatives: tuple[SpecifierSet, ...] = ()
    extras: frozenset[str] = frozenset()
    marker: Marker | None = None
    hashes: tuple[str, ...] = ()
    url: str = ""
    editable: bool = False
    group: str = RUNTIME

    def allows(self, version: Version) -> bool:
        """Whether a version satisfies it; pre-releases do, since a lock may hold them on purpose."""
        return any(one.contains(version, prereleases=True) for one in self.alternatives or (self.specifier,))

    @property
    def written(self) -> str:
        """What is asked for in the user's own words, without markers."""
        return self.text.partition(";")[0].strip()

    @property
    def pinned(self) -> Version | None:
        """The one version that it admits, `None` when it admits several or is a URL."""
        return None if self.alternatives else exact(self.specifier)


@dataclass(frozen=True, slots=True)
class Include:
    """A `-r` or `-c` line of a requirements file; `path` is the file it means, relative to the project's root."""

    path: str
    span: Span
    constraint: bool


@dataclass(frozen=True, slots=True)
class Python:
    """What a file says about the version of Python: `text` as written."""

    text: str
    specifier: SpecifierSet
    span: Span


@dataclass(frozen=True, slots=True)
class Manifest:
    """A file that names what is depended on.

    `options` are pip's for the whole file, by their long names; `package` tells whether the file declares a
    distribution of its own that others can install, `None` where it doesn't say. `overridden` are names whose
    requirements the resolver is told to disregard. `dynamic` means that a build backend adds requirements; `groups` are
    the names of dependency groups (PEP 735).
    """

    path: str
    kind: str
    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    includes: tuple[Include, ...] = ()
    python: Python | None = None
    options: frozenset[str] = frozenset()
    package: bool | None = None
    compiled: bool = False
    overridden: frozenset[str] = frozenset()
    name: str = ""
    dynamic: bool = False
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pinned:
    """A version that a lock file holds. `version` is `None` for what comes from a folder or a repository.

    `dependencies` are the names that it needs itself; `span` is its entry's name or version; `source` is a URL, a
    path, or empty for an index.
    """

    name: NormalizedName
    version: Version | None
    span: Span
    hashes: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    extras: frozenset[str] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lock file says that one of the projects it was made for asks for. `folder` is relative to the lock's."""

    folder: str
    name: NormalizedName
    extras: frozenset[str]
    span: Span
    group: str = RUNTIME


@dataclass(frozen=True)
class Lock:
    """A lock file. `folders` are those of the projects that it was made for, where it says so; `asked` is their wishes.

    `universal` locks hold what every platform needs; others only what was needed where they were made.
    """

    path: str
    kind: str
    packages: tuple[Pinned, ...] = ()
    python: Python | None = None
    folders: frozenset[str] = frozenset()
    asked: tuple[Asked, ...] = ()
    universal: bool = True

    def of(self, name: str) -> Sequence[Pinned]:
        """The entries of a name; a lock for several platforms may hold several."""
        return self._by_name.get(name, ())

    def extras(self, folder: str, name: str) -> frozenset[str] | None:
        """The extras with which the project in a folder asks for a name, `None` where the lock doesn't say."""
        return self._extras.get((folder, name))

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Pinned]]:
        found: dict[str, list[Pinned]] = {}
        for one in self.packages:
            found.setdefault(one.name, []).append(one)
        return found

    @cached_property
    def _extras(self) -> Mapping[tuple[str, str], frozenset[str]]:
        found: dict[tuple[str, str], frozenset[str]] = {}
        for one in self.asked:
            key = (one.folder, str(one.name))
            found[key] = found.get(key, frozenset()) | one.extras
        return found


@dataclass(frozen=True, slots=True)
class Runtime:
    """The version of Python that a file has something run on, as far as it is written: `3.12`, `3.12.4`."""

    version: Version
    span: Span
    text: str


def exact(specifier: SpecifierSet) -> Version | None:
    """The version of `==1.2.3` or `===1.2.3`, `None` for a specifier that admits several."""
    for one in specifier:
        if one.operator in ("==", "===") and not one.version.endswith(".*"):
            try:
                return Version(one.version)
            except ValueError:
                return None
    return None
