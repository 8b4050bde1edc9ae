"""What changes the branch: safe fixes and the baseline, as a commit where we may, else as a patch or in words alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import child
from bot import review as reviewing
from bot.commanding.scene import Scene
from bot.github import commits, conversation, notes
from bot.github.client import Unanswered
from bot.github.clone import FetchFailed
from bot.github.commits import Commit, NotCommitted
from bot.github.notes import Notes
from bot.github.standing import standing
from bot.review import Request
from checks.amend import Amendment
from checks.report.escape import block, code

LONGEST_PATCH = 55_000
MOST_LEFT = 10
ACCEPTED_A_COMMENT = 3_000


class NotDone(Exception):
    """There is no review to go by. The message is one plain sentence."""


async def review(scene: Scene, amend: Mapping[str, Any] | None = None) -> child.Answer:
    """The review of the head, computed anew: nothing of a project's code is kept. Raises `NotDone`."""
    request = Request.of(scene.delivery, scene.services.config.review_hash)
    try:
        return await reviewing.examine(scene.services, request, scene.access.token.value, amend=amend)
    except child.ReviewFailed as error:
        raise NotDone(str(error)) from None
    except FetchFailed as error:
        if error.passing:
            raise Unanswered(str(error)) from None
        raise NotDone(str(error)) from None


@dataclass(frozen=True, slots=True)
class Fixed:
    """What came of fixing, in Markdown, and whether that is what was asked for: a commit, or nothing to be fixed."""

    text: str
    done: bool = True


async def fix(scene: Scene, name: str, rules: Sequence[str] = ()) -> Fixed:
    """Commit the safe fixes, once under this name; where we may not, show them as a patch."""
    target = scene.target
    try:
        if target is not None and (done := await commits.find(scene.client, target, name)) is not None:
            return Fixed(_committed(done, {}))
        decided = await notes.read(scene.client, scene.pull, scene.author)
        made = await _amended(scene, "fixes", decided, rules)
        if not made.files:
            return Fixed("There is no safe fix to make." + _left(made.left), not made.left)
        writing = await scene.writing(contents="write") if target is not None else None
        if target is None or writing is None:
            return Fixed(_patch(made, "Rubricate may not write to this branch."), False)
        headline = f"Fix {_count(made.count, 'finding')} of Rubricate"
    except (NotDone, NotCommitted) as reason:
        return Fixed(str(reason), False)
    try:
        commit = await commits.commit(writing, target, made.files, headline, name)
    except NotCommitted as reason:
        return Fixed(_patch(made, str(reason)), False)
    return Fixed(_committed(commit, made.left))


async def accept(scene: Scene, name: str) -> bool:
    """Accept what stands: in notes, and as a commit of the baseline where we may.

    Returns whether a review is to follow: a commit brings its own.
    """
    decided = await notes.read(scene.client, scene.pull, scene.author)
    try:
        answer = await review(scene, _wanted("baseline", decided))
    except NotDone as reason:
        await conversation.say(scene.client, scene.pull, scene.author, name, str(reason), ())
        return False
    found = [each.fingerprint for each in standing(answer.report, decided).report.findings]
    if not found:
        return False
    commit = await _commit_baseline(scene, name, answer.amendment)
    text = f"Accepted {_count(len(found), 'finding')} as {'it stands' if len(found) == 1 else 'they stand'}"
    text += f", for {scene.person}." + (f" The baseline is committed as {commit.id[:10]}." if commit else "")
    for start in range(0, len(found), ACCEPTED_A_COMMENT):
        part = notes.baselined(found[start : start + ACCEPTED_A_COMMENT])
        step = f"{name}-{start}" if start else name
        await conversation.say(scene.client, scene.pull, scene.author, step, text, (part,))
    return commit is None


async def _commit_baseline(scene: Scene, name: str, made: Amendment | None) -> Commit | None:
    target = scene.target
    writing = await scene.writing(contents="write") if target is not None else None
    if target is None or writing is None or made is None:
        return None
    headline = f"Accept {_count(made.count, 'finding')} of Rubricate"
    try:
        return await commits.commit(writing, target, made.files, headline, name)
    except NotCommitted:
        return None


async def _amended(scene: Scene, what: str, decided: Notes, rules: Sequence[str]) -> Amendment:
    answer = await review(scene, _wanted(what, decided, rules))
    assert answer.amendment is not None
    return answer.amendment


def _wanted(what: str, decided: Notes, rules: Sequence[str] = ()) -> Mapping[str, Any]:
    return {
        "what": what,
        "rules": list(rules),
        "without": sorted({*decided.ignored, *decided.baselined}),
        "without_rules": sorted(decided.ignored_rules),
    }


def _committed(commit: Commit, left: Mapping[str, str]) -> str:
    return f"Committed {commit.id[:10]}: {commit.headline}." + _left(left)


def _patch(made: Amendment, why: str) -> str:
    if len(made.patch) > LONGEST_PATCH:
        return f"{why} The patch is too long for a comment: run `rubricate fix` in a checkout."
    fixes = _count(made.count, "safe fix", "es")
    text = f"{why} Here is a patch with {fixes}, for `git apply`; suggestions stand at their lines."
    shown = f"<details><summary>fixes.patch</summary>\n\n{block(made.patch, 'diff')}\n\n</details>"
    return f"{text}{_left(made.left)}\n\n{shown}"


def _left(left: Mapping[str, str]) -> str:
    """The files that were left as they are, with the reason for each."""
    if not left:
        return ""
    named = [f"{code(path, 200)} ({reason})" for path, reason in sorted(left.items())[:MOST_LEFT]]
    more = f" and {len(left) - MOST_LEFT} more" if len(left) > MOST_LEFT else ""
    return f"\n\nLeft as they are: {', '.join(named)}{more}."


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number} {noun}{'' if number == 1 else plural}"
