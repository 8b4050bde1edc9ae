"""Settings that are on or off: the opposite written in the words that the setting uses."""

from __future__ import annotations

import ast

from checks.fixes.edit import replace
from checks.frameworks.environment import environment_read
from checks.model import Edit
from checks.semantics.names import parent
from checks.semantics.nodes import descendants
from checks.semantics.source import File

_OPPOSITES = (("true", "false"), ("1", "0"), ("yes", "no"), ("on", "off"), ("y", "n"), ("t", "f"))
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}


def switched(value: ast.expr, on: bool, file: File) -> Edit | None:
    """The value made `True` or `False`: itself, or the default of the one variable of the environment that it reads.

    `None` where another default would not do: any text is true, unless it is compared or cast.
    """
    if isinstance(value, ast.Constant):
        return replace(file, file.span(value), str(on))
    reads = [read for node in descendants(value) if (read := environment_read(node, file)) is not None]
    if len(reads) != 1 or not isinstance(default := reads[0].default, ast.Constant):
        return None
    if isinstance(default.value, bool):
        fits, text = default.value is not on, str(on)
    elif isinstance(default.value, str) and (reads[0].cast or _is_judged(reads[0].node, value)):
        fits, text = True, _opposite_text(file.segment(default), default.value)
    else:
        fits, text = default.value in (0, 1), str(int(on))
    return replace(file, file.span(default), text) if fits and text else None


def _is_judged(read: ast.AST, value: ast.expr) -> bool:
    """Whether the text is compared, or given to a function that reads it, before it becomes the value."""
    while read is not value and (above := parent(read)) is not None:
        if isinstance(above, ast.Compare):
            return True
        if isinstance(above, ast.Call) and read is not above.func:
            return not (isinstance(above.func, ast.Name) and above.func.id == "bool")
        read = above
    return False


def _opposite_text(source: str, text: str) -> str:
    """A string literal with the opposite word in it, in the same case and quotes; empty where there is no such word."""
    word = _OPPOSITE.get(text.lower(), "")
    if word and text.isalpha():
        word = word.upper() if text.isupper() and len(text) > 1 else word.title() if text.istitle() else word
    return source.replace(text, word) if word and source.count(text) == 1 else ""
