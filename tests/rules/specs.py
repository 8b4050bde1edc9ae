"""Specs in Markdown: what a rule says, and what it leaves alone.

A spec stands at `tests/rules/<rule id with underscores>.md`. Each `##` section is one test: its title a claim, its
fenced blocks with `title="path"` the files of a small project. Words behind the title say what a block is for:

    (none)        a file as it is, or as the change leaves it
    base          a file before the change; the section then asserts what the change introduces
    base head     a file that the change leaves alone
    fix           the file after every suggestion of the spec's rule is applied; all of them must be safe
    fix unsafe    the same for suggestions that are offered as text only

A line that must be reported ends in a mark, in the comment of its file's type: `# expect: security/weak-hash`. More
ids follow behind a comma; `severity=low` and `confidence=high` behind an id are asserted as well. Where a type has no
comment, a block whose language is `expect` lists `path:line rule`. In a base block, `# expect-deleted: rule` marks the
line whose deletion causes the defect. Marks are taken out of the text before it is analysed, so that they can't
influence it: a line that holds nothing else stays, empty, and lines keep their numbers.

Everything without a mark must stay clean of the spec's own rule and of the rules that the section marks; what other
rules have to say there does not matter. A section titled `Not yet seen: ...` is expected to fail, and fails when it
passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

FOLDER = Path(__file__).parent
NOT_YET = "Not yet seen: "

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>[\w-]*) *(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence) *$",
    re.MULTILINE | re.DOTALL,
)
_TITLE = re.compile(r'title="([^"]+)"')
_WORDS = frozenset({"base", "head", "fix", "unsafe"})
_TEMPLATES = (".email", ".htm", ".html", ".j2", ".jinja", ".jinja2", ".svg", ".txt", ".xhtml", ".xml")
_COMMENTS = dict.fromkeys(_TEMPLATES, ("{#", "#}"))
_REQUIREMENTS = re.compile(r"requirements[^/]*\.txt$|requirements/[^/]+\.txt$")
_EXPECTED = re.compile(r"(?P<rule>[a-z0-9-]+/[a-z0-9-]+)(?P<properties>(?: \w+=\w+)*)")


class SpecError(Exception):
    """A spec that can't be read: where, and why."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: `path` is its title, empty without one; `line` is the line of its fence, from 1."""

    language: str
    path: str
    words: frozenset[str]
    text: str
    line: int


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """A finding that a section asks for. `deleted` places it on the line of the base that caused it."""

    path: str
    line: int
    rule: str
    deleted: bool = False
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One test. `base` is `None` where the section is about files, not about a change."""

    rule: str
    title: str
    files: dict[str, str]
    base: dict[str, str] | None
    fixed: dict[str, Block]
    expected: tuple[Expected, ...]

    @property
    def is_loud(self) -> bool:
        """Whether something must be reported."""
        return bool(self.expected)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing must be reported, as far as is known today."""
        return not self.expected and not self.title.startswith(NOT_YET)

    @property
    def rules(self) -> frozenset[str]:
        """The rules whose findings the section is about."""
        return frozenset({self.rule, *(expected.rule for expected in self.expected)})


def spec_path(rule_id: str) -> Path:
    """Where the spec of a rule stands."""
    return FOLDER / f"{rule_id.replace('-', '_')}.md"


def spec_files() -> list[Path]:
    """All specs, sorted by path."""
    return sorted(FOLDER.glob("*/*.md"))


def read_spec(path: Path) -> list[Section]:
    """The sections of a spec. Raises SpecError for one that is not as this module's documentation says."""
    rule = path.relative_to(FOLDER).with_suffix("").as_posix().replace("_", "-")
    text = path.read_text(encoding="utf-8")
    sections = []
    for number, title, body in _sections(text):
        try:
            sections.append(read_section(rule, title, body))
        except SpecError as error:
            raise SpecError(f"{path}:{number}: {error}") from None
    return sections


