"""From a report to what stands on the pull request: the one entry for both the App and the Action."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gidgethub import BadRequest

from bot.github import checklist, checkruns, markers, notes, receptions, reviews, scanning, threads
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.earlier import Earlier, earlier
from bot.github.following import Seen, follow
from bot.github.hand import Hand
from bot.github.manner import Lender, Voice
from bot.github.notes import Notes
from bot.github.plan import Plan, plan
from bot.github.receptions import Receptions
from bot.github.reviews import Speech
from bot.github.standing import NOTHING, standing
from checks.model import Report
from checks.placement import Placement

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """What was said: new comments, findings left to annotations, findings that have a comment of an earlier push.

    `received` counts all our comments on the pull request by rule and by what became of them; `left_out` is how many
    findings people ignore or accept.
    """

    comments: int
    annotations: int
    standing: int
    conclusion: str
    left_out: int = 0
    received: Receptions = field(default_factory=dict)


async def publish(
    client: Client,
    pull: Pull,
    report: Report,
    placements: Sequence[Placement],
    *,
    voice: Voice,
    external_id: str,
    identities: Mapping[str, str] = NOTHING,
    web_url: str = "https://github.com",
) -> Published:
    """Post the new findings in one review, complete the check run, and bring earlier threads up to date.

    `identities` is what git calls the content of each changed file: ticks of the checklist hold by it. `web_url` is the
    server that people see. Everything is looked for before it is written: a second call, after an
    interruption at any instant, adds nothing twice.
    """
    said = await earlier(client, pull, voice.author)
    decided = await notes.read(client, pull, voice.author)
    entries = standing(report, decided).report.checklist
    stands = standing(report, decided, identities)
    report, seen = stands.report, Seen.by(stands.report, stands.left_out)
    todo = await _speak(client, pull, report, placements, said, seen, voice)
    if voice.may.check:
        run = await checkruns.begin(client, pull, external_id, voice.author)
        await _conclude(client, pull, run, report, todo, web_url)
    received: Receptions = {}
    if voice.may.comment:
        hand = Hand(client, pull, voice.author, voice.lend)
        received = await _follow(hand, todo, said, seen, decided)
        if said.requests and not (report.failed or seen.is_partial):
            await _dismiss(client, pull, said)
        await checklist.refresh(client, pull, decided, entries, checklist.abouts(entries, identities))
    if voice.manner.code_scanning and voice.lend is not None:
        await _alert(pull, report, voice.lend)
    return Published(
        comments=len(todo.comments),
        annotations=len(todo.annotated),
        standing=sum(said.knows(finding.fingerprint) for finding in report.findings),
        conclusion=checkruns.conclusion(report),
        left_out=len(stands.left_out),
        received=received,
    )


async def _speak(
    client: Client,
    pull: Pull,
    report: Report,
    placements: Sequence[Placement],
    said: Earlier,
    seen: Seen,
    voice: Voice,
) -> Plan:
    """Post the review, if there is anything to say. Returns what was planned, or what is left where GitHub refused it.

    One review a push: what a repeated review of the same commits finds in addition goes to the check run. The Action
    leaves the pull request to the App where it sees it; where it did not, it has spoken, and one of both is enough.
    """
    silence = plan(report, placements, said, seen, replace(voice.manner, most_comments=0))
    mark = markers.review(pull.head, pull.base)
    if not voice.may.comment or said.review(mark) is not None:
        return silence
    if voice.may.check and said.is_said_by_the_action(mark):
        return silence
    todo = plan(report, placements, said, seen, voice.manner)
    speech = _speech(report, todo, said, voice)
    todo = replace(todo, told=tuple(each.fingerprint for each in speech.listed) or todo.told)
    if not (todo.comments or speech.listed or (speech.blocks and not said.requests)):
        return todo
    try:
        await reviews.post(client, pull, todo, speech, voice.author)
    except BadRequest as refusal:  # a locked conversation, say: then the check run has to tell everything
        if not voice.may.check or int(refusal.status_code) not in {403, 422}:
            raise
        log.warning("GitHub refused the review of %s#%d: %s", pull.repository, pull.number, refusal)
        return silence
    return todo


def _speech(report: Report, todo: Plan, said: Earlier, voice: Voice) -> Speech:
    """What the review says beside its comments: without another place for it, also all that has no comment."""
    blocks = voice.manner.review_event == "request-changes" and report.failed
    if voice.may.check or voice.may.aside:
        return Speech(blocks)
    new = (each for each in todo.annotated if not said.knows(each.fingerprint))
    return Speech(blocks, "the list below", tuple(each for each in new if voice.manner.speaks_of(each)))


async def _conclude(
    client: Client, pull: Pull, run: checkruns.Run, report: Report, todo: Plan, web_url: str
) -> None:
    await checkruns.complete(
        client,
        pull,
        run,
        conclusion=checkruns.conclusion(report),
        title=checkruns.title(report),
        summary=checkruns.summary(report, todo, f"{web_url}/{pull.repository}/blob/{pull.head}"),
        annotations=[checkruns.annotation(finding) for finding in todo.annotated],
        actions=checkruns.buttons(report),
    )


async def _follow(hand: Hand, todo: Plan, said: Earlier, seen: Seen, decided: Notes) -> Receptions:
    """Bring the threads up to date, read anew where this push has changed them. Returns how they stand then."""
    for adoption in todo.adopted:
        try:
            await hand.edit(adoption.thread, adoption.body)
        except BadRequest as refusal:
            name = f"{hand.pull.repository}#{hand.pull.number}"
            log.warning("a comment of %s can't be changed: %s", name, refusal)
    found, new = said.threads, [comment.finding.rule for comment in todo.comments]
    if found and (todo.comments or todo.adopted):
        found, new = await threads.read(hand.client, hand.pull, hand.author), []
    done = await follow(hand, found, seen)
    return receptions.count(found, decided, hand.author, done, new)


async def _alert(pull: Pull, report: Report, lend: Lender) -> None:
    client = await lend(security_events="write")
    if client is not None:
        await scanning.upload(client, pull, report)


async def _dismiss(client: Client, pull: Pull, said: Earlier) -> None:
    try:
        await reviews.dismiss(client, pull, said)
    except BadRequest as refusal:  # where a protected branch names those who may, GitHub answers 403
        log.warning("our review of %s#%d can't be dismissed: %s", pull.repository, pull.number, refusal)
