"""What a rule is handed: a file with its names resolved, a call, a function, a document."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

from checks.model import Problem, Span
from checks.semantics.constants import Constant, fold
from checks.semantics.invocation import Invocation
from checks.semantics.library import Place
from checks.semantics.names import Names, link_parents, qualified_name
from checks.semantics.roles import Role, role_of
from checks.semantics.values import UNKNOWN, Value

Function = ast.FunctionDef | ast.AsyncFunctionDef

_T = TypeVar("_T")


class Project(Protocol):
    """The other files of the reviewed project, read when asked for; each question is recorded as a use."""

    def frameworks_at(self, path: str) -> frozenset[str]:
        """The frameworks that the configuration names for a file; empty where its files must tell."""

    def file(self, path: str) -> File | None:
        """The parsed file at a path, `None` when there is none or it can't be parsed."""

    def module(self, name: str, near: str) -> File | None:
        """The file of a dotted module name, the one closest to the path `near` where several bear it."""

    def named(self, *endings: str) -> tuple[str, ...]:
        """The paths of the files of these names (`urls.py`) or suffixes (`.py`, `/models/base.py`), sorted."""

    def mentioning(self, words: tuple[str, ...], *endings: str) -> tuple[str, ...]:
        """Those of `named` whose text holds one of some words, for a look before parsing."""

    def once(self, key: str, function: Callable[[], _T]) -> _T:
        """What a function gives, called once a tree: a fact of the whole project, which must not hold nodes."""

    def remember(self, memo: dict[object, Any], key: object, function: Callable[[], _T]) -> _T:
        """What a function gives, called once for a key of a memo; its uses are those of every file that asks."""

    def document(self, path: str) -> Document | None:
        """The document at a path, `None` when there is none, no rule reads its kind, or it can't be read."""

    def has(self, path: str) -> bool:
        """Whether the tree has a file at a path."""


