"""A dependency file read: which reader a kind has, and what becomes of a file that is not of its format."""

from __future__ import annotations

from checks.model import Problem
from checks.semantics.source import Document, Project


def dependency_document(path: str, text: str, kind: str, project: Project | None) -> Document | Problem:
    """The document at a path with what it says as its `content`; a problem when it is not of its format."""
    return Document(path, text, kind, project=project)
