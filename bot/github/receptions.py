"""What became of our comments: which findings people fixed, resolved or ignore, counted by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bot.github.notes import Notes
from bot.github.threads import Thread

OPEN, FIXED, SUGGESTED, RESOLVED, IGNORED = "open", "fixed", "fixed by suggestion", "resolved", "ignored"
HOW = (OPEN, FIXED, SUGGESTED, RESOLVED, IGNORED)
Receptions = Mapping[str, Mapping[str, int]]


def count(
    threads: Sequence[Thread],
    notes: Notes,
    author: str,
    done: Mapping[str, str] = MappingProxyType({}),
    new: Iterable[str] = (),
) -> Receptions:
    """By rule and by what became of it, the comments on a pull request.

    `threads` are as they were before `done`, by thread what was said of it since then (`fixed`, `suggested`,
    `reopened`, `replaced`). `new` are the rules of comments that are not among the threads yet.
    """
    counts: dict[str, Counter[str]] = {}
    for thread in threads:
        state = done.get(thread.id, thread.state)
        if thread.rule and state != "replaced":
            counts.setdefault(thread.rule, Counter())[_how(thread, state, notes, author)] += 1
    for rule in new:
        counts.setdefault(rule, Counter())[OPEN] += 1
    return {rule: dict(ways) for rule, ways in counts.items()}


def _how(thread: Thread, state: str, notes: Notes, author: str) -> str:
    if thread.keys & notes.ignored.keys() or thread.rule in notes.ignored_rules:
        return IGNORED
    if thread.keys and all(key[:16] in notes.baselined for key in thread.keys):
        return IGNORED
    if state == "suggested" or (state == "fixed" and thread.is_suggested):
        return SUGGESTED
    if state == "fixed":
        return FIXED
    return RESOLVED if thread.is_settled_by_a_person(author) else OPEN
