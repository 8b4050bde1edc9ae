"""Text that begins with something fixed: what follows can't choose the host of an address any more."""

from __future__ import annotations

import ast
import re

from checks.semantics.taints import Taint
from checks.semantics.values import Implication, Value, all_taints

ADDRESS = frozenset({"redirect", "url"})
NOTHING_CLEAN: frozenset[str] = frozenset()
SOMETHING = "\0"
"""Stands in a prefix for text that only running tells."""

_DOUBTED = frozenset({"?redirect", "?url"})
_KEY = frozenset({"session"})
"""What only a whole name harms: with a beginning of its own it is none of those that others use."""

_HOST = r"[^/?#@\\]+"
# A scheme and a host with the slash behind it, or a path of the own site: `//host` and `/\host` leave it. What the
# application begins an address with ends where a path, query or fragment begins.
_HOST_FIXED = re.compile(rf"((https?|ftp|wss?|\0)://{_HOST}|\0+)[/?#&](?!/)|/[^/\\]|\?|#|mailto:")


def fixed_by(prefix: str) -> frozenset[str]:
    """The kinds of sinks that can't be harmed by what follows a prefix."""
    return ADDRESS if _HOST_FIXED.match(prefix) else NOTHING_CLEAN


def built_on(prefix: str, value: Value) -> Value:
    """A text that begins with a prefix, as far as that makes what follows harmless.

    Behind something that the application begins an address with, what follows may still end the host's name
    (`https://shop.example` + `.evil.example`): that is doubted.
    """
    if not prefix or not value.taints:
        return value
    clean = (fixed_by(prefix) or (_DOUBTED if SOMETHING in prefix else NOTHING_CLEAN)) | _KEY
    return value.but(taints=tuple(_cleaner(taint, clean) for taint in value.taints))


def longer(prefix: str, value: Value) -> str:
    """A prefix with the next part of the text; what a part from outside chooses is said of that part."""
    return prefix + (value.const if isinstance(value.const, str) else SOMETHING)


_FIELD = re.compile(r"\{[^{}]*\}")
_DIRECTIVE = re.compile(r"%(?:\([^()]*\))?s")


def begun_by(form: str, first: Value | None, *, percent: bool = False) -> str:
    """The prefix that a format gives: up to its first field, and on to the second where nobody outside fills that in.

    `first` is what the first field shows, None where that is not known.
    """
    field = _DIRECTIVE if percent else _FIELD
    found = field.search(form)
    if found is None:
        return form.partition("%" if percent else "{")[0]
    head, tail = form[: found.start()], form[found.end() :]
    if first is None or all_taints(first):
        return head
    second = field.search(tail)
    return longer(head, first) + (tail if second is None else tail[: second.start()])


def filled_in(form: str, first: Value | None, result: Value) -> Value:
    """The text that `format` gives: harmless behind its prefix, and where it is one field alone, a part of that."""
    made = built_on(begun_by(form, first), result)
    return made.but(part_of=first) if first is not None and _FIELD.fullmatch(form) else made


def begins(receiver: Value, prefix: Value, result: Value, node: ast.Call) -> Value:
    """`text.startswith(prefix)`: a prefix that fixes the host, or a folder that a normalised path stays in."""
    if not receiver.taints or all_taints(prefix):
        return result
    clean = fixed_by(prefix.const) if isinstance(prefix.const, str) else NOTHING_CLEAN
    if all("normal-path" in taint.clean for taint in receiver.taints):
        clean |= {"path"}
    if not clean:
        return result
    text = ast.unparse(node.func.value)  # type: ignore[attr-defined]
    return result.but(true=(*result.true, Implication(receiver, text, clean)))


def _cleaner(taint: Taint, clean: frozenset[str]) -> Taint:
    return taint if clean <= taint.clean else taint.changed(clean=taint.clean | clean)
