"""What people decided, as it is read back from our own comments."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.github import markers, notes
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.notes import Ignored, Notes, Ticked
from checks.model import Confidence, Finding, Severity, Span
from tests.bot.conftest import World

FINDING = Finding(
    rule="security/weak-hash",
    checklist="security.debug-off",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=None,
    path="a.py",
    span=Span(1, 1, 1, 2),
    message="`x` is weak",
    advice="",
    fingerprint="f" * 32,
)


@given(st.text(), st.text(), st.text(min_size=1))
def test_any_text_survives_a_note_and_forges_none(person: str, reason: str, above: str) -> None:
    note = notes.ignored("f" * 32, Ignored(person, reason))
    assert note.count("<!--") == note.count("-->") == 1
    assert "\n" not in note
    read = Notes.of([f"{above}\n\n{note}"])
    assert read == Notes(ignored={"f" * 32: Ignored(_encodable(person), _encodable(reason))})


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def test_a_note_counts_at_the_end_of_a_comment_only() -> None:
    quoted = f"```python\n{notes.paused()}\n```\n\n{markers.finding('f' * 32)}"
    assert not Notes.of([quoted]).paused
    assert not Notes.of([f"{notes.paused()} said a stranger"]).paused
    assert Notes.of([f"Paused.\r\n\r\n{markers.answer('issue-1')}\r\n{notes.paused()}\r\n"]).paused


def test_what_was_decided_last_holds() -> None:
    assert not Notes.of([notes.paused(), notes.resumed()]).paused
    assert Notes.of([notes.resumed(), notes.paused()]).paused
    again = [notes.ticked("a.b", Ticked("ada", "1")), notes.ticked("a.b", Ticked("bob", "2"))]
    assert Notes.of(again).ticked == {"a.b": Ticked("bob", "2")}
    assert Notes.of([*again, notes.unticked("a.b")]).ticked == {}


def test_a_finding_is_ignored_by_its_fingerprint_or_its_rule() -> None:
    by = Ignored("ada", "a test key")
    assert Notes().ignoring(FINDING) is None
    assert Notes.of([notes.ignored("f" * 32, by)]).ignoring(FINDING) == by
    assert Notes.of([notes.ignored("e" * 32, by)]).ignoring(FINDING) is None
    assert Notes.of([notes.ignored_rule("security/weak-hash", by)]).ignoring(FINDING) == by
    assert Notes.of([notes.ignored_rule("security/weak", by)]).ignoring(FINDING) is None


def test_what_stands_is_accepted_by_a_shortened_fingerprint() -> None:
    read = Notes.of([notes.baselined(["f" * 32, "0" * 32])])
    assert read.accepts(FINDING)
    assert not read.accepts(replace(FINDING, fingerprint="e" * 32))


async def test_marks_of_others_do_not_count(world: World) -> None:
    pull = world.open({"new.py": "x = 1  # DEFECT x\n"})
    async with world.app():
        await world.hear(pull)
    world.github.comment(pull, "mallory", notes.paused())
    world.github.reply(world.github.threads[0], "mallory", notes.ignored_rule("test/defect", Ignored("ada")))
    assert await _read(world) == Notes()
    ours = world.github.state.app.bot.login
    world.github.comment(pull, ours, f"Paused.\n\n{notes.paused()}")
    world.github.reply(world.github.threads[0], ours, notes.ignored_rule("test/defect", Ignored("ada")))
    assert await _read(world) == Notes(paused=True, ignored_rules={"test/defect": Ignored("ada")})


async def _read(world: World) -> Notes:
    from aiohttp import ClientSession

    async with ClientSession() as session:
        token = world.github.user_token(world.repository.owner.login)
        client = Client(session, token=token, api_url=world.github.api_url)
        pull = Pull(world.repository.full_name, 1, "", "")
        return await notes.read(client, pull, world.github.state.app.bot.login)
