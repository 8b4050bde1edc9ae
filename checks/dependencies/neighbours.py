"""How the dependency files of a project hang together: a manifest's lock, what it includes, what is deployed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from enum import Enum

from checks.dependencies.model import Lock, Manifest, Requirement
from checks.dependencies.reading import lock_in, manifest_in
from checks.semantics.source import Document, Project

LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
"""The lock files of a `pyproject.toml`."""

_MAX_INCLUDED = 20
_LISTS = frozenset({"requirements", "reqs", "requirements.d"})
# Projects that are copied, not deployed; what a framework makes a new project of.
_TEMPLATE = re.compile(r"(?:^|[/_-])(?:cookiecutter|scaffold|skeleton|templates?)(?:[/_-]|$)", re.IGNORECASE)
_STARTED = ("manage.py", "wsgi.py", "asgi.py", "app.py", "application.py", "gunicorn.conf.py", "runtime.txt")
_SHIPPED = (
    "Dockerfile",
    "Containerfile",
    "Procfile",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
    "fly.toml",
    "render.yaml",
    "app.json",
    "vercel.json",
    "serverless.yml",
    "app.yaml",
)


class Use(Enum):
    """What a manifest is there for."""

    DEPLOYED = "an application is installed from it"
    PERHAPS = "a package that is deployed too"
    OTHER = "a library, or no sign of what it is for"


def beside(path: str, name: str) -> str:
    """The path of another file in the folder of a file."""
    return posixpath.join(posixpath.dirname(path), name)


def folders_above(path: str) -> Iterator[str]:
    """The folder of a file and those above it, up to the root, which is empty."""
    folder = posixpath.dirname(path)
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder


def locks_of(document: Document) -> tuple[Lock, ...]:
    """The locks that are made from a manifest: those that must agree with it."""
    manifest, project = manifest_in(document), document.project
    if manifest is None or project is None:
        return ()
    if manifest.kind == "pyproject":
        return tuple(_locks_of_project(manifest, project))
    if manifest.kind == "pipfile":
        lock = lock_in(project.document(beside(manifest.path, "Pipfile.lock")))
        return () if lock is None else (lock,)
    compiled = _compiled_from(manifest, project)
    lock = lock_in(compiled)
    return () if lock is None else (lock,)


def _locks_of_project(manifest: Manifest, project: Project) -> Iterator[Lock]:
    for name in LOCKS:
        lock = lock_in(project.document(beside(manifest.path, name)))
        if lock is not None and not (lock.folders and "" not in lock.folders):
            yield lock
    own, *above = folders_above(manifest.path)
    for folder in above:
        lock = lock_in(project.document(posixpath.join(folder, "uv.lock")))
        if lock is not None:
            if posixpath.relpath(own, folder or ".") in lock.folders:
                yield lock
            return


def _compiled_from(manifest: Manifest, project: Project) -> Document | None:
    """The requirements file that was compiled from `x.in`: `x.txt` beside it, if its header or its pins say so."""
    if manifest.kind != "requirements" or not manifest.path.endswith(".in"):
        return None
    for ending in (".txt", ".lock"):
        document = project.document(manifest.path.removesuffix(".in") + ending)
        compiled = manifest_in(document)
        if compiled is not None and (compiled.compiled or is_pinned(compiled)):
            return document
    return None


def manifest_of(lock: Lock, project: Project | None, folder: str = "") -> Manifest | None:
    """The manifest that a lock was made from; of a workspace, the one of a member's folder."""
    if project is None:
        return None
    if lock.kind == "requirements":
        source = f"{lock.path.rpartition('.')[0]}.in"
        return manifest_in(project.document(source)) if source != lock.path else None
    name = "Pipfile" if lock.kind == "pipenv" else "pyproject.toml"
    return manifest_in(project.document(beside(lock.path, posixpath.normpath(posixpath.join(folder, name)))))


def is_locked(document: Document) -> bool:
    """Whether a lock file stands beside a manifest or above it, readable or not."""
    manifest, project = manifest_in(document), document.project
    if manifest is None or project is None:
        return False
    names = ("Pipfile.lock",) if manifest.kind == "pipfile" else (*LOCKS, "Pipfile.lock")
    if any(
        project.has(posixpath.join(folder, name)) for folder in folders_above(document.path) for name in names
    ):
        return True
    return _compiled_from(manifest, project) is not None


def included(manifest: Manifest, project: Project | None) -> Iterator[tuple[Manifest, bool]]:
    """The files that a requirements file includes, and whether as constraints; theirs as well, each once."""
    seen, waiting = {manifest.path}, [(one.path, one.constraint) for one in manifest.includes]
    while waiting and project is not None and len(seen) <= _MAX_INCLUDED:
        path, constraint = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        found = manifest_in(project.document(path))
        if found is not None:
            yield found, constraint
            waiting += [(one.path, one.constraint or constraint) for one in found.includes]


def constrained(manifest: Manifest, project: Project | None) -> frozenset[str]:
    """The names that a requirements file's constraints pin, or those of a `constraints.txt` beside it."""
    listed: list[Requirement] = list(manifest.constraints)
    for other, _ in included(manifest, project):
        listed += [*other.requirements, *other.constraints]
    other_file = project.document(beside(manifest.path, "constraints.txt")) if project is not None else None
    constraints = manifest_in(other_file)
    if constraints is not None:
        listed += constraints.constraints
    return frozenset(one.name for one in listed if one.pinned is not None)


def is_pinned(manifest: Manifest) -> bool:
    """Whether every line of a manifest stands for one version."""
    return bool(manifest.requirements) and all(
        one.pinned is not None or one.url for one in manifest.requirements
    )


def use_of(document: Document) -> Use:
    """What a manifest is for: told from the files beside it, or beside the folder `requirements` that it stands in."""
    project = document.project
    folder = posixpath.dirname(document.path)
    if project is None or _TEMPLATE.search(folder):
        return Use.OTHER
    folders = [folder]
    while posixpath.basename(folder) in _LISTS:
        folder = posixpath.dirname(folder)
        folders.append(folder)

    def has(*names: str) -> bool:
        return any(project.has(posixpath.join(one, name)) for one in folders for name in names)

    shipped = has(*_SHIPPED)
    if any(_is_package(one, project) for one in folders):
        return Use.PERHAPS if shipped else Use.OTHER
    return Use.DEPLOYED if shipped or has(*_STARTED) else Use.OTHER


def _is_package(folder: str, project: Project) -> bool:
    """Whether a folder holds a distribution of its own, that others can install."""
    if project.has(posixpath.join(folder, "setup.py")):
        return True
    declared = (
        manifest_in(project.document(posixpath.join(folder, name)))
        for name in ("setup.cfg", "pyproject.toml")
    )
    return any(one is not None and one.package is True for one in declared)
