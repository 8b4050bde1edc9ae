"""Bytes of a Python file to its tree, or to the reason why not.

The standard library's parser comes first: it is some twenty times faster than libcst's, which reads what this Python is
too old for.
"""

import ast
import codecs
import gc
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from checks.model import Problem
from checks.semantics.nodes import children

MAX_BYTES = 2_000_000

# Recursive visitors take some four frames a level of Python's thousand. Of 18,000 files of the standard library and of
# common packages, two go deeper, both tables of generated algebra; all but five stay below a hundred.
MAX_DEPTH = 200

# Text encodings by name that take quadratic time (punycode, idna) or are no encoding of a source file.
_REFUSED_ENCODINGS = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"})


_MANY_DOTS = 1_000
_DOTTED = re.compile(r"(?:\.[\s\\]*\w+[\s\\]*)+")
_NEWLINE = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Module:
    """A parsed Python file.

    `text` is decoded as the file declares (PEP 263), without byte order mark and with its newlines as they stand.
    `lowered` tells that libcst read it, since this Python could not: its newer nodes are those of
    `checks.engine.newer_nodes`.
    """

    path: str
    text: str
    tree: ast.Module
    lowered: bool


class _Unreadable(Exception):
    """Why a file has no tree: the kind, message and line of its problem."""

    def __init__(self, kind: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.line = line


@contextmanager
def collector_off() -> Iterator[None]:
    """No cyclic garbage collection while trees grow.

    The collector starts by the count of new objects. A tree is nothing but new objects, none of which is garbage, so
    each of its walks is for nothing: with it, `ast.parse` takes four times as long once trees are kept.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def parse(path: str, data: bytes) -> Module | Problem:
    """The module in `data`, or a problem of kind encoding, syntax, too-large, too-deep or crash; raises nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `"\d"` and `1 is 1` are for rules to judge
            return _parse(path, data)
    except _Unreadable as error:
        return Problem(path, error.kind, error.message, error.line)
    except Exception as error:  # a hostile file ends its own reading at most
        return Problem(path, "crash", f"the parser crashed: {type(error).__name__}")


def _parse(path: str, data: bytes) -> Module:
    if len(data) > MAX_BYTES:
        raise _Unreadable("too-large", f"larger than {MAX_BYTES:,} bytes")
    text = _decode(data)
    _check_names(text)
    lowered = False
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        tree, lowered = _lower(text, error), True
    except (RecursionError, MemoryError):  # the second is what CPython's parser says of its own stack
        raise _Unreadable("too-deep", _TOO_DEEP) from None
    except ValueError:  # includes the UnicodeEncodeError of a lone surrogate
        raise _Unreadable("encoding", "not a text that Python reads") from None
    _check_depth(tree)
    return Module(path, text, tree, lowered)


_TOO_DEEP = "nested too deep to be checked"


def _decode(data: bytes) -> str:
    """The text of a source file (https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations)."""
    if b"\0" in data:
        raise _Unreadable("encoding", "holds NUL bytes, so it is not a text")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        codec = codecs.lookup(encoding)
    except (SyntaxError, LookupError) as error:
        raise _Unreadable("encoding", f"cannot be decoded: {_one_line(error)}", 1) from None
    if codec.name.replace("-", "_") in _REFUSED_ENCODINGS:
        raise _Unreadable("encoding", f"declares {encoding}, which is no encoding for source files", 1)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", data[: error.start])) + 1
        raise _Unreadable("encoding", f"not valid {encoding}", line) from None
    except (LookupError, ValueError) as error:
        raise _Unreadable("encoding", f"cannot be decoded: {_one_line(error)}", 1) from None
    if "\0" in text:
        raise _Unreadable("encoding", "holds NUL characters, so it is not a text")
    return text


def _check_names(text: str) -> None:
    """Raise where a dotted name has more parts than the tree may have levels.

    CPython takes quadratic time for the name of an import, a minute for 100,000 parts.
    """
    if text.count(".") < _MANY_DOTS:
        return
    for match in _DOTTED.finditer(text):
        if match[0].count(".") > _MANY_DOTS:
            raise _Unreadable("too-deep", _TOO_DEEP, len(_NEWLINE.findall(text[: match.start()])) + 1)


def _lower(text: str, refusal: SyntaxError) -> ast.Module:
    """The tree of what `ast.parse` refused, by libcst."""
    from checks.engine import lower  # takes 0.2 s, and most projects never need it

    try:
        return lower.lower(text)
    except lower.TooDeep as error:
        raise _Unreadable("too-deep", _TOO_DEEP, error.line) from None
    except lower.TooLong:
        raise _Unreadable(
            "too-large", "uses syntax of a newer Python and is too large to be read for it"
        ) from None
    except RecursionError:
        raise _Unreadable("too-deep", _TOO_DEEP) from None
    except SyntaxError as error:
        raise _syntax_problem(refusal, error) from None
    except lower.Unfaithful:
        raise _Unreadable("syntax", f"invalid syntax: {_one_line(refusal)}", refusal.lineno) from None


def _syntax_problem(older: SyntaxError, newer: SyntaxError) -> _Unreadable:
    """What both refuse, in the words of the parser that came further: the older may stop at newer syntax."""
    further = newer if (newer.lineno or 0) > (older.lineno or 0) else older
    return _Unreadable("syntax", _one_line(further), further.lineno)


def _one_line(error: BaseException) -> str:
    message = str(getattr(error, "msg", None) or error)
    return " ".join(message.split())[:200]


def _check_depth(tree: ast.Module) -> None:
    """Raise where the tree is deeper than the limit.

    To look at every node would take half as long as parsing. So expressions on one line are taken by their width: each
    of their levels takes a character.
    """
    layer: list[ast.AST] = [tree]
    for depth in range(1, MAX_DEPTH + 1):
        inner: list[ast.AST] = []
        for node in layer:
            for child in children(node):
                if isinstance(child, ast.expr) and child.lineno == child.end_lineno:
                    width = (child.end_col_offset or 0) - child.col_offset
                    if depth + width <= MAX_DEPTH:
                        continue
                inner.append(child)
        if not inner:
            return
        layer = inner
    line = next((node.lineno for node in layer if hasattr(node, "lineno")), None)
    raise _Unreadable("too-deep", _TOO_DEEP, line)
