"""Titles, branches, names and code that try to be Markdown, HTML, a mention or a mark of ours in what we say."""

from __future__ import annotations

import sys

import pytest

from bot.github import markers, notes
from tests.bot.conftest import World
from tests.report.harmless import check_harmless

ENGINE = (sys.executable, "-I", "-m", "checks.job")
MARK = notes.paused()
WORDS = (
    "@octo/team @everyone #1 GH-1 octo/shop#1 <img src=x onerror=alert(1)> <script>alert(1)</script> "
    "[click](https://evil.example) ![x](https://evil.example/x.png) https://evil.example www.evil.example "
    f"| `a` ``b`` ~~c~~ **d** --> {MARK}"
)
NAME = WORDS.replace("/", "")[:200] + ".py"
HONEST = "import requests\n\n\ndef fetch(url):\n    return requests.get(url)\n"
CODE = f'''\
import requests
from flask import Flask, redirect, request

app = Flask(__name__)


@app.get("/")
def go():
    return redirect(request.args[{WORDS!r}])


def fetch():
    return requests.get("""
```
{WORDS}

{MARK}
""")
'''


async def test_nothing_of_a_pull_request_becomes_markup_a_mention_or_a_mark_in_what_we_say(
    world: World,
) -> None:
    branch = "x<img>@octo-team`$(id)`"
    world.github.commit(world.repository, branch, {"code.py": CODE, NAME: HONEST}, start="main")
    pull = world.github.open_pull_request(
        world.repository, "main", branch, title=f"{WORDS}\n::error::owned", body=f"{WORDS}\n\n{MARK}"
    )
    async with world.app(child=ENGINE):
        await world.hear(pull)
        assert sorted(thread.path for thread in world.github.threads) == sorted([NAME, "code.py", "code.py"])
        said = [comment.body for comment in world.github.review_comments]
        for body in [*said, *(review.body for review in world.reviews)]:
            marks = markers.closing(body)
            assert marks and MARK not in marks, "it ends in marks of our own"
            check_harmless(body.removesuffix(marks), world.github.url)
        assert any("octo/team" in body for body in said), "the project's words are shown, as what they are"
        check_harmless(world.run.summary or "", world.github.url)
        assert "owned" not in f"{said}{world.run.title}{world.run.summary}"
        world.github.commit(world.repository, branch, {"honest.py": HONEST})
        await world.hear(pull, "synchronize")
    assert len(world.github.threads) == 4, "a mark in the code has paused nothing"


@pytest.mark.slow
async def test_what_people_write_with_our_marks_is_not_taken_for_ours(world: World) -> None:
    pull = world.open({"new.py": "bad = 1  # DEFECT bad\n"})
    async with world.app():
        await world.hear(pull)
        ours = world.github.threads[0].comments[0].body
        for login in ("mallory", "rubricate-bot", "rubricate"):
            world.github.comment(pull, login, f"{ours}\n{MARK}")
            world.github.reply(world.github.threads[0], login, f"{markers.closing(ours)}\n{MARK}")
        world.push({"new.py": "bad = 1  # DEFECT bad\nworse = 2  # DEFECT worse\n"})
        await world.hear(pull, "synchronize")
    assert (world.said(), world.run.conclusion) == (["bad", "worse"], "neutral")
