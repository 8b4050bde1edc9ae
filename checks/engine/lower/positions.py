"""Where each node of a concrete syntax tree stands in its text.

A concrete tree keeps every blank, so writing it out again passes over the text once, in order. `Recorder` is that walk:
it writes nothing and only counts characters, which is some thirty times faster than libcst's own metadata providers.
"""

import re
from bisect import bisect_right
from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState  # the walk's protocol; libcst exports it under no public name

Span = tuple[int, int]  # offsets of the first character and of the one behind the last

_BLANK = re.compile(r"(?:[ \t\f]|\\\r?\n|\\\r)*")
_NEWLINE = re.compile(r"\r\n?|\n")
_WIDE = re.compile(r"[^\x00-\x7f]")


class Unfaithful(Exception):
    """The concrete tree, written out, is not the text that was read: its positions would be wrong."""


class _Inner:
    """Notes the span of a node without the parentheses and blanks around it."""

    __slots__ = ("key", "recorder", "start")

    def __init__(self, recorder: "Recorder", node: cst.CSTNode) -> None:
        self.recorder = recorder
        self.key = id(node)
        self.start = 0

    def __enter__(self) -> None:
        self.recorder.skip_form_feeds()
        self.start = self.recorder.offset

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.recorder.inner[self.key] = (self.start, self.recorder.offset)


class Recorder(CodegenState):
    """Spans of all nodes of a module, by identity: `outer` with parentheses and owned blanks, `inner` without.

    Raises `Unfaithful` where tree and text part.
    """

    def __init__(self, text: str, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.text = text
        self.offset = 0
        self.inner: dict[int, Span] = {}
        self.outer: dict[int, Span] = {}
        self._starts: list[int] = []
        for node in (*module.header, *module.body):
            node._codegen(self)

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token.replace("\f", ""))

    def add_token(self, value: str) -> None:
        if not self.text.startswith(value, self.offset) and self._lost(value):
            return
        self.offset += len(value)

    def _lost(self, value: str) -> bool:
        """Find `value` behind blanks that libcst forgets (`{x!r }`); True for the newline that a last line lacks."""
        blank = _BLANK.match(self.text, self.offset)
        end = blank.end() if blank else self.offset
        found = self.text.find(value, self.offset, end + len(value))
        if found >= 0:
            self.offset = found
            return False
        if self.offset == len(self.text) and not value.strip():
            return True
        raise Unfaithful

    def skip_form_feeds(self) -> None:
        """Pass over those before a line's code, which libcst forgets."""
        while self.text.startswith("\f", self.offset):
            self.offset += 1

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self.outer[id(node)] = (self._starts.pop(), self.offset)

    def record_syntactic_position(  # type: ignore[override]  # only entered and left, as a context manager is
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Inner:
        return _Inner(self, node)


class Lines:
    """Offsets of a text as `ast` counts places: line from 1, column in UTF-8 bytes from 0."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        self._wide: list[int] = []
        self._extra = [0]
        if not text.isascii():
            for match in _WIDE.finditer(text):
                self._wide.append(match.start())
                self._extra.append(self._extra[-1] + len(match.group().encode()) - 1)

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        column = offset - start
        if self._wide:
            column += self._extra_before(offset) - self._extra_before(start)
        return line, column

    def _extra_before(self, offset: int) -> int:
        """How many more bytes than characters stand before `offset`."""
        return self._extra[bisect_right(self._wide, offset - 1)]
