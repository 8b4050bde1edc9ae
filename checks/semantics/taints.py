"""Where a value came from: sources, the way from them, and what their data can't harm any more."""

from __future__ import annotations

import ast
from collections.abc import Hashable

MAX_TAINTS = 8
MAX_PATH = 5
_LONGEST = 20


class Trail:
    """A step that tainted data took, linked to the one before; `place` is line, column, end line and end column.

    Columns are `ast`'s: UTF-8 bytes from zero.
    """

    __slots__ = ("before", "inner", "length", "path", "place", "text")

    def __init__(self, path: str, node: ast.AST, text: str, before: Trail | None = None) -> None:
        self.path = path
        line: int = getattr(node, "lineno", 1)
        end: int | None = getattr(node, "end_lineno", None)
        self.place = (
            line,
            getattr(node, "col_offset", 0),
            end or line,
            getattr(node, "end_col_offset", None) or 0,
        )
        self.text = text
        self.before = before
        self.inner: Trail | None = None
        self.length: int = 1 if before is None else before.length + 1

    def behind(self, before: Trail) -> Trail:
        """The same way behind another one; its steps are told only where somebody asks for them."""
        made = Trail.__new__(Trail)
        made.path, made.place, made.text = self.path, self.place, self.text
        made.inner, made.before = self, before
        made.length = before.length + self.length
        return made

    def steps(self) -> list[Trail]:
        """The steps from the source on."""
        found: list[Trail] = []
        waiting: list[Trail] = [self]
        while waiting:
            step = waiting.pop()
            if step.before is not None:
                waiting.append(step.before)
            if step.inner is not None:
                waiting.append(step.inner)
            else:
                found.append(step)
        found.reverse()
        return found


class Taint:
    """One source that a value may come from.

    `label` is what the source gives (`request`, `secret`, `exception`), empty for a parameter that no caller has
    bound yet. `origin` tells sources apart: a place in the code, or the parameter's index. `path` is what was taken
    of it: attributes, `[key]`, `[]` for an unknown key, `()` for a call. `clean` are the kinds of sinks that it can't
    harm any more; `sure` is false once it went through a call that nothing is known of.
    """

    __slots__ = ("_children", "clean", "key", "label", "origin", "path", "sure", "trail")

    def __init__(
        self,
        label: str,
        origin: Hashable,
        path: tuple[str, ...] = (),
        clean: frozenset[str] = frozenset(),
        sure: bool = True,
        trail: Trail | None = None,
    ) -> None:
        self.label = label
        self.origin = origin
        self.path = path
        self.clean = clean
        self.sure = sure
        self.trail = trail
        self.key: tuple[Hashable, ...] = (label, origin, path)
        self._children: dict[str, Taint] | None = None

    def child(self, step: str) -> Taint:
        """The taint of a part: an attribute's name, `[key]`, `[]` or `()`; below five steps parts are one."""
        if len(self.path) >= MAX_PATH:
            return self
        if self._children is None:
            self._children = {}
        known = self._children.get(step)
        if known is None:
            known = Taint(self.label, self.origin, (*self.path, step), self.clean, self.sure, self.trail)
            self._children[step] = known
        return known

    def changed(
        self, clean: frozenset[str] | None = None, sure: bool | None = None, trail: Trail | None = None
    ) -> Taint:
        """The same source in another state."""
        made = Taint.__new__(Taint)
        made.label, made.origin, made.path, made.key = self.label, self.origin, self.path, self.key
        made.clean = self.clean if clean is None else clean
        made.sure = self.sure if sure is None else sure
        made.trail = self.trail if trail is None else trail
        made._children = None
        return made

    def is_like(self, other: Taint) -> bool:
        """Whether two are the same but for the way that they came."""
        return self.key == other.key and self.clean == other.clean and self.sure == other.sure

    @property
    def is_parameter(self) -> bool:
        """Whether it stands for what a caller will give."""
        return self.label == ""

    def __repr__(self) -> str:
        return f"Taint({self.label or self.origin}{''.join(self.path)}, clean={sorted(self.clean)})"


Taints = tuple[Taint, ...]


def join_taints(one: Taints, other: Taints) -> Taints:
    """The sources of both; of one that reached both, only what is clean either way is clean."""
    if one is other or not other:
        return one
    if not one:
        return other
    found = {taint.key: taint for taint in one}
    changed = False
    for taint in other:
        known = found.get(taint.key)
        if known is None:
            if len(found) < MAX_TAINTS:
                found[taint.key] = taint
                changed = True
        elif known is not taint:
            clean = known.clean & taint.clean
            sure = known.sure or taint.sure
            if clean != known.clean or sure != known.sure:
                dirtier = known if len(known.clean) <= len(taint.clean) else taint
                found[taint.key] = dirtier.changed(clean=clean, sure=sure)
                changed = True
    return tuple(found.values()) if changed else one


def harms(taint: Taint, kind: str) -> bool:
    """Whether a source can still do harm in a kind of sink."""
    return kind not in taint.clean and "*" not in taint.clean


def walked(taints: Taints, path: str, node: ast.AST, text: str) -> Taints:
    """The sources with a further step in their trails; steps on one line and long ways are not told one by one."""
    found = []
    for taint in taints:
        before = taint.trail
        if before is not None and (
            before.length >= _LONGEST
            or (before.path == path and before.place[0] == getattr(node, "lineno", 0))
        ):
            found.append(taint)
        else:
            found.append(taint.changed(trail=Trail(path, node, text, before)))
    return tuple(found)
