"""Text of the reviewed project inside GitHub's Markdown: shown as it is, and nothing more.

Escapes keep text from being markup. Mentions and references are made by GitHub from the text that is left, so an
invisible character parts what would make one: https://docs.github.com/get-started/writing-on-github
"""

from __future__ import annotations

import re

from checks.report.characters import cut, visible

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+.!|~&$:=^-])")
_REFERENCE = re.compile(r"(?<=@)|(?<=#)|(?<=\b[gG][hH]-)|(?<=://)|(?<=\b[wW]{3})(?=\.)")
_LONGEST = 2_000
_APART = "\u200b"


def plain(text: str, limit: int = 1_000) -> str:
    """One line of text that is neither Markdown nor HTML, mentions nobody and refers to nothing."""
    parts = _REFERENCE.split(cut(visible(text), limit))
    return f"{_APART}".join(_PUNCTUATION.sub(r"\\\1", part) for part in parts)


def code(text: str, limit: int = 300, *, table: bool = False) -> str:
    """A code span, fenced longer than any run of backticks in it. In a table, bars are escaped, even in code."""
    shown = cut(visible(text), limit)
    if not shown.strip():
        return ""
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    span = f"{fence}{pad}{shown}{pad}{fence}"
    # A backslash before a bar would escape the escape; nothing in a cell can say both, so the bar looks alike.
    return span.replace("\\|", "\\¦").replace("|", "\\|") if table else span


def sentence(text: str, *, table: bool = False) -> str:
    """A message: its names in backticks become code spans, the rest is plain. An odd backtick is plain too."""
    parts = cut(text, _LONGEST).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(
        code(part, table=table) or "\\`\\`" if number % 2 else plain(part)
        for number, part in enumerate(parts)
    )


def block(text: str, language: str = "") -> str:
    """A fenced block, with a fence longer than any run of backticks in the text; tabs and line ends are kept."""
    fence = "`" * max(3, _longest_run(text) + 1)
    end = "" if text.endswith("\n") or not text else "\n"
    return f"{fence}{language}\n{text}{end}{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
