"""Files that are not Python, read into instructions: Dockerfiles today."""

from __future__ import annotations

import re

from checks.model import Span
from checks.semantics.source import Document, Instruction

_DOCKERFILE = re.compile(
    r"(^|/)((docker|container)file(\.[\w.-]+)?|[\w.-]+\.(docker|container)file)$", re.IGNORECASE
)
_HEREDOC = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_MAX_INSTRUCTIONS = 5_000


def kind_of(path: str) -> str | None:
    """The kind of document that a path names, `None` for files that no rule reads."""
    if _DOCKERFILE.search(path) and not path.endswith((".md", ".txt", ".rst", ".py")):
        return "dockerfile"
    return None


def document_of(path: str, text: str) -> Document | None:
    """The document at a path, `None` when no rule reads its kind."""
    kind = kind_of(path)
    if kind is None:
        return None
    return Document(path, text, kind, _instructions(text))


def _instructions(text: str) -> tuple[Instruction, ...]:
    """A Dockerfile's instructions: comments left out, continuations joined, here-documents kept in the value.

    Source of the rules: https://docs.docker.com/reference/dockerfile/
    """
    escape = "`" if re.search(r"\A(\s*#[^\n]*\n)*\s*#\s*escape\s*=\s*`", text, re.IGNORECASE) else "\\"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[Instruction] = []
    index = 0
    while index < len(lines) and len(found) < _MAX_INSTRUCTIONS:
        start = index
        index, logical = _logical_line(lines, index, escape)
        keyword, _, value = logical.strip().partition(" ")
        if keyword and not keyword.startswith("#"):
            last = lines[index - 1]
            span = Span(start + 1, len(lines[start]) - len(lines[start].lstrip()) + 1, index, len(last) + 1)
            found.append(Instruction(keyword.upper(), value.strip(), span))
    return tuple(found)


def _logical_line(lines: list[str], index: int, escape: str) -> tuple[int, str]:
    """The logical line that begins at an index, and the index behind it."""
    parts = [lines[index]]
    if parts[0].lstrip().startswith("#"):
        return index + 1, ""
    index += 1
    while parts[-1].rstrip().endswith(escape) and index < len(lines):
        parts[-1] = parts[-1].rstrip()[:-1]
        while index < len(lines) - 1 and (not lines[index].strip() or lines[index].lstrip().startswith("#")):
            index += 1
        parts.append(lines[index])
        index += 1
    logical = " ".join(part.strip() for part in parts)
    for _, word in _HEREDOC.findall(logical)[:8]:
        body = []
        while index < len(lines):
            body.append(lines[index])
            index += 1
            if body[-1].strip() == word:
                break
        logical += "\n" + "\n".join(body)
    return index, logical
