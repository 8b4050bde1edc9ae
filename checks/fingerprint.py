"""What makes a finding the same finding in another commit: its fingerprint, which holds no line number."""

from __future__ import annotations

import hashlib
import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from checks.model import Finding

# A lexer of its own, not `tokenize` or `ast.unparse`: a baseline written under one Python must hold under another, and
# fragments, newer syntax and files that are not Python are read as well. A string that is never closed is read to the
# end of its line, so that no text takes more than linear time.
_TOKEN = re.compile(
    r"""
    (?P<comment> (?<![^\s,()\[\]{}:]) \# [^\n]* )
  | (?P<string> (?P<prefix> (?<!\w) [rbfutRBFUT]{0,2} )
        (?: \"{3} (?P<long> (?: [^"\\] | \\.? | "(?!"") )*+ ) (?: \"{3} | \Z )
          | '{3} (?P<long_single> (?: [^'\\] | \\.? | '(?!'') )*+ ) (?: '{3} | \Z )
          | " (?P<double> (?: [^"\\\n] | \\.? )*+ ) (?: " | $ )
          | ' (?P<single> (?: [^'\\\n] | \\.? )*+ ) (?: ' | $ ) ) )
  | (?P<number> (?<!\w) \.?\d [\w.]* )
  | (?P<name> \w+ )
  | (?P<continuation> \\ \r?\n )
  | (?P<operator> -> | :?=(?!=) | [-+*/%@&|^<>=!]{1,3} | \S )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)

_ESCAPED_QUOTE = re.compile(r"""\\(["'])""")
_COMPOUND = frozenset({"async", "class", "def", "except", "for", "if", "match", "try", "while", "with"})
_OPENING, _CLOSING = "([{", ")]}"
_BEFORE_A_VALUE = frozenset(keyword.kwlist) - {"False", "None", "True"}


def tokens(source: str) -> Iterator[str]:
    """The tokens of a piece of code as they are however it is laid out: no comments, one style of quotes."""
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        if kind == "string":
            yield _string(match)
        elif kind == "number":
            yield match[0].lower()
        elif kind in ("name", "operator"):
            yield match[0]


def normalise(source: str) -> str:
    """The text of a node as it is however a formatter lays it out.

    Layout, comments, quotes, trailing commas and grouping parentheses make no difference. A statement with a body
    (`def`, `class`, `if` ...) stands by its header alone: an edit of the body leaves it the same statement.
    """
    return " ".join(_without_grouping(_header(list(tokens(source)))))


def with_fingerprints(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of a report, each with its fingerprint: 32 hexadecimal digits.

    It is made of rule, path, scope, normalised source, and the ordinal among those that agree in all four.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    fingerprinted = []
    for finding in sorted(findings, key=_order):
        key = (finding.rule, finding.path, finding.scope, finding.source)
        fingerprinted.append(replace(finding, fingerprint=_digest((*key, str(seen[key])))))
        seen[key] += 1
    return tuple(fingerprinted)


def _order(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.span, finding.rule, finding.message


def _digest(parts: Sequence[str]) -> str:
    # A path that is no UTF-8 holds lone surrogates, which only an error handler can write.
    text = "\0".join(parts).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def _string(match: re.Match[str]) -> str:
    """A string literal with its prefix in lower case and its quotes as if they never needed a backslash."""
    prefix = match["prefix"].lower().replace("u", "")
    long = match["long"] if match["long"] is not None else match["long_single"]
    if long is not None:
        return f'{prefix}"""{" ".join(long.split())}"""'
    body = match["double"] if match["double"] is not None else match["single"]
    unescaped = _ESCAPED_QUOTE.sub(r"\1", body)
    return f'{prefix}"{unescaped}"'


def _header(code: list[str]) -> list[str]:
    """The tokens of a compound statement up to its colon; any other code as it is."""
    if not code or code[0] not in _COMPOUND:
        return code
    depth = 0
    for position, token in enumerate(code):
        if token in _OPENING:
            depth += 1
        elif token in _CLOSING:
            depth -= 1
        elif token == ":" and depth == 0:
            return code[:position]
    return code


def _without_grouping(code: list[str]) -> list[str]:
    """The tokens without trailing commas and without the parentheses that only group."""
    kept: list[str] = []
    grouping: list[bool] = []
    for position, token in enumerate(code):
        if token == "," and _at(code, position + 1) in tuple(_CLOSING):
            continue
        if token == "(":
            groups = _at(code, position + 1) != ")" and _begins_a_value(_at(code, position - 1))
            grouping.append(groups)
            if groups:
                continue
        if token == ")" and grouping and grouping.pop():
            continue
        kept.append(token)
    return kept


def _at(code: list[str], position: int) -> str:
    return code[position] if 0 <= position < len(code) else ""


def _begins_a_value(previous: str) -> bool:
    """Whether a parenthesis after this token groups, rather than calls."""
    if not previous or previous in _BEFORE_A_VALUE:
        return True
    return not (previous[-1].isalnum() or previous[-1] in "_\"'" or previous in (")", "]", "}"))
