"""The lines of a file that a reader needs to see a finding, with the stretch that it is about marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.model import Span

_NEWLINE = re.compile(r"\r\n|\r|\n")
_LONGEST_MARK = 6  # lines of a span that are shown before the middle is left out


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """One line as it stands in the file: what is before the marked stretch, the stretch, and the rest."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


class Sources:
    """The texts of a report's files, split into lines once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, Sequence[str]] = {}

    def lines(self, path: str) -> Sequence[str]:
        """The file's lines without their ends; none when the text is not known.

        Only the line ends that Python's parser counts split. `str.splitlines` splits at form feeds and Unicode
        separators too, and every line number behind one would be wrong.
        """
        if path not in self._lines:
            lines = _NEWLINE.split(self._texts.get(path, ""))
            self._lines[path] = lines[:-1] if lines[-1] == "" else lines
        return self._lines[path]

    def excerpt(self, path: str, span: Span, context: int = 1, width: int = 160) -> tuple[ExcerptLine, ...]:
        """The span's lines with `context` lines around, each cut to `width` characters; empty without a text.

        The middle of a long span is left out, which shows as a jump in the numbers.
        """
        lines = self.lines(path)
        last = max(span.end_line, span.line)
        numbers = [*range(span.line - context, span.line), *_marked_numbers(span.line, last)]
        numbers += range(last + 1, last + context + 1)
        within = _without_blank_edges([n for n in numbers if 1 <= n <= len(lines)], lines, span.line, last)
        return tuple(_cut_line(number, lines[number - 1], span, width) for number in within)

    def line(self, path: str, number: int, width: int = 160) -> ExcerptLine | None:
        """One line without a mark, indentation stripped."""
        lines = self.lines(path)
        if not 1 <= number <= len(lines):
            return None
        text = lines[number - 1][: width * 4].strip()
        return ExcerptLine(number, text if len(text) <= width else text[: width - 1] + "…")


def _marked_numbers(first: int, last: int) -> list[int]:
    if last - first < _LONGEST_MARK:
        return list(range(first, last + 1))
    return [*range(first, first + _LONGEST_MARK - 1), last]


def _without_blank_edges(numbers: list[int], lines: Sequence[str], first: int, last: int) -> list[int]:
    """The numbers without blank lines of context at the start and the end."""
    while numbers and numbers[0] < first and not lines[numbers[0] - 1].strip():
        del numbers[0]
    while numbers and numbers[-1] > last and not lines[numbers[-1] - 1].strip():
        del numbers[-1]
    return numbers


def _cut_line(number: int, text: str, span: Span, width: int) -> ExcerptLine:
    start, end = _marked_columns(number, text, span)
    left = max(0, start - width // 3) if len(text) > width else 0
    right = min(len(text), left + width)
    start, end = min(start, right), min(end, right)
    head = "…" if left else ""
    tail = "…" if right < len(text) else ""
    return ExcerptLine(number, head + text[left:start], text[start:end], text[end:right] + tail)


def _marked_columns(number: int, text: str, span: Span) -> tuple[int, int]:
    """The marked stretch as offsets: empty on a line of the context, else one character or more."""
    if not span.line <= number <= max(span.end_line, span.line):
        return 0, 0
    start = span.column - 1 if number == span.line else len(text) - len(text.lstrip())
    end = span.end_column - 1 if number == span.end_line else len(text.rstrip())
    start = min(max(start, 0), len(text))
    return start, min(max(end, start + 1), len(text))
