"""Modules run once, and imported names led to what they stand for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable
from typing import Any

from checks.semantics.definitions import is_reachable
from checks.semantics.interpret.attributes import attribute, forced
from checks.semantics.interpret.frame import Frame, Machine, OutOfSteps
from checks.semantics.interpret.progress import Progress
from checks.semantics.interpret.targets import Module, Scope
from checks.semantics.source import File, Project
from checks.semantics.values import UNKNOWN, Value


class Modules:
    """The modules of a project; `forget` takes back summaries that were made while a module was half run."""

    def __init__(
        self,
        project: Project,
        machine: Machine,
        progress: Progress,
        forget: Callable[[Iterable[Any]], None],
        exhausted: Callable[[File, str], None],
    ) -> None:
        self._project = project
        self._machine = machine
        self._progress = progress
        self._forget = forget
        self._exhausted = exhausted
        self._frames: dict[str, Frame] = {}
        self._imports: dict[tuple[str, str], Module | None] = {}
        self._foreign: dict[tuple[str, str], Value] = {}
        self._open: set[tuple[str, ...]] = set()

    def module(self, file: File) -> Frame:
        """A module with its names as they stand at its end; as far as it has come, while it is being run."""
        known = self._frames.get(file.path)
        if known is not None and known.file is file:
            self._progress.asked_again(file.path)
            return known
        frame = Frame(self._machine, file, Scope({}), None, None)
        frame.calls, frame.uses_of_rows = {}, {}
        self._frames[file.path] = frame
        active = self._progress.begin(file.path)
        try:
            frame.run(file.tree.body)
        except (OutOfSteps, RecursionError):
            self._exhausted(file, "<module>")
        finally:
            self._progress.end()
            self._progress.spend(frame.steps)
        self._forget(active.tentative)
        for identifier in _declared_global(file):
            if identifier in frame.env:
                frame.env[identifier] = UNKNOWN
        frame.uses.add(file.path)
        return frame

    def imported(self, dotted: str, file: File, frame: Frame | None) -> Value:
        """What an imported name stands for."""
        folder = file.path.rpartition("/")[0]
        known = self._foreign.get((dotted, folder))
        if known is not None:
            return known
        parts = dotted.split(".")
        if parts[0] in sys.stdlib_module_names and parts[0] != file.module.partition(".")[0]:
            return Value(name=self._machine.knowledge.canonical(dotted))
        for split in range(len(parts), 0, -1):
            module = self._module_named(".".join(parts[:split]), file)
            if module is None:
                continue
            value = Value(targets=(module,))
            for index, part in enumerate(parts[split:]):
                asking = frame or self._frames[module.file.path]
                if index == 0:
                    asking.uses.add(module.file.path)
                    found = self._of_module(module, part, asking)
                    if found is None:
                        return Value(name=dotted)
                    value = found
                else:
                    value = forced(asking, attribute(asking, value, part, module.file.tree))
            return value
        foreign = self._foreign[dotted, folder] = Value(name=self._machine.knowledge.canonical(dotted))
        return foreign

    def _of_module(self, module: Module, name: str, frame: Frame) -> Value | None:
        """A name of a module, without its submodules: those were tried before."""
        inner = self.module(module.file)
        found = inner.env.get(name)
        if found is None:
            for starred in module.file.names.star_modules():
                found = self.starred(starred, module.file, frame).get(name)
                if found is not None:
                    break
        if found is None:
            return None
        key = ("name", module.file.path, name)
        if key in self._open:
            return UNKNOWN
        self._open.add(key)
        try:
            return forced(frame, found)
        finally:
            self._open.remove(key)

    def _module_named(self, dotted: str, file: File) -> Module | None:
        key = (dotted, file.path.rpartition("/")[0])
        if key not in self._imports:
            found = self._project.module(dotted, file.path)
            if found is not None and not is_reachable(found.path, dotted.split("."), file):
                found = None
            self._imports[key] = None if found is None else Module(found, Scope({}))
        module = self._imports[key]
        if module is None:
            return None
        return Module(module.file, self.module(module.file).scope)

    def starred(self, module: str, file: File, frame: Frame | None) -> dict[str, Value]:
        """The names of a module that a star brings; of a library's module none are known."""
        found = self._module_named(module, file)
        if found is None or found.file is file:
            return {}
        if frame is not None:
            frame.uses.add(found.file.path)
        inner = self.module(found.file)
        key = ("star", found.file.path)
        if key in self._open:
            return inner.env
        self._open.add(key)
        try:
            further = [self.starred(name, found.file, frame) for name in found.file.names.star_modules()]
        finally:
            self._open.remove(key)
        if not further:
            return inner.env
        merged: dict[str, Value] = {}
        for names in further:
            merged.update(names)
        merged.update(inner.env)
        return merged


def _declared_global(file: File) -> set[str]:
    """The module's names that functions assign."""
    return {name for node in file.nodes if isinstance(node, ast.Global) for name in node.names}
