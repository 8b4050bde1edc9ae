"""Threads followed from push to push: closed when their finding is gone, opened again when it is back.

A step leaves a mark once it is done, and is done in an order that lets a second run, after an interruption at any
instant, tell what is missing. What people wrote, and what they resolved, is never touched.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gidgethub import BadRequest, QueryError

from bot.github import markers, suggestions
from bot.github.hand import Hand
from bot.github.threads import Thread
from checks.model import Finding, Report

log = logging.getLogger(__name__)

# A rule that crashed or was short of time may be silent anywhere, not only where it stopped.
ANYWHERE = frozenset({"crash", "time"})
# These are about what people wrote for us; the file itself was judged.
JUDGED = frozenset({"suppression", "configuration"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a review of the new head saw: the keys of its findings, and where it could not look.

    `left_out` holds the keys of those that people ignore or accept: their threads are as people left them.
    """

    keys: frozenset[str]
    left_out: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    is_partial: bool = False
    exempted: frozenset[str] = frozenset()

    @classmethod
    def by(cls, report: Report, left_out: Iterable[Finding] = ()) -> Seen:
        """What a report saw, beside the findings that were taken out of it."""
        return cls(
            keys=frozenset(markers.key(each.fingerprint) for each in report.findings),
            left_out=frozenset(markers.key(each.fingerprint) for each in left_out),
            unread=frozenset(each.path for each in report.problems if each.kind not in JUDGED),
            is_partial=any(problem.kind in ANYWHERE for problem in report.problems),
            exempted=frozenset(each.path for each in report.exemptions if each.kind == "suppression"),
        )

    def misses(self, thread: Thread) -> bool:
        """Whether none of the thread's findings is there any more, in a file that was judged."""
        there = thread.keys & (self.keys | self.left_out)
        return not (there or self.is_partial or thread.path in self.unread)


async def follow(hand: Hand, found: Sequence[Thread], seen: Seen) -> Mapping[str, str]:
    """Bring every thread to where its finding is. What GitHub refuses (a locked conversation) is left as it is.

    Returns by thread what it is now, where that was done here: `fixed`, `suggested`, `reopened` or `replaced`.
    """
    successors = replacements(found, seen, hand.pull.head)
    ours = [thread for thread in found if not thread.is_settled_by_a_person(hand.author)]
    gone = [each for each in ours if each.id not in successors and _is_to_close(each, seen)]
    applied = await suggestions.applied(hand.client, hand.pull, hand.author, gone)
    done: dict[str, str] = {}
    for thread in ours:
        try:
            if thread.id in successors:
                await _replace(hand, thread)
                done[thread.id] = "replaced"
            elif thread.keys & seen.keys:
                await _keep_open(hand, thread)
                done[thread.id] = "reopened"
            elif thread in gone:
                suggested = thread.id in applied
                await _close(hand, thread, exempted=thread.path in seen.exempted, suggested=suggested)
                done[thread.id] = "suggested" if suggested else "fixed"
        except (QueryError, BadRequest) as refusal:
            name = f"{hand.pull.repository}#{hand.pull.number}"
            log.warning("a thread of %s is left as it is: %s", name, refusal)
    return done


def _is_to_close(thread: Thread, seen: Seen) -> bool:
    return seen.misses(thread) and thread.state not in {"fixed", "replaced"}


def replacements(found: Sequence[Thread], seen: Seen, head: str) -> Mapping[str, str]:
    """The threads that have a newer one in their place, by id.

    That is one about the same finding, or about one of its kin that has come up with this head: each takes one place.
    """
    in_order = sorted(found, key=lambda thread: not thread.is_outdated)
    newest = {key: thread.id for thread in in_order for key in thread.keys}
    free = [thread for thread in found if thread.commit == head and thread.keys & seen.keys]
    replaced: dict[str, str] = {}
    for thread in found:
        if thread.state == "fixed":
            continue
        if thread.is_outdated and all(newest[key] != thread.id for key in thread.keys):
            replaced[thread.id] = newest[min(thread.keys)]
        elif seen.misses(thread) and thread.commit != head:
            if (heir := _nearest(thread, free)) is not None:
                free.remove(heir)
                replaced[thread.id] = heir.id
    return replaced


def _nearest(thread: Thread, others: Collection[Thread]) -> Thread | None:
    kindred = [other for other in others if thread.kin & other.kin]
    return max(kindred, key=lambda other: len(thread.kin & other.kin), default=None)


async def _close(hand: Hand, thread: Thread, *, exempted: bool, suggested: bool) -> None:
    """Resolve, then say so: a thread with the reply that is open again was opened by a person, and stays so."""
    if not thread.is_resolved and not await hand.resolve(thread):
        await hand.hide(thread, "RESOLVED")
    commit = hand.pull.head[:7]
    text = f"Not reported any more in {commit}: the code exempts it." if exempted else f"Fixed in {commit}."
    marks = [markers.fixed(hand.pull.head), *([markers.suggested()] if suggested else [])]
    await hand.reply(thread, "fixed", "\n".join((f"{text}\n", *marks)))


async def _keep_open(hand: Hand, thread: Thread) -> None:
    """Open again what we closed; a thread that is open, or that a person hid, is as it should be."""
    closed = thread.state in {"fixed", "replaced"}
    if thread.is_resolved:
        await hand.unresolve(thread)
    if not closed:
        return
    if thread.is_hidden:
        await hand.show(thread)
    if thread.state == "fixed":
        text = f"Reported again in {hand.pull.head[:7]}.\n\n{markers.reopened(hand.pull.head)}"
        await hand.reply(thread, "reopened", text)
    else:
        await hand.edit(thread, markers.without_state(thread.body))


async def _replace(hand: Hand, thread: Thread) -> None:
    """Hide it as outdated. The mark in our own comment, which notifies nobody, comes last."""
    if thread.state == "replaced":
        return
    await hand.hide(thread, "OUTDATED")
    if not thread.is_resolved:
        await hand.resolve(thread)
    await hand.edit(thread, f"{thread.body.rstrip()}\n{markers.replaced(hand.pull.head)}")