class Text:
    """Any file as text: path, lines and places. Line `n` is `lines[n - 1]`, without its newline."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """The lines as Python's parser counts them: ended by LF, CRLF or CR."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    @cached_property
    def role(self) -> Role:
        """What the file is for, by its path."""
        return role_of(self.path)

    @property
    def whole(self) -> Span:
        """The first line, for findings about the file as a whole."""
        return Span(1, 1, 1, len(self.lines[0]) + 1)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One logical line of a document: `keyword` upper-case (`USER`), `value` the rest with continuations joined."""

    keyword: str
    value: str
    span: Span


class Document(Text):
    """A file that is not Python: `kind` is dockerfile, yaml, toml, requirements ...

    `content` is what it says, where its kind has a reader of its own; `problems` are what that could not read of it.
    """

    def __init__(
        self,
        path: str,
        text: str,
        kind: str,
        instructions: tuple[Instruction, ...] = (),
        *,
        content: object = None,
        problems: tuple[Problem, ...] = (),
        project: Project | None = None,
    ) -> None:
        super().__init__(path, text)
        self.kind = kind
        self.instructions = instructions
        self.content = content
        self.problems = problems
        self.project = project


class File(Text):
    """A parsed Python file with its names."""

    def __init__(self, path: str, text: str, tree: ast.Module, module: str, project: Project) -> None:
        super().__init__(path, text)
        self.tree = tree
        self.module = module
        self.project = project
        self.nodes = link_parents(tree)
        self.names = Names(tree, module, package=path.endswith("__init__.py"), nodes=self.nodes)
        self.memo: dict[object, Any] = {}
        """Facts about its nodes, kept as long as the tree; `once` fills it."""

    def within(self, project: Project) -> File:
        """The same file in another state of its project: its tree and names are shared, what is known of it is not."""
        made = File.__new__(File)
        Text.__init__(made, self.path, self.text)
        made.tree, made.module, made.project = self.tree, self.module, project
        made.nodes, made.names, made.memo = self.nodes, self.names, {}
        return made

    def resolve(self, node: ast.AST) -> str | None:
        """The dotted name that an expression stands for (`requests.get`, `builtins.print`), or `None`."""
        return self.names.resolve(node)

    def constant(self, node: ast.AST | None) -> Constant | None:
        """The constant that an expression stands for, `None` when it is not certain."""
        return None if node is None else fold(node, self.names)

    def span(self, node: ast.AST) -> Span:
        """The place of a node: lines and columns from 1, columns in characters, the end exclusive."""
        line, end_line = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
        start, end = node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
        return Span(line, self._column(line, start), end_line, self._column(end_line, end))

    def place(self, node: ast.AST) -> Span:
        """Where to point at a node: a definition at its name, another statement with a body at its first line."""
        whole = self.span(node)
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            return whole
        line = self.lines[whole.line - 1]
        name = getattr(node, "name", None)
        if isinstance(name, str) and not isinstance(node, ast.ExceptHandler):
            found = re.compile(rf"\b{re.escape(name)}\b").search(line, whole.column - 1)
            if found is not None:
                return Span(whole.line, found.start() + 1, whole.line, found.end() + 1)
        if whole.end_line == whole.line:
            return whole
        return Span(whole.line, whole.column, whole.line, len(line.rstrip()) + 1)

    def segment(self, node: ast.AST) -> str:
        """The source text of a node, its newlines as `\\n`."""
        span = self.span(node)
        if span.line == span.end_line:
            return self.lines[span.line - 1][span.column - 1 : span.end_column - 1]
        first = self.lines[span.line - 1][span.column - 1 :]
        last = self.lines[span.end_line - 1][: span.end_column - 1]
        return "\n".join([first, *self.lines[span.line : span.end_line - 1], last])

    def scope(self, node: ast.AST) -> str:
        """The qualified name of the definition that holds a node (`Order.total`), empty at the top of the module."""
        return qualified_name(node)

    @cached_property
    def imports(self) -> frozenset[str]:
        """The top-level packages that the file imports: how a file without a project around it is judged."""
        found: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
        return frozenset(found)

    def once(self, key: object, function: Callable[[], _T]) -> _T:
        """What a function gives, called once for a key: a fact about this file or a node of it."""
        return self.project.remember(self.memo, key, function)

    def release(self) -> None:
        """Undo the links from nodes to their parents: without those cycles the tree is freed, collector or not."""
        self.memo.clear()
        for node in self.nodes:
            node.__dict__.pop("_parent", None)
            node.__dict__.pop("_extent", None)

    def _column(self, line: int, offset: int) -> int:
        """A character column from the UTF-8 byte offset that `ast` gives."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if text.isascii():
            return offset + 1
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace")) + 1


@dataclass(frozen=True, slots=True)
class Call:
    """A call and the dotted name of what is called."""

    node: ast.Call
    name: str
    file: File
    invocation: Invocation | None = None

    def value(self, position: int | None, keyword: str | None = None) -> Value:
        """What is known of an argument's value; nothing where it is not given, or the file was not interpreted."""
        if self.invocation is None:
            return UNKNOWN
        place: Place = -2 if position is None else position
        if keyword is not None:
            place = keyword if position is None else (position, keyword)
        return self.invocation.argument(place) or UNKNOWN

    def argument(self, position: int | None, keyword: str | None = None) -> ast.expr | None:
        """The argument at a position or by keyword, `None` when it is not given in sight."""
        if keyword is not None:
            for given in self.node.keywords:
                if given.arg == keyword:
                    return given.value
        before_star = []
        for value in self.node.args:
            if isinstance(value, ast.Starred):
                break
            before_star.append(value)
        return before_star[position] if position is not None and position < len(before_star) else None

    @property
    def unpacks(self) -> bool:
        """Whether `*args` or `**kwargs` may bring arguments that can't be seen."""
        return any(isinstance(value, ast.Starred) for value in self.node.args) or any(
            given.arg is None for given in self.node.keywords
        )

    def constant(self, position: int | None, keyword: str | None = None) -> Constant | None:
        """The constant value of an argument, `None` when it is absent or not certain."""
        return self.file.constant(self.argument(position, keyword))
