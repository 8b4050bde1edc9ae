"""From a delivery in which somebody asks for something to what comes of it on GitHub. Knows no queue."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from gidgethub import BadRequest

from bot.commanding import changes, deeds
from bot.commanding.parse import Command, parse
from bot.commanding.scene import Scene
from bot.deliveries import Delivery
from bot.github import checklist, conversation, markers
from bot.github.client import Unanswered
from bot.github.conversation import Reaction, Said
from bot.github.notes import is_by
from bot.github.permissions import may_write
from bot.github.tokens import is_gone
from bot.services import Services

log = logging.getLogger(__name__)


async def carry_out(services: Services, delivery: Delivery) -> Delivery | None:
    """Do what is asked for. Returns the delivery at the head that is to be reviewed, when a review is to follow.

    Done anew after an interruption at any instant it doubles nothing. Quiet when what it is about is gone.
    """
    try:
        return await _carry_out(services, delivery)
    except BadRequest as error:
        if int(error.status_code) == 401:  # revoked before its time: the next try asks for a new one
            services.tokens.forget(delivery.installation)
            raise Unanswered("GitHub refused the token") from None
        if not is_gone(error):
            raise
    return None


async def admit(services: Services, delivery: Delivery) -> None:
    """React to a comment whose command was not carried out, so that nobody waits. Quiet where that fails, too."""
    if delivery.says != "command":
        return
    try:
        access = await services.access(delivery.installation, delivery.repository)
        await conversation.react(access.client, _said(delivery), "confused")
    except Exception as error:
        log.warning("not even a reaction: %s", error)


async def _carry_out(services: Services, delivery: Delivery) -> Delivery | None:
    if delivery.event == "check_suite":
        delivery = await _newest_run(services, delivery)
    if delivery.group:
        return delivery
    scene = await Scene.of(services, delivery) if delivery.number else None
    if scene is None:
        return None
    if delivery.says == "command":
        return await _answer(scene)
    if delivery.says == "checklist":
        await _tick(scene)
        return None
    return await _press(scene, delivery)


async def _newest_run(services: Services, delivery: Delivery) -> Delivery:
    """What the newest of our runs in a suite was about."""
    access = await services.access(delivery.installation, delivery.repository)
    url = f"/repos/{delivery.full_name}/check-suites/{delivery.suite}/check-runs"
    runs = [run async for run in access.client.getiter(url, iterable_key="check_runs")]
    newest = max(runs, key=lambda run: int(run["id"]), default=None)
    return delivery if newest is None else delivery.at_run(newest["external_id"] or "")


async def _press(scene: Scene, pressed: Delivery) -> Delivery | None:
    """A button of the check run. `pressed` is at the head that the run was about."""
    name = f"{pressed.button}-{pressed.id}"
    if pressed.button in {"", "re-run"}:
        return scene.delivery if scene.delivery.head == pressed.head else pressed
    if not scene.is_open or not await may_write(scene.client, pressed.full_name, pressed.person):
        return None
    if pressed.button == "fix-all":
        fixed = await changes.fix(scene, name)
        await conversation.say(scene.client, scene.pull, scene.author, name, fixed.text, ())
    elif pressed.button == "baseline" and await changes.accept(scene, name):
        return scene.delivery
    return None


async def _answer(scene: Scene) -> Delivery | None:
    """Carry out the commands of a comment in order, and answer them all at once."""
    delivery = scene.delivery
    said = _said(delivery)
    comment = await conversation.fetch(scene.client, said.url)
    if comment is None or comment["user"] is None or comment["user"]["type"] != "User":
        return None
    scene = replace(scene, delivery=replace(delivery, person=comment["user"]["login"]))
    if not await may_write(scene.client, delivery.full_name, scene.person):
        await conversation.react(scene.client, said, "confused")
        return None
    commands = parse(comment["body"] or "")
    if not commands:  # edited meanwhile
        return None
    if said.on_diff:
        said = replace(said, root=comment.get("in_reply_to_id") or comment["id"])
    reaction, review = await _answered(scene, said, commands, comment["created_at"])
    await conversation.react(scene.client, said, reaction)
    return scene.delivery if review else None


def _said(delivery: Delivery) -> Said:
    on_diff = delivery.event == "pull_request_review_comment"
    return Said(delivery.full_name, delivery.comment, on_diff)


async def _answered(
    scene: Scene, said: Said, commands: Sequence[Command], since: str
) -> tuple[Reaction, bool]:
    """Our answer, given now or before an interruption: with which reaction, and whether a review is to follow.

    Where we may not speak no decision could be kept: there a review is all that is to be had.
    """
    found = await conversation.find_answer(scene.client, scene.pull, said, scene.author, since)
    if found is not None:
        return _told(found["body"])
    if not scene.access.may.comment:
        return "eyes", any(command.name == "review" for command in commands)
    done = [await deeds.carry_out(scene, said, command) for command in commands]
    text = "\n\n".join(dict.fromkeys(deed.text for deed in done))
    marks = [*(note for deed in done for note in deed.notes), _outcome(done)]
    try:
        found = await conversation.answer(scene.client, scene.pull, said, scene.author, text, marks, since)
    except BadRequest as refusal:  # a locked conversation
        if int(refusal.status_code) not in {403, 422}:
            raise
        log.warning("GitHub refused an answer on %s#%d: %s", said.repository, scene.pull.number, refusal)
        return "confused", any(deed.review and not deed.notes for deed in done)
    return _told(found["body"])


def _outcome(done: list[deeds.Deed]) -> str:
    """Notes our reaction and whether a review is to follow, for whoever goes on after an interruption."""
    reactions = [deed.reaction for deed in done]
    reaction = "confused" if "confused" in reactions else "eyes" if "eyes" in reactions else "+1"
    return markers.note("answered", reaction, "review" if any(deed.review for deed in done) else "")


def _told(body: str) -> tuple[Reaction, bool]:
    for note in markers.notes_in(body):
        match note:
            case ("answered", ("+1" | "confused" | "eyes") as reaction, review):
                return reaction, review == "review"
    return "+1", False


async def _tick(scene: Scene) -> None:
    """A person has edited our checklist: note what they ticked, or show again what is noted."""
    said = Said(scene.delivery.full_name, scene.delivery.comment)
    comment = await conversation.fetch(scene.client, said.url)
    body = "" if comment is None else comment["body"] or ""
    if comment is None or not is_by(comment, scene.author) or not markers.is_checklist(body):
        return
    allowed = await may_write(scene.client, scene.delivery.full_name, scene.person)
    now = checklist.ticked_by(body, scene.person) if allowed else checklist.restored(body)
    if now != body.replace("\r\n", "\n"):
        await conversation.edit(scene.client, said, now)
