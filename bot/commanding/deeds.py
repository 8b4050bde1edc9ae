"""Each command, from its words to what comes of it. Decisions hold by the notes in our answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.commanding import changes, words
from bot.commanding.parse import Command
from bot.commanding.scene import Scene
from bot.github import checklist as listing
from bot.github import notes, threads
from bot.github.conversation import Reaction, Said
from bot.github.hand import Hand
from bot.github.notes import Ignored
from bot.github.standing import standing
from checks.report.escape import code, plain


@dataclass(frozen=True, slots=True)
class Deed:
    """What came of a command: a text in Markdown, its notes, our reaction, and whether a review is to follow."""

    text: str
    notes: tuple[str, ...] = ()
    reaction: Reaction = "+1"
    review: bool = False


Doer = Callable[[Scene, Said, Command], Awaitable[Deed]]


async def carry_out(scene: Scene, said: Said, command: Command) -> Deed:
    """Do what one command asks for."""
    if (doer := DOERS.get(command.name)) is None:
        asked = f"There is no command {code(command.name, 60)}. " if command.name else ""
        return _confused(f"{asked}Comment `/rubricate help` for those that there are.")
    if command.name not in {"help", "explain"} and not scene.is_open:
        return _confused("The pull request is closed.")
    return await doer(scene, said, command)


async def review(scene: Scene, said: Said, command: Command) -> Deed:
    """Review the head, whatever was decided about pushes."""
    return Deed(f"Reviewing {scene.pull.head[:7]}.", reaction="eyes", review=True)


async def fix(scene: Scene, said: Said, command: Command) -> Deed:
    """Commit the safe fixes, or those of one rule."""
    rules: tuple[str, ...] = ()
    if command.argument and not (rules := await words.rules_like(command.argument.lower())):
        return _confused(await words.no_such_rule(command.argument))
    fixed = await changes.fix(scene, f"fix-{said.name}", rules)
    return Deed(fixed.text, reaction="+1" if fixed.done else "confused")


async def ignore(scene: Scene, said: Said, command: Command) -> Deed:
    """Ignore the thread's finding, or a rule, on this pull request. The check is then concluded anew."""
    by = Ignored(scene.person, command.rest)
    because = f": {plain(command.rest)}" if command.rest else ""
    if command.argument.lower() == "this":
        return await _ignore_this(scene, said, by, because)
    if not command.argument:
        return _confused(
            "Name a rule, or `this` in the thread of a finding: `/rubricate ignore RULE|this reason`."
        )
    known = await words.rules_like(command.argument.lower())
    if len(known) != 1:
        return _confused(await words.no_such_rule(command.argument))
    text = f"Ignoring {code(known[0])} on this pull request, for {plain(by.person)}{because}."
    return await _decided(scene, text, (notes.ignored_rule(known[0], by),))


async def _ignore_this(scene: Scene, said: Said, by: Ignored, because: str) -> Deed:
    found = await threads.read(scene.client, scene.pull, scene.author)
    thread = next((each for each in found if said.on_diff and each.number == str(said.root)), None)
    if thread is None:
        return _confused("`this` stands for the finding of a thread: reply in the thread of one.")
    hand = Hand(scene.client, scene.pull, scene.author, scene.writing)
    if not thread.is_resolved and not await hand.resolve(thread):
        await hand.hide(thread, "RESOLVED")
    kept = tuple(notes.ignored(key, by) for key in sorted(thread.keys))
    return await _decided(scene, f"Ignored, for {plain(by.person)}{because}.", kept)


async def _decided(scene: Scene, text: str, kept: tuple[str, ...]) -> Deed:
    """What changes the check's conclusion; while reviews are paused, only with the next one."""
    is_paused = (await notes.read(scene.client, scene.pull, scene.author)).paused
    return Deed(text, kept, review=not is_paused)


async def explain(scene: Scene, said: Said, command: Command) -> Deed:
    """The documentation of a rule in short."""
    if not command.argument:
        return _confused("Name a rule: `/rubricate explain RULE`.")
    text = await asyncio.to_thread(words.explanation, command.argument.lower())
    return Deed(text) if text else _confused(await words.no_such_rule(command.argument))


async def pause(scene: Scene, said: Said, command: Command) -> Deed:
    """Leave pushes alone."""
    text = "Paused: pushes are not reviewed until `/rubricate resume`. `/rubricate review` reviews once."
    return Deed(text, (notes.paused(),))


async def resume(scene: Scene, said: Said, command: Command) -> Deed:
    """Review pushes again, and this head at once."""
    return Deed(f"Resumed. Reviewing {scene.pull.head[:7]}.", (notes.resumed(),), "eyes", review=True)


async def checklist(scene: Scene, said: Said, command: Command) -> Deed:
    """The checklist with boxes, in a comment of its own kind of which there is one."""
    decided = await notes.read(scene.client, scene.pull, scene.author)
    if said.on_diff and decided.checklist is None:
        return _confused("Ask for the checklist in the conversation, where it has its place.")
    try:
        answer = await changes.review(scene)
    except changes.NotDone as reason:
        return _confused(str(reason))
    entries = standing(answer.report, decided).report.checklist
    about = listing.abouts(entries, answer.identities)
    if decided.checklist is not None:
        await listing.refresh(scene.client, scene.pull, decided, entries, about)
        page = f"{scene.facts['html_url']}#issuecomment-{decided.checklist[0]}"
        return Deed(f"[The checklist]({page}) is at {scene.pull.head[:7]}.")
    return Deed(listing.render(entries, about, {}, scene.pull.head), listing.marks({}))


async def help(scene: Scene, said: Said, command: Command) -> Deed:  # noqa: A001 - the command's name
    """What can be said."""
    return Deed(words.HELP)


DOERS: Mapping[str, Doer] = MappingProxyType(
    {
        "review": review,
        "fix": fix,
        "ignore": ignore,
        "explain": explain,
        "pause": pause,
        "resume": resume,
        "checklist": checklist,
        "help": help,
    }
)


def _confused(text: str) -> Deed:
    return Deed(text, reaction="confused")
