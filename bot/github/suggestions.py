"""Which of our suggestions people have applied by GitHub's button, as far as their commits tell.

GitHub names who made a suggestion as a co-author of the commit that applies it; nothing else does that for us. The
commit does not say which suggestion it was: one on a file that it touches counts.
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/incorporating-feedback-in-your-pull-request
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gidgethub import BadRequest

from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.threads import Thread

log = logging.getLogger(__name__)

MOST_COMMITS = 20
_FENCE = re.compile(r"^`{3,}suggestion$", re.MULTILINE)


def has_one(thread: Thread) -> bool:
    """Whether a thread's comment offers a change at one click."""
    return bool(_FENCE.search(thread.body))


async def applied(client: Client, pull: Pull, author: str, threads: Iterable[Thread]) -> frozenset[str]:
    """Of threads whose finding is gone, the ids of those whose suggestion was applied, as far as GitHub tells."""
    offering = [thread for thread in threads if has_one(thread)]
    if not offering:
        return frozenset()
    try:
        commits = [commit async for commit in client.getiter(f"{pull.url}/commits?per_page=100")]
        ours = [each for each in commits if _names(each["commit"]["message"], author)][-MOST_COMMITS:]
        files = {each["sha"]: await _files(client, pull, each["sha"]) for each in ours}
    except BadRequest as refusal:
        log.warning("the commits of %s#%d can't be read: %s", pull.repository, pull.number, refusal)
        return frozenset()
    order = [commit["sha"] for commit in commits]
    return frozenset(thread.id for thread in offering if _is_applied(thread, order, files))


def _is_applied(thread: Thread, order: Sequence[str], files: Mapping[str, frozenset[str]]) -> bool:
    """Whether a commit after the comment, that names us, touches its file."""
    later = order[order.index(thread.commit) + 1 :] if thread.commit in order else order
    return any(thread.path in files.get(commit, ()) for commit in later)


def _names(message: str, author: str) -> bool:
    trailer = f"co-authored-by: {author} <".lower()
    return any(line.strip().lower().startswith(trailer) for line in message.split("\n"))


async def _files(client: Client, pull: Pull, commit: str) -> frozenset[str]:
    answer: Mapping[str, Any] = await client.getitem(f"/repos/{pull.repository}/commits/{commit}")
    return frozenset(each["filename"] for each in answer.get("files", ()))
