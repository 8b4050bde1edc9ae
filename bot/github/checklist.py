"""The checklist as a comment: what rules can't judge has a box, and who ticks one has looked at the code as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from bot.github import markers, notes
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.conversation import Said, edit
from bot.github.notes import Notes, Ticked
from checks.checklist import ITEMS
from checks.model import ChecklistEntry, Verdict
from checks.report import words
from checks.report.escape import plain
from checks.report.markdown import ICONS

_BOX = re.compile(
    r"^- \[([ xX])\] .*<!-- rubricate:item:([a-z0-9.-]{1,64}):([0-9a-f]{16}) -->[ \t]*$", re.MULTILINE
)


def abouts(entries: Iterable[ChecklistEntry], identities: Mapping[str, str]) -> Mapping[str, str]:
    """What the code is to each item that a person must judge: a hash of the files with its places, else of all.

    `identities` is what git calls the content of the files that the change touches.
    """
    return {
        each.item: _hash({place.path: identities.get(place.path, "") for place in each.places} or identities)
        for each in entries
        if each.verdict is Verdict.MANUAL
    }


def standing_ticks(ticked: Mapping[str, Ticked], code: Mapping[str, str]) -> Mapping[str, Ticked]:
    """The ticks whose code is still what the person saw."""
    return {item: tick for item, tick in ticked.items() if tick.about == code.get(item)}


def render(
    entries: Iterable[ChecklistEntry], code: Mapping[str, str], ticked: Mapping[str, Ticked], head: str
) -> str:
    """The comment without its marks. `code` is what `abouts` says."""
    parts = [f"**Checklist at {head[:7]}.** Boxes are for what a person has to judge."]
    for title, group in words.by_section(tuple(entries)):
        lines = [_line(each, code, ticked) for each in group]
        parts.append(f"**{plain(title)}**\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def marks(ticked: Mapping[str, Ticked]) -> tuple[str, ...]:
    """The marks at the end of the comment."""
    return (markers.checklist(), *(notes.ticked(item, tick) for item, tick in ticked.items()))


def boxes(body: str) -> Mapping[str, Ticked]:
    """The boxes that are ticked, with what their code was when they were shown; nobody's name is known from it."""
    found = _BOX.findall(body.replace("\r\n", "\n"))
    return {item: Ticked("", about) for mark, item, about in found if mark != " "}


def ticked_by(body: str, person: str) -> str:
    """The comment after a person has ticked or cleared boxes in it, with the names of those who ticked."""
    before = Notes.of([body]).ticked
    after = {
        item: before[item]
        if before.get(item, Ticked("", "")).about == tick.about
        else Ticked(person, tick.about)
        for item, tick in boxes(body).items()
    }
    return _rewritten(body, after)


def restored(body: str) -> str:
    """The comment with its boxes as they are noted, whatever they show."""
    return _rewritten(body, Notes.of([body]).ticked)


async def refresh(
    client: Client,
    pull: Pull,
    said: Notes,
    entries: Iterable[ChecklistEntry],
    code: Mapping[str, str],
) -> None:
    """Bring the comment, where there is one, to a new head: ticks stay while their code stands."""
    if said.checklist is None:
        return
    comment, body = said.checklist
    ticked = standing_ticks(Notes.of([body]).ticked, code)
    others = [mark for mark in markers.closing(body).split("\n") if "rubricate:answer:" in mark]
    text = "\n".join((render(entries, code, ticked, pull.head), "", *others, *marks(ticked)))
    if text != body:
        await edit(client, Said(pull.repository, comment), text)


def _rewritten(body: str, ticked: Mapping[str, Ticked]) -> str:
    """The lines of the boxes and the notes anew; all else stays."""
    end = markers.closing(body)
    kept = [mark for mark in end.split("\n") if mark and not markers.notes_in(mark)]
    text = body.replace("\r\n", "\n").rstrip().removesuffix(end).rstrip()
    text = _BOX.sub(lambda match: _box(match[2], match[3], ticked.get(match[2])), text)
    return "\n".join((text, "", *kept, *(notes.ticked(item, tick) for item, tick in ticked.items())))


def _line(entry: ChecklistEntry, code: Mapping[str, str], ticked: Mapping[str, Ticked]) -> str:
    if entry.verdict is Verdict.MANUAL and entry.item in code:
        return _box(entry.item, code[entry.item], ticked.get(entry.item))
    return f"- {ICONS[entry.verdict]} {plain(entry.title)}: {plain(entry.evidence)}"


def _box(item: str, about: str, tick: Ticked | None) -> str:
    done = f" (ticked by {plain(tick.person)})" if tick else ""
    title = plain(ITEMS.get(item, item))
    return f"- [{'x' if tick else ' '}] {title}{done} <!-- rubricate:item:{item}:{about} -->"


def _hash(files: Mapping[str, str]) -> str:
    listed = "\0".join(f"{path}\0{identity}" for path, identity in sorted(files.items()))
    return sha256(listed.encode("utf-8", "backslashreplace")).hexdigest()[:16]
