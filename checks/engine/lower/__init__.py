"""Python read by libcst, whatever Python runs, and lowered to the nodes and positions of `ast`.

libcst's parser knows the syntax of Pythons newer than the one that runs. Nodes that the running Python lacks are
those of `checks.engine.newer_nodes`; positions are those of Python 3.13.
"""

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from checks.engine.lower import expressions, strings
from checks.engine.lower.blocks import body
from checks.engine.lower.context import Lowering, NotPython
from checks.engine.lower.extent import TooDeep, TooLong, check_extent
from checks.engine.lower.positions import Unfaithful

__all__ = ["TooDeep", "TooLong", "Unfaithful", "lower"]

_HANDLERS = {**expressions.HANDLERS, **strings.HANDLERS}

# Frames of Python's own for the deepest text that `check_extent` lets through. They take little of the C stack since
# 3.11 (https://docs.python.org/3/whatsnew/3.11.html#inlined-python-function-calls).
_FRAMES = 20_000

_NEWLINE = re.compile(r"\r\n?|\n")
_STOPPED = re.compile(r"error at (\d+):(\d+)")


def lower(text: str) -> ast.Module:
    """The tree of `text`.

    Raises `SyntaxError` with message and line where it is no Python, `TooDeep` where reading it would overflow the
    stack, `TooLong` where its tree would take too much memory, and `Unfaithful` where libcst misreads it.
    """
    check_extent(text)
    with _room():
        module = _read(text)
        low = Lowering(text, module, _HANDLERS)
        try:
            statements, _ = body(low, module.body)
        except NotPython as error:
            raise SyntaxError(str(error), (None, low.line(error.node), None, None)) from None
    return ast.Module(statements, [])


def _read(text: str) -> cst.Module:
    try:
        with _unvalidated():
            return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise SyntaxError("invalid syntax", (None, _line(error, text), None, None)) from None
    except BaseException as error:
        # A panic of native code is no Exception (https://docs.rs/pyo3/latest/pyo3/panic/struct.PanicException.html).
        if type(error).__name__ == "PanicException":
            raise SyntaxError("invalid syntax") from None
        raise


def _line(error: cst.ParserSyntaxError, text: str) -> int | None:
    """The line of the refused token, where the message tells: it names the place behind it and the next blanks."""
    match = _STOPPED.search(error.message)
    if match is None:
        return None
    line, column = int(match[1]), int(match[2])
    lines = _NEWLINE.split(text)[:line]
    before = "\n".join([*lines[:-1], lines[-1][:column]])
    return before.rstrip().count("\n") + 1


@contextmanager
def _room() -> Iterator[None]:
    """Room on Python's stack for a walk over a concrete tree."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


@contextmanager
def _unvalidated() -> Iterator[None]:
    """Nodes without the check that libcst makes of each: what its parser built needs none, and the one of string rows
    refuses two t-strings side by side. It saves a third of the time too."""
    check = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = lambda self: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        cst.CSTNode.__post_init__ = check  # type: ignore[method-assign]
