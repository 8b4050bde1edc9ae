"""A dependency file read: which reader a kind has, and what becomes of a file that is not of its format."""

from __future__ import annotations

from checks.dependencies.conda import read_environment
from checks.dependencies.interpreters import pinned_runtimes, workflow_runtimes
from checks.dependencies.lockfiles import lock_of, read_lock
from checks.dependencies.model import Lock, Manifest, Runtime
from checks.dependencies.pyproject import read_pipfile, read_pyproject
from checks.dependencies.requirements_txt import read_requirements
from checks.dependencies.setuptools import read_setup_cfg
from checks.errors import Unreadable
from checks.model import Problem
from checks.semantics.source import Document, Project

_MANIFESTS = {
    "requirements": read_requirements,
    "pyproject": read_pyproject,
    "setup-cfg": read_setup_cfg,
    "pipfile": read_pipfile,
    "conda": read_environment,
}


def dependency_document(path: str, text: str, kind: str, project: Project | None) -> Document | Problem:
    """The document at a path with what it says as its `content`; a problem when it is not of its format."""
    try:
        content, problems = _read(path, text, kind)
    except Unreadable as error:
        return Problem(path, "syntax", str(error))
    return Document(path, text, kind, content=content, problems=problems, project=project)


def _read(path: str, text: str, kind: str) -> tuple[object, tuple[Problem, ...]]:
    if kind in _MANIFESTS:
        return _MANIFESTS[kind](path, text)
    if kind == "lock":
        return read_lock(path, text), ()
    return (workflow_runtimes(text) if kind == "workflow" else pinned_runtimes(text)), ()


def manifest_in(document: Document | None) -> Manifest | None:
    """The manifest that a document is, `None` for any other."""
    content = document.content if document is not None else None
    return content if isinstance(content, Manifest) else None


def lock_in(document: Document | None) -> Lock | None:
    """The lock that a document is; a requirements file counts by its pinned lines."""
    content = document.content if document is not None else None
    if isinstance(content, Manifest) and content.kind == "requirements":
        return lock_of(content)
    return content if isinstance(content, Lock) else None


def runtimes_in(document: Document) -> tuple[Runtime, ...]:
    """The versions of Python that a document has something run on."""
    content = document.content
    return tuple(one for one in content if isinstance(one, Runtime)) if isinstance(content, tuple) else ()
