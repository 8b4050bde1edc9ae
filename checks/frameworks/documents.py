"""Files that are not Python, read into instructions: Dockerfiles today."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from checks.dependencies.kinds import dependency_kind
from checks.dependencies.reading import dependency_document
from checks.frameworks.env_files import is_env_file, variables
from checks.frameworks.templates.files import is_template, template_file
from checks.model import Problem, Span
from checks.semantics.source import Document, Instruction, Project

_DOCKERFILE = re.compile(
    r"(^|/)((docker|container)file(\.[\w.-]+)?|[\w.-]+\.(docker|container)file)$", re.IGNORECASE
)
# As the builder reads it: a word of its own, not `<<<` of the shell and not a shift.
# https://docs.docker.com/reference/dockerfile/#here-documents
_HEREDOC = re.compile(r"(?:^|\s)\d*<<-?([\"']?)([A-Za-z_]\w*)\1")
_WITH_HEREDOC = re.compile(r"\s*(RUN|COPY|ADD)\s", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|(?P<bare>\w+))")
_MAX_INSTRUCTIONS = 5_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a Dockerfile, from its `FROM` on.

    `image` is what it builds on, with the defaults of `ARG` filled in; a `$` is left where there is none. `base` is the
    earlier stage of that name, if there is one.
    """

    image: str
    name: str
    base: Stage | None
    instructions: tuple[Instruction, ...]

    def last(self, *keywords: str) -> Instruction | None:
        """The last instruction of one of these keywords, in this stage or else in those that it builds on."""
        stage: Stage | None = self
        while stage is not None:
            found = [item for item in stage.instructions if item.keyword in keywords]
            if found:
                return found[-1]
            stage = stage.base
        return None


def stages_of(document: Document) -> tuple[Stage, ...]:
    """The stages of a Dockerfile in order; the last one makes the image."""
    found: dict[str, Stage] = {}
    arguments: dict[str, str] = {}
    ordered: list[Stage] = []
    starts = [number for number, item in enumerate(document.instructions) if item.keyword == "FROM"]
    for item in document.instructions[: starts[0] if starts else 0]:
        name, given, default = item.value.partition("=")
        if item.keyword == "ARG" and given:
            arguments[name.strip()] = default.strip().strip("\"'")
    for start, end in zip(starts, [*starts, None][1:], strict=True):
        words = [word for word in document.instructions[start].value.split() if not word.startswith("--")]
        image = fill_in(words[0], arguments) if words else ""
        named = words[2] if len(words) > 2 and words[1].lower() == "as" else ""
        stage = Stage(image, named, found.get(image.lower()), document.instructions[start:end])
        found[named.lower() or str(len(ordered))] = stage
        ordered.append(stage)
    return tuple(ordered)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """A text of a Dockerfile with its variables replaced by these values, or by the default that it names itself."""

    def value(match: re.Match[str]) -> str:
        known = values.get(match["braced"] or match["bare"])
        return known if known is not None else match["default"] or match[0]

    return _VARIABLE.sub(value, text)


def kind_of(path: str) -> str | None:
    """The kind of document that a path names, `None` for files that no rule reads.

    A template is one whatever its language: `document_of` tells whether it is a django-template or a jinja-template.
    """
    if _DOCKERFILE.search(path) and not path.endswith((".md", ".txt", ".rst", ".py")):
        return "dockerfile"
    if is_env_file(path):
        return "env"
    return dependency_kind(path) or ("template" if is_template(path) else None)


def document_of(path: str, text: str, project: Project | None = None) -> Document | Problem | None:
    """The document at a path, `None` when no rule reads its kind, a problem when it is not of its format."""
    kind = kind_of(path)
    if kind is None:
        return None
    if kind == "dockerfile":
        return Document(path, text, kind, _instructions(text), project=project)
    if kind == "env":
        return Document(path, text, kind, variables(text), project=project)
    if kind == "template":
        return template_file(path, text, project)
    return dependency_document(path, text, kind, project)


def decoded(data: bytes) -> str:
    """The text of a file, by its byte order mark: `pip freeze > requirements.txt` in PowerShell writes UTF-16."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode("utf-8", "replace")


def _instructions(text: str) -> tuple[Instruction, ...]:
    """A Dockerfile's instructions: comments left out, continuations joined, here-documents kept in the value.

    Source of the rules: https://docs.docker.com/reference/dockerfile/
    """
    escape = "`" if re.search(r"\A(\s*#[^\n]*\n)*\s*#\s*escape\s*=\s*`", text, re.IGNORECASE) else "\\"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        ends.setdefault(line.strip(), []).append(number)
    found: list[Instruction] = []
    index = 0
    while index < len(lines) and len(found) < _MAX_INSTRUCTIONS:
        start = index
        index, logical = _logical_line(lines, index, escape)
        index, logical = _with_heredocs(lines, index, logical, ends)
        keyword, *value = logical.strip().split(maxsplit=1)[:2] or [""]
        if keyword and not keyword.startswith("#"):
            last = lines[index - 1]
            span = Span(start + 1, len(lines[start]) - len(lines[start].lstrip()) + 1, index, len(last) + 1)
            found.append(Instruction(keyword.upper(), "".join(value), span))
    return tuple(found)


def _logical_line(lines: list[str], index: int, escape: str) -> tuple[int, str]:
    """The logical line that begins at an index, and the index behind it."""
    parts = [lines[index]]
    if parts[0].lstrip().startswith("#"):
        return index + 1, ""
    index += 1
    while parts[-1].rstrip().endswith(escape):
        parts[-1] = parts[-1].rstrip()[:-1]
        while index < len(lines) and (not lines[index].strip() or lines[index].lstrip().startswith("#")):
            index += 1
        if index == len(lines):
            break
        parts.append(lines[index])
        index += 1
    return index, " ".join(part.strip() for part in parts)


def _with_heredocs(
    lines: list[str], index: int, logical: str, ends: Mapping[str, list[int]]
) -> tuple[int, str]:
    """The logical line with its here-documents behind it, and the index behind them; one without an end is none."""
    if not _WITH_HEREDOC.match(logical):
        return index, logical
    for _, word in _HEREDOC.findall(logical)[:8]:
        places = ends.get(word, [])
        position = bisect_left(places, index)
        if position < len(places):
            end = places[position] + 1
            logical += "\n" + "\n".join(lines[index:end])
            index = end
    return index, logical
