"""What who has signed in is shown: reviews and their silence, rules and their reception, errors and their button."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest
from dbos import DBOS

from bot import jobs
from bot.pages import overview, reviews
from bot.pages.overview import MISHANDLED, Installation, Overview, Trouble
from bot.pages.reviews import Entry, tallies
from tests.bot.conftest import World
from tests.bot.pages.conftest import OWNER, Answer, Browser, browsing
from tests.bot.people import WRITER, reply, say
from tests.github import Fault, PullRequest

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"
FIXABLE = "fine = 1\nbad = 2  # FIX bad high\n"
# https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
COAUTHOR = (
    "Apply suggestion from @rubricate[bot]\n\n"
    "Co-authored-by: rubricate[bot] <501+rubricate[bot]@users.noreply.github.com>"
)


def section(page: Answer, name: str) -> str:
    """The text of a section, cell by cell."""
    found = re.search(rf'<section id="{name}">(.*?)</section>', page.text, re.S)
    assert found, page.text
    cells = re.sub(r"<[^>]+>", "|", found[1])
    return html.unescape(re.sub(r"\s*\|[\s|]*", "|", cells))


async def page_of(browser: Browser) -> Answer:
    if not browser.cookie("rubricate-session"):
        assert (await browser.sign_in()).status == 303
    page = await browser.get("/")
    assert page.status == 200, page.text
    return page


async def test_a_review_is_shown_with_its_time_its_comments_and_its_rules(shown: World) -> None:
    pull = shown.open({"new.py": BAD + "worse = 3  # DEFECT worse high\n"})
    async with shown.app(), browsing(shown.url) as browser:
        await shown.hear(pull)
        page = await page_of(browser)
    assert "|octo/shop#1|" in section(page, "pulls")
    assert "|2 comments.|" in section(page, "pulls")
    assert re.search(
        rf"\|octo/shop#1\|{pull.head_sha[:7]}\|[-\d: ]+\|\d+\.\d s\|reviewed\|2\|", section(page, "reviews")
    )
    assert "|test/defect|2|2|2|0|0|0|0|" in section(page, "rules")
    assert f'href="{shown.github.url}/octo/shop/pull/1"' in page.text
    assert "waiting" in page.text
    assert "None that is known." in section(page, "errors")


async def test_where_the_app_is_installed_is_shown(shown: World) -> None:
    shown.github.suspend(shown.github.install("sleepy"))
    async with shown.app(), browsing(shown.url) as browser:
        said = section(await page_of(browser), "installations")
    assert re.search(r"\|octo\|selected\|[-\d: ]+\|active\|", said)
    assert re.search(rf"\|{OWNER}\|selected\|[-\d: ]+\|active\|", said)
    assert re.search(r"\|sleepy\|selected\|[-\d: ]+\|suspended\|", said)


async def test_why_nothing_was_said_is_shown(shown: World) -> None:
    github, repository = shown.github, shown.repository
    github.commit(repository, "main", {".rubricate.yml": "pull-request: {skip-titles: [WIP]}\n"})
    github.add_collaborator(repository, WRITER)
    fine = {"new.py": "fine = 1\n"}
    expected = {
        shown.open(fine, "draft", draft=True).number: "The pull request is a draft.",
        shown.open(
            fine, "filter", title="WIP: a basket"
        ).number: "The title of the pull request leaves it out",
        shown.open(fine, "paused").number: "Reviews of this pull request are paused.",
        shown.open(
            {"notes.txt": "fine\n"}, "text"
        ).number: "The change touches no Python, and nothing was found",
        shown.open(fine, "fine").number: "Nothing was found.",
    }
    async with shown.app(), browsing(shown.url) as browser:
        (paused,) = [pull for pull in github.pulls if pull.head_ref == "paused"]
        await say(shown, paused, "/rubricate pause")
        for pull in github.pulls:
            await shown.deliver("pull_request", "opened", pull=pull)
        await shown.settle()
        said = section(await page_of(browser), "pulls")
    for number, sentence in expected.items():
        assert re.search(rf"\|octo/shop#{number}\|[-\d: ]+\|{re.escape(sentence)}", said), (number, said)


async def push_and_hear(world: World, pull: PullRequest, text: str, message: str = "Change") -> None:
    world.github.commit(world.repository, "feature", {"new.py": text}, message=message)
    await world.hear(pull, "synchronize")


async def test_how_people_received_the_comments_is_counted_by_rule(shown: World) -> None:
    github, numbers = shown.github, "abcde"
    github.add_collaborator(shown.repository, WRITER)
    kinds = {"a": "DEFECT", "b": "FIX", "c": "DEFECT", "d": "DEFECT", "e": "DEFECT"}

    def text(left: str) -> str:
        return "".join(
            f"{each} = 1  # {kinds[each]} {each} high\n" if each in left else f"{each} = 1\n"
            for each in numbers
        )

    pull = shown.open({"new.py": text("abcde")})
    async with shown.app(), browsing(shown.url) as browser:
        await shown.hear(pull)
        by_name = {thread.comments[0].body.split("`")[1]: thread for thread in github.threads}
        await push_and_hear(shown, pull, text("bcde"))
        await push_and_hear(shown, pull, text("cde"), COAUTHOR)
        by_name["c"].resolved_by = github.state.user("ada")
        await reply(shown, by_name["d"], "/rubricate ignore this")
        page = await page_of(browser)
    rules = section(page, "rules")
    #        found, comments | open, fixed, by suggestion, resolved, ignored
    assert "|test/defect|3|4|1|1|0|1|1|" in rules
    assert "|test/fix|0|1|0|0|1|0|0|" in rules
    (told,) = [each.body for each in by_name["b"].comments if each.body.startswith("Fixed")]
    assert "rubricate:suggested" in told


async def test_who_fixes_by_hand_is_not_said_to_have_taken_the_suggestion(shown: World) -> None:
    pull = shown.open({"new.py": FIXABLE})
    async with shown.app(), browsing(shown.url) as browser:
        await shown.hear(pull)
        await push_and_hear(shown, pull, "fine = 1\n", "Mend it\n\nCo-authored-by: ada <ada@example.com>")
        assert "|test/fix|0|1|0|1|0|0|0|" in section(await page_of(browser), "rules")


async def test_a_suggestion_that_was_applied_on_another_file_counts_for_that_alone(shown: World) -> None:
    pull = shown.open({"new.py": FIXABLE, "other.py": FIXABLE})
    async with shown.app(), browsing(shown.url) as browser:
        await shown.hear(pull)
        shown.push({"other.py": "fine = 1\n"})
        await push_and_hear(shown, pull, "fine = 1\n", COAUTHOR)
        assert "|test/fix|0|2|0|1|1|0|0|" in section(await page_of(browser), "rules")


async def test_what_was_resolved_after_the_last_push_is_counted_when_the_pull_request_is_closed(
    shown: World,
) -> None:
    pull = shown.open({"new.py": BAD})
    async with shown.app(), browsing(shown.url) as browser:
        await shown.hear(pull)
        (thread,) = shown.github.threads
        thread.resolved_by = shown.github.state.user("ada")
        shown.github.close_pull_request(pull, merged=True)
        await shown.hear(pull, "closed")
        page = await page_of(browser)
    assert "|test/defect|1|1|0|0|0|1|0|" in section(page, "rules")
    assert "|1 comment.|" in section(page, "pulls")
    assert section(page, "reviews").count("octo/shop#1") == 1


# Errors


async def test_a_delivery_that_failed_is_shown_with_its_id_and_sent_again_at_a_press(shown: World) -> None:
    pull = shown.open({"new.py": BAD})
    async with shown.app(), browsing(shown.url) as browser:
        payload = shown.github.payload("pull_request", "opened", pull=pull)
        missed = await shown.github.deliver("pull_request", payload, url="http://127.0.0.1:9/")
        page = await page_of(browser)
        said = section(page, "errors")
        assert f"|{missed.guid}|" in said
        assert "|pull_request opened|GitHub could not deliver it: " in said
        shown.github.webhook_url = f"{shown.url}/webhooks/github"
        pressed = await browser.post("/redeliver", {"csrf": page.field("csrf"), "delivery": missed.guid})
        assert (pressed.status, pressed.to) == (303, "/?notice=sent")
        await shown.until(lambda: len(shown.github.deliveries) == 2)
        await shown.settle()
        after = await browser.get(pressed.to)
    assert "GitHub was asked to send the delivery again." in after.text
    assert missed.guid not in after.text
    assert shown.said() == ["bad"]


async def test_a_review_that_failed_is_shown_and_made_again_at_a_press(shown: World) -> None:
    pull = shown.open({"new.py": "fine = 1  # EXIT 3\n"})
    async with shown.app(), browsing(shown.url) as browser:
        delivery = await shown.hear(pull)
        page = await page_of(browser)
        said = section(page, "errors")
        assert f"|{delivery.guid}|" in said
        assert "|review of octo/shop#1|" in said
        shown.github.webhook_url = f"{shown.url}/webhooks/github"
        await browser.post("/redeliver", {"csrf": page.field("csrf"), "delivery": delivery.guid})
        await shown.until(lambda: len(shown.github.deliveries) == 2)
        await shown.settle()
        made = await DBOS.list_workflows_async(name="review")
    assert [each.workflow_id.rpartition("/")[2] for each in made] == ["1", "2"]


async def test_a_delivery_that_was_taken_and_not_handed_on_is_shown_and_sent_again_at_a_press(
    shown: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*arguments: object) -> None:
        raise RuntimeError("a mistake")

    pull = shown.open({"new.py": BAD})
    async with shown.app(), browsing(shown.url) as browser:
        with monkeypatch.context() as patch:
            patch.setattr(jobs.ROUTER, "dispatch", broken)
            delivery = await shown.hear(pull)
        page = await page_of(browser)
        assert f"|pull_request opened|{MISHANDLED}|{delivery.guid}|" in section(page, "errors")
        shown.github.webhook_url = f"{shown.url}/webhooks/github"
        await browser.post("/redeliver", {"csrf": page.field("csrf"), "delivery": delivery.guid})
        await shown.until(lambda: len(shown.github.deliveries) == 2)
        await shown.settle()
        page = await page_of(browser)
    assert "None that is known." in section(page, "errors")
    assert shown.said() == ["bad"]


async def test_on_postgresql_it_is_the_same(shown: World, postgresql: str) -> None:
    pull = shown.open({"new.py": BAD})
    async with shown.app(database_url=postgresql), browsing(shown.url) as browser:
        delivery = await shown.hear(pull)
        page = await page_of(browser)
        assert "|1 comment.|" in section(page, "pulls")
        shown.github.webhook_url = f"{shown.url}/webhooks/github"
        pressed = await browser.post("/redeliver", {"csrf": page.field("csrf"), "delivery": delivery.guid})
        await shown.until(lambda: len(shown.github.deliveries) == 2)
        await shown.settle()
    assert pressed.to == "/?notice=sent"
    assert len(shown.reviews) == 1


async def test_a_delivery_that_github_has_not_any_more_is_told(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        page = await page_of(browser)
        pressed = await browser.post("/redeliver", {"csrf": page.field("csrf"), "delivery": "long-ago"})
        assert pressed.to == "/?notice=gone"
        assert "keeps them for three days" in (await browser.get(pressed.to)).text


async def test_another_form_than_a_sessions_own_sends_nothing(shown: World) -> None:
    pull = shown.open({"new.py": BAD})
    async with shown.app(), browsing(shown.url) as browser, browsing(shown.url) as stranger:
        delivery = await shown.hear(pull)
        await page_of(browser)
        for form in ({}, {"csrf": ""}, {"csrf": "guessed"}):
            pressed = await browser.post("/redeliver", {"delivery": delivery.guid, **form})
            assert pressed.status == 403
        upload = aiohttp.FormData({"delivery": delivery.guid})
        upload.add_field("csrf", b"guessed", filename="csrf")
        assert (await browser.post("/redeliver", upload)).status == 403
        assert (await stranger.post("/redeliver", {"delivery": delivery.guid})).status == 403
        assert (await browser.get("/redeliver", params={"delivery": delivery.guid})).status == 405
    assert not [each for each in shown.github.requests if each.path.endswith("/attempts")]


async def test_what_is_no_delivery_is_asked_of_nobody(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        token = (await page_of(browser)).field("csrf")
        for guid in ("", "../../app", "a/b", "a b", "<script>", "x" * 65):
            assert (await browser.post("/redeliver", {"csrf": token, "delivery": guid})).status == 400
    assert not [each for each in shown.github.requests if each.path.endswith("/attempts")]


async def test_only_our_own_words_can_be_put_on_the_page(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        await page_of(browser)
        page = await browser.get("/?notice=<script>alert(1)</script>")
    assert "alert" not in page.text


# What is away, and what is hostile


async def test_where_github_is_away_the_rest_is_shown(shown: World) -> None:
    pull = shown.open({"new.py": BAD})
    async with shown.app(), browsing(shown.url) as browser:
        await shown.hear(pull)
        await page_of(browser)
        shown.github.faults.add(Fault("GET /app/*", status=500, times=None))
        page = await page_of(browser)
    assert "GitHub does not tell where the App is installed." in page.text
    assert "GitHub does not tell which deliveries failed." in page.text
    assert "|octo/shop#1|" in section(page, "pulls")


async def test_where_the_database_is_away_the_rest_is_shown(
    shown: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(**asked: object) -> None:
        raise OSError("no database")

    async with shown.app(), browsing(shown.url) as browser:
        await page_of(browser)
        with monkeypatch.context() as patch:
            patch.setattr(DBOS, "list_workflows_async", broken)
            page = await page_of(browser)
    assert "The database does not answer." in page.text
    assert "|octo|" in section(page, "installations")


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


def overview_of(name: str) -> Overview:
    """A page full of one name."""
    now = datetime.now(UTC)
    counts = {name: {"open": 1, "fixed": 2}}
    known = Entry(now, name, 1, name, name, name, name, 1.0, 1)
    entry = replace(known, findings={name: 1}, received=counts)
    return Overview(
        queue={name: 1},
        installations=[Installation(name, name, now, False, f"javascript:{name}")],
        pulls=[entry],
        reviews=[entry],
        rules=tallies([entry]),
        errors=[Trouble(now, name, name, name)],
        deliveries_known=True,
        database_known=True,
    )


async def test_whatever_is_shown_is_text(shown: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look(services: object) -> Overview:
        return overview_of(EVIL)

    monkeypatch.setattr("bot.pages.status.look", look)
    async with shown.app(), browsing(shown.url) as browser:
        page = await page_of(browser)
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "49" not in page.text
    assert page.text.count("&lt;script&gt;") >= 14
    assert not re.search(r'="[^"]*"[^ >/]', page.text)  # no value ends where its attribute does not


def test_a_link_leads_to_github_or_nowhere(shown: World) -> None:
    answer = {
        "html_url": "javascript:alert(1)",
        "account": None,
        "repository_selection": "all",
        "created_at": "2026-01-01T00:00:00Z",
        "suspended_at": None,
    }
    assert overview._installation(answer, shown.config).url == ""
    right = answer | {"html_url": f"{shown.github.url}/settings/installations/1"}
    assert overview._installation(right, shown.config).url


# Headers, and the set-up


async def test_every_answer_tells_the_browser_to_run_nothing(shown: World) -> None:
    paths = ("/", "/sign-in", "/signed-in", "/setup", "/nothing", "/redeliver", "/healthz")
    async with shown.app(), browsing(shown.url) as browser:
        answers = [await browser.get(path) for path in paths]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        for directive in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert directive in policy.split("; ")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_style_sheet_is_a_file_of_its_own_and_nothing_else_is_beside_it(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        sheet = await browser.get("/static/pages.css")
        others = [
            await browser.get(f"/static/{path}") for path in ("", "../frame.py", "%2e%2e/frame.py", "x.css")
        ]
    assert (sheet.status, sheet.headers["Content-Type"]) == (200, "text/css")
    assert [each.status for each in others] == [403, 404, 404, 404]


async def test_where_there_is_an_app_the_set_up_is_closed(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        answers = [await browser.get("/setup"), await browser.post("/setup", {"code": "x"})]
        gone = await browser.get("/setup/registered?code=1&state=2")
    assert [each.status for each in answers] == [410, 410]
    assert gone.status == 404


# Counting


def entry(number: int, *, at: int, **given: object) -> Entry:
    known = Entry(datetime.fromtimestamp(at, UTC), "octo/shop", number, "a" * 40, "guid", "reviewed", "")
    return replace(known, **given)  # type: ignore[arg-type]


def test_of_each_pull_request_the_last_that_is_known_counts() -> None:
    found = [
        entry(1, at=5, word="stopped"),
        entry(1, at=4, findings={"a": 1}, received={"a": {"open": 1, "fixed": 2}}),
        entry(2, at=3, findings={"a": 1, "b": 1}, received={"a": {"open": 1}, "b": {"ignored": 1}}),
        entry(1, at=2, findings={"a": 9}, received={"a": {"open": 9}}),
    ]
    rows = [(each.rule, each.findings, each.comments, each.received["fixed"]) for each in tallies(found)]
    assert rows == [("a", 2, 4, 2), ("b", 1, 1, 0)]
    assert [(each.number, each.word) for each in reviews.newest(found)] == [(1, "stopped"), (2, "reviewed")]


def test_what_says_nothing_on_a_pull_request_is_not_its_newest_review() -> None:
    found = [
        entry(1, at=5, word="served"),
        entry(1, at=4, is_group=True),
        entry(1, at=3, is_review=False),
        entry(1, at=2, word="failed"),
    ]
    assert [each.word for each in reviews.newest(found)] == ["failed"]