def read_section(rule: str, title: str, body: str) -> Section:
    """The test that a section of Markdown describes."""
    files: dict[str, str] = {}
    base: dict[str, str] = {}
    fixed: dict[str, Block] = {}
    expected: list[Expected] = []
    for block in blocks(body):
        if block.language == "expect":
            expected.extend(_listed(block))
        elif not block.path:
            raise SpecError(f"line {block.line}: a block without a title")
        elif "fix" in block.words:
            fixed[block.path] = block
        else:
            plain, marks = take_marks(block)
            expected.extend(marks)
            if "base" in block.words:
                base[block.path] = plain
            if "base" not in block.words or "head" in block.words:
                files[block.path] = plain
    if not files and not base:
        raise SpecError("no file")
    return Section(rule, title, files, base or None, fixed, tuple(sorted(expected)))


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a Markdown text."""
    for match in _FENCE.finditer(text):
        title = _TITLE.search(match["info"])
        words = frozenset(_TITLE.sub("", match["info"]).split())
        line = text.count("\n", 0, match.start()) + 1
        if not words <= _WORDS or (words and title is None):
            raise SpecError(f"line {line}: {' '.join(sorted(words))} is nothing that a block can be")
        yield Block(match["language"], title[1] if title else "", words, match["text"], line)


def take_marks(block: Block) -> tuple[str, list[Expected]]:
    """The text of a block without its marks, and what they ask for."""
    opening, closing = comment_of(block.path)
    mark = re.compile(
        rf"[ \t]*{re.escape(opening)}[ \t]*expect(?P<deleted>-deleted)?:[ \t]*(?P<rules>.*?)[ \t]*{re.escape(closing)}$"
    )
    lines: list[str] = []
    found: list[Expected] = []
    for number, line in enumerate(block.text.split("\n"), 1):
        match = mark.search(line)
        if match is not None:
            deleted = match["deleted"] is not None
            if deleted and "base" not in block.words:
                raise SpecError(f"{block.path}:{number}: only a base block has deleted lines")
            if not deleted and "base" in block.words and "head" not in block.words:
                raise SpecError(f"{block.path}:{number}: findings stand in the head, not in the base")
            found.extend(_expected(block.path, number, match["rules"], deleted=deleted))
        elif "expect:" in line or "expect-deleted:" in line:
            raise SpecError(f"{block.path}:{number}: a mark that is no comment of this file's type")
        lines.append(line if match is None else line[: match.start()])
    return "\n".join(lines), found


def comment_of(path: str) -> tuple[str, str]:
    """What opens and closes a comment in a file of this type."""
    if _REQUIREMENTS.search(path):
        return "#", ""
    return _COMMENTS.get(PurePosixPath(path).suffix, ("#", ""))


def _sections(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, title and body of each `##` section; headings within fences are text."""
    outside = _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    starts = list(re.finditer(r"^## +(.+)$", outside, re.MULTILINE))
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        yield text.count("\n", 0, start.start()) + 1, start[1].strip(), text[start.end() : end]


def _listed(block: Block) -> Iterator[Expected]:
    for line in filter(None, map(str.strip, block.text.split("\n"))):
        place, _, rules = line.partition(" ")
        path, _, number = place.rpartition(":")
        if not number.isdigit():
            raise SpecError(f"{line!r} is not `path:line rule`")
        yield from _expected(path, int(number), rules, deleted=False)


def _expected(path: str, line: int, rules: str, *, deleted: bool) -> Iterator[Expected]:
    for rule in rules.split(","):
        match = _EXPECTED.fullmatch(rule.strip())
        if match is None:
            raise SpecError(f"{path}:{line}: {rule.strip()!r} is no rule's id")
        given = [tuple(item.split("=")) for item in match["properties"].split()]
        properties = tuple((name, value) for name, value in given)
        if not {name for name, _ in properties} <= {"severity", "confidence"}:
            raise SpecError(f"{path}:{line}: severity and confidence can be asserted, nothing else")
        yield Expected(path, line, match["rule"], deleted, properties)
