"""One file judged: parsed, walked, its suppression comments read. Many files: the same, shared out among processes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from checks.config import CONFIG_FILE, Config
from checks.engine.dispatch import Dispatcher
from checks.engine.effects import effects_of
from checks.engine.parse import collector_off
from checks.engine.processes import can_fork, shared_out
from checks.engine.project import Project
from checks.engine.tree import Tree
from checks.engine.uses import Group, Identities
from checks.frameworks.documents import kind_of
from checks.frameworks.own import problems_of
from checks.frameworks.world import note_uses, world_of
from checks.model import Finding, Problem
from checks.rule import Rule
from checks.semantics.interpret.world import Facts, World
from checks.semantics.roles import Role, role_of
from checks.semantics.source import Document, File
from checks.suppress import Suppression, suppressions

Progress = Callable[[int, int], None]

PARALLEL_FROM = 60
"""Files from which a second process pays: starting one costs what about thirty files take."""

USUAL_TEXT, LEAST_TEXT = 18_000_000, 6_000_000
"""Characters of parsed files that all processes keep, and that each may: 8,000,000 and their values take 400 MB."""

MOST_TEXT = 54_000_000
"""Characters that all processes may keep at the most, where they would parse the same files over and over else."""

WORTHWHILE = 250
"""Files judged between two times of letting go, below which a process gets more room."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of one file, before anything is compared or suppressed.

    `uses` maps each question that was asked of the rest of the tree to the identity of its answer: the path of another
    file to what git would call its content, or to "" where the tree had none (`checks.engine.uses`). `groups` holds the
    questions behind facts of the whole project. `effects` are what its functions do to callers.
    """

    path: str
    lines: int = 0
    findings: tuple[Finding, ...] = ()
    checked: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    uses: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)


MAX_UNFOLLOWED = 5
_FRAMES = 12_000
"""Frames that Python may stack: calls are followed into calls, and each takes about twenty. None is one of C."""


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let Python's own calls nest as deep as those that are followed."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


class Store:
    """Where judged files are kept between runs; this one keeps none. `checks.engine.cache` has one that does."""

    def get(self, paths: Sequence[str], tree: Tree) -> dict[str, Judged]:
        """What is known of some files as they stand in a tree, by path."""
        return {}

    def put(self, judged: Sequence[Judged], tree: Tree) -> None:
        """Keep what was said."""


class Analyser:
    """Judges the files of one tree by a set of rules."""

    def __init__(self, tree: Tree, rules: Iterable[Rule], config: Config, *, strict: bool = False) -> None:
        self.tree = tree
        self.project = Project(tree, config.frameworks_at)
        self._identities = Identities(tree, self.project.facts, self.project.search)
        self._dispatcher = Dispatcher(rules, strict=strict)
        self._config = config
        self._strict = strict
        self._world = self._new_world()
        self._since = 0  # files judged since all was let go of
        self.most_room = USUAL_TEXT

    @property
    def follows(self) -> bool:
        """Whether any rule asks where values come from."""
        return self._dispatcher.follows(Role.PRODUCTION)

    def effects(self, path: str) -> dict[str, str]:
        """What the functions of a file do to their callers."""
        file = self.project.file(path)
        return {} if file is None else effects_of(file, self._world)

    def own_problems(self) -> tuple[Problem, ...]:
        """What of the project's own tables leads nowhere, and what folders say that only the root may."""
        found = ((CONFIG_FILE, sentence) for sentence in problems_of(self._config.own, self.project))
        return tuple(
            Problem(path, "configuration", sentence) for path, sentence in (*found, *self._config.notes)
        )

    def _new_world(self) -> World:
        return world_of(self.project, own=self._config.own, wanted=self._dispatcher.called)

    def make_room(self) -> None:
        """Let go of all that was parsed and interpreted, when it is much.

        A project whose files ask for more of each other than there is room for is given more of it, up to a limit:
        else its files would be parsed for a few of them at a time.
        """
        self._since += 1
        if self.project.is_full:
            self.project.let_go()
            self._world = self._new_world()
            gc.collect()  # trees are full of cycles
            if self._since < WORTHWHILE:
                self.project.room = max(self.project.room, min(self.project.room * 3 // 2, self.most_room))
            self._since = 0

    def judge(self, path: str) -> Judged:
        """Judge one file; whatever goes wrong with it is a `Problem` of it."""
        try:
            return self._judge(path)
        except Exception as error:
            if self._strict:
                raise
            message = f"reading the file crashed: {type(error).__name__}: {error}"[:300]
            return Judged(path, problems=(Problem(path, "crash", message),))

    def _judge(self, path: str) -> Judged:
        self.project.uses = set()
        subject = self.project.load(path)
        if subject is None:
            return Judged(path)
        if isinstance(subject, Problem):
            return Judged(path, problems=(subject,))
        facts, unfollowed = self._facts(subject)
        outcome = self._dispatcher.run(subject, lambda rule: self._config.applies(rule, path), facts)
        findings = [finding for finding in outcome.findings if self._is_wanted(finding, path)]
        comments, malformed = suppressions(path, subject.text)
        uses = self.project.uses - {path}
        return Judged(
            path=path,
            lines=len(subject.lines),
            findings=tuple(findings),
            checked=outcome.checked,
            problems=(*_unread(subject), *unfollowed, *outcome.problems, *malformed),
            suppressions=comments,
            uses={use: self._identities.of(use) for use in uses},
            groups=self._identities.below(uses),
            effects=self.effects(path) if facts is not None else {},
        )

    def _facts(self, subject: File | Document) -> tuple[Facts | None, tuple[Problem, ...]]:
        """What the interpreter knows of a file, where a rule asks, and what it could not follow."""
        if not isinstance(subject, File) or not self._dispatcher.follows(subject.role):
            return None, ()
        path = subject.path
        try:
            with deep_recursion():
                facts = self._world.facts(subject)
        except Exception as error:
            if self._strict:
                raise
            message = f"following the file's values crashed: {type(error).__name__}: {error}"[:300]
            return None, (Problem(path, "crash", message),)
        note_uses(self.project)
        self.project.uses |= facts.uses
        names = sorted(set(facts.exhausted))
        return facts, tuple(
            Problem(
                path, "too-complex", f"`{name}` takes too many steps: its values are not followed to the end"
            )
            for name in names[:MAX_UNFOLLOWED]
        )

    def _is_wanted(self, finding: Finding, path: str) -> bool:
        """Whether the configuration lets a rule speak of another file, in which data from this one ends."""
        elsewhere = finding.path
        return elsewhere == path or (
            self._config.applies(finding.rule, elsewhere) and not self._config.excludes(elsewhere)
        )

    def judge_all(
        self, paths: Sequence[str], *, jobs: int = 1, progress: Progress | None = None
    ) -> list[Judged]:
        """Judge files, with up to `jobs` processes where that pays; the answers in the order given."""
        judged: dict[str, Judged] = {}
        with collector_off():
            for one in self._each(sorted(paths, key=self._together), jobs):
                judged[one.path] = one
                if progress is not None:
                    progress(len(judged), len(paths))
        return [judged.get(path) or _lost(path) for path in paths]

    def _together(self, path: str) -> tuple[bool, str]:
        """Files that are followed first, and by folder: they ask the same of the rest."""
        return (not path.endswith(".py") or not self._dispatcher.follows(role_of(path)), path)

    def _each(self, paths: Sequence[str], jobs: int) -> Iterator[Judged]:
        if jobs <= 1 or len(paths) < PARALLEL_FROM or not can_fork():
            self.project.room = self.most_room = USUAL_TEXT
            for path in paths:
                yield self.judge(path)
                self.make_room()
        else:
            self.project.room = max(USUAL_TEXT // jobs, LEAST_TEXT)
            self.most_room = min(MOST_TEXT // jobs, USUAL_TEXT)
            yield from shared_out(self, paths, jobs)

    def reopen(self) -> None:
        """In a forked process: take over the analyser, with a git process of its own."""
        reopen = getattr(self.tree, "reopen", None)
        if reopen is not None:
            reopen()


def _lost(path: str) -> Judged:
    """A file whose process ended, perhaps because of it: it is named, nothing is skipped in silence."""
    message = "the process that read this file ended: it needed too much memory, or Python crashed"
    return Judged(path, problems=(Problem(path, "crash", message),))


def _unread(subject: File | Document) -> tuple[Problem, ...]:
    return subject.problems if isinstance(subject, Document) else ()


def readable(path: str) -> bool:
    """Whether any rule can read a file of this name."""
    return path.endswith((".py", ".pyi")) or kind_of(path) is not None


def usable_cpus() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
