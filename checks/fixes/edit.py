"""Replacements of stretches of text, widened to the whole lines that a suggestion replaces."""

from __future__ import annotations

from checks.model import Edit, Span
from checks.semantics.source import Text


def replace(file: Text, span: Span, text: str) -> Edit:
    """An edit that puts `text` in place of a stretch of a file."""
    before = file.lines[span.line - 1][: span.column - 1]
    after = file.lines[span.end_line - 1][span.end_column - 1 :]
    lines = (before + text + after).split("\n")
    first, last = span.line, span.end_line
    old = file.lines[first - 1 : last]
    while len(lines) > 1 and len(old) > 1 and lines[0] == old[0]:
        lines, old, first = lines[1:], old[1:], first + 1
    while len(lines) > 1 and len(old) > 1 and lines[-1] == old[-1]:
        lines, old, last = lines[:-1], old[:-1], last - 1
    return Edit(file.path, first, last, "".join(f"{line}\n" for line in lines))


def insert_line(file: Text, before: int, text: str) -> Edit:
    """An edit that inserts whole lines before a line."""
    return Edit(file.path, before, before - 1, text if text.endswith("\n") else text + "\n")


def delete_lines(file: Text, first: int, last: int) -> Edit:
    """An edit that deletes whole lines."""
    return Edit(file.path, first, last, "")
