"""Small pieces of HTML. Every text that comes from outside goes through `esc`, or through what calls it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from checks.model import Verdict
from checks.report.characters import cut, visible

MARKS = {
    Verdict.PASS: ("pass", "✓"),
    Verdict.FAIL: ("fail", "✕"),
    Verdict.ATTENTION: ("attention", "!"),
    Verdict.MANUAL: ("manual", "?"),
    Verdict.NOT_APPLICABLE: ("none", "–"),
}
_LONGEST = 2_000


def esc(text: str) -> str:
    """One line of text for an element or a quoted attribute."""
    return escape(visible(cut(text, _LONGEST)), quote=True)


def rich(text: str) -> str:
    """A message, its names in backticks as code. An odd backtick stays one."""
    parts = cut(text, _LONGEST).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(f"<code>{esc(part)}</code>" if n % 2 else esc(part) for n, part in enumerate(parts))


def tag(name: str, content: str, css: str = "", **attributes: str) -> str:
    """An element around HTML; the values of attributes are escaped here."""
    given = {"class": css, **attributes} if css else attributes
    written = "".join(f' {key}="{esc(value)}"' for key, value in given.items())
    return f"<{name}{written}>{content}</{name}>"


def link(url: str, content: str, css: str = "") -> str:
    """A link to another page that is told nothing of this one."""
    return tag("a", content, css, href=url, rel="noreferrer noopener")


def folded(title: str, content: Iterable[str], css: str = "") -> str:
    """A part that opens at a click; the title is HTML."""
    return tag("details", tag("summary", title) + "".join(content), css)


def mark(verdict: Verdict) -> str:
    """The round sign of a verdict; its word is there for readers who can't see it."""
    css, sign = MARKS[verdict]
    return tag("span", sign, f"mark {css}", title=verdict.value, role="img", **{"aria-label": verdict.value})
