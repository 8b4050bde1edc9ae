"""Pages in Markdown: small projects, each with a claim on how its number of queries grows with its rows.

A pattern stands at `tests/orm/pages/<framework>/<pattern>.md`. What comes before its first `##` is shared: a sentence
or two, and fenced blocks with `title="path"`. Each `##` section is one page, its title a claim:

    Grows: ...            with the rows, and a reviewer should offer the edit that ends it
    Grows, by hand: ...   with the rows, but it takes a person to write it anew
    Flat: ...             as many queries at 30 rows as at 3

The blocks of a section add files to the shared ones, or replace them. Three titles are no files of the project, and
are never analysed:

    rows.py    defines `populate(n)`, which adds n rows to every collection that the page lists
    request    lines such as `GET /orders/`, `POST /orders/ name=Tea&size=3` or `POST /orders/ {"name": "Tea"}`, with
               `-> 302` behind them where the answer is not 200; all of them are summed
    call       instead of a request, the dotted name of a function: `shop.tasks.send_all`. Words behind it are its
               arguments: `django.core.management.call_command send_invoices`. `flask NAME` runs a command of Flask's

A section's own request or call takes the place of the shared one, whichever that is.

`After: <name>` in a section's prose says which of the defects that real projects shipped the page stands for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.rules.specs import Block, blocks

FOLDER = Path(__file__).parent / "pages"

_FENCED = re.compile(r"^(`{3,})[^\n]*\n.*?^\1 *$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)
_TITLE = re.compile(r"(?P<grows>Grows|Flat)(?P<by_hand>, by hand)?: (?P<claim>\S.*)")
_AFTER = re.compile(r"^After: (.+)$", re.MULTILINE)
_ASKING = frozenset({"request", "call"})
_DRIVERS = _ASKING | {"rows.py"}


class PageError(Exception):
    """A page that can't be read: where, and why."""


@dataclass(frozen=True, slots=True)
class Page:
    """One small project, what is asked of it, and what its title claims. `after` is empty where it has no model."""

    framework: str
    pattern: str
    title: str
    grows: bool
    by_hand: bool
    files: Mapping[str, str]
    rows: str
    requests: tuple[str, ...]
    call: str
    after: str

    def __str__(self) -> str:
        return f"{self.framework}/{self.pattern}: {self.title}"


def read_pages(path: Path) -> list[Page]:
    """The pages of a pattern's file. Raises PageError for one that is not as said above."""
    text = path.read_text(encoding="utf-8")
    outside = _FENCED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    headings = list(_HEADING.finditer(outside))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    shared = _titled(text[: headings[0].start()]) if headings else {}
    try:
        return [
            _page(path.parent.name, path.stem, heading[1].strip(), shared, text[heading.end() : end])
            for heading, end in zip(headings, ends, strict=True)
        ]
    except PageError as error:
        raise PageError(f"{path}: {error}") from None


def _page(framework: str, pattern: str, title: str, shared: Mapping[str, str], body: str) -> Page:
    claim = _TITLE.fullmatch(title)
    if claim is None or (claim["by_hand"] and claim["grows"] == "Flat"):
        raise PageError(f"{title!r} is no claim")
    own = _titled(body)
    asks = _ASKING if _ASKING & own.keys() else frozenset()
    titled = {**{path: text for path, text in shared.items() if path not in asks}, **own}
    request, call = titled.get("request", ""), titled.get("call", "").strip()
    if "rows.py" not in titled or bool(request) == bool(call):
        raise PageError(f"{title!r} takes rows.py, and either a request or a call")
    after = _AFTER.search(_FENCED.sub("", body))
    return Page(
        framework,
        pattern,
        title,
        grows=claim["grows"] == "Grows",
        by_hand=bool(claim["by_hand"]),
        files={path: text for path, text in titled.items() if path not in _DRIVERS},
        rows=titled["rows.py"],
        requests=tuple(filter(None, map(str.strip, request.splitlines()))),
        call=call,
        after=after[1].strip() if after else "",
    )


def _titled(text: str) -> dict[str, str]:
    return {_path(block): block.text for block in blocks(text)}


def _path(block: Block) -> str:
    if not block.path or block.words:
        raise PageError(f"line {block.line} of its part: a block has a title and nothing else")
    return block.path


PAGES = tuple(page for path in sorted(FOLDER.glob("*/*.md")) for page in read_pages(path))
