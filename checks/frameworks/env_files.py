"""Files of environment variables: `.env`, `.env.production`, `deploy/prod.env`. Not those to copy and fill in."""

from __future__ import annotations

import re

from checks.model import Span
from checks.semantics.source import Instruction

_NAME = re.compile(r"(^|/)(\.env(rc)?(\.[\w.-]+)?|[\w-]+(\.[\w-]+)?\.env)$")
_SAMPLE = re.compile(
    r"(^|[._/-])(examples?|samples?|templates?|dist|defaults?|schema|spec|tests?|testing|tpl|vault|j2|md|py|pub|enc)($|[._/-])",
    re.IGNORECASE,
)
# A quoted value ends at its quote; another one at a comment. Values over several lines are not joined.
_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w{0,100})[ \t]*=[ \t]*"
    r"(?:\"(?P<double>[^\"\n]{0,4000})\"|'(?P<single>[^'\n]{0,4000})'|(?P<bare>[^\s#][^\n]{0,4000})?)"
)
_MAX_VARIABLES = 2_000


def is_env_file(path: str) -> bool:
    """Whether a path names a file of variables that something runs with."""
    return _NAME.search(path) is not None and not _SAMPLE.search(path)


def variables(text: str) -> tuple[Instruction, ...]:
    """The variables of such a file, each as an instruction: its name as the keyword, its value without quotes."""
    found: list[Instruction] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        match = _LINE.match(line)
        if match is None or len(found) >= _MAX_VARIABLES:
            continue
        bare = (match["bare"] or "").partition(" #")[0].strip()
        value = match["double"] or match["single"] or bare
        found.append(Instruction(match["name"], value, Span(number, 1, number, len(line) + 1)))
    return tuple(found)
