"""Who may sign in, and what a session is worth to anybody else."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.pages.cookies import Cookie
from bot.pages.sessions import SESSION
from bot.pages.sign_in import WAY
from tests.bot.conftest import World
from tests.bot.pages.conftest import MEMBER, OWNER, browsing, query

SECRETS = ("installations", "Recent reviews", "octo/shop")


def is_shown(text: str) -> bool:
    return any(secret in text for secret in SECRETS)


async def test_a_member_of_the_owner_signs_in_and_out(shown: World, lines: list[str]) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        welcome = await browser.get("/")
        assert "Sign in with GitHub" in welcome.text
        assert not is_shown(welcome.text)
        done = await browser.sign_in()
        assert (done.status, done.to) == (303, "/")
        page = await browser.get("/")
        assert MEMBER in page.text
        assert is_shown(page.text)
        out = await browser.post("/sign-out", {"csrf": page.field("csrf")})
        assert (out.status, out.to) == (303, "/")
        assert not is_shown((await browser.get("/")).text)
    assert shown.config.client_secret not in "\n".join(lines)
    assert "ghu_" not in "\n".join(lines)


async def test_a_person_who_owns_the_app_is_the_only_one(shown: World) -> None:
    shown.github.state.app.owner = shown.github.state.user("ada")
    async with shown.app(), browsing(shown.url) as browser:
        refused = await browser.sign_in()
        shown.github.state.visitor = "ada"
        done = await browser.sign_in()
    assert (refused.status, done.status) == (403, 303)
    assert "belong to ada" in refused.text


@pytest.mark.parametrize(
    "case", ["stranger", "invited", "of another organization", "not told", "not installed"]
)
async def test_who_is_no_member_is_refused_in_a_sentence(shown: World, case: str) -> None:
    github = shown.github
    github.state.visitor = "eve"
    (installed,) = [each for each in github.state.installations.values() if each.account.login == OWNER]
    match case:
        case "invited":
            github.add_member(OWNER, "eve", "pending")
        case "of another organization":
            github.install("octo-org", {"members": "read"})
            github.add_member("octo-org", "eve")
        case "not told":
            github.add_member(OWNER, "eve")
            installed.permissions.pop("members")
        case "not installed":
            github.add_member(OWNER, "eve")
            github.uninstall(installed)
    async with shown.app(), browsing(shown.url) as browser:
        refused = await browser.sign_in()
        page = await browser.get("/")
    assert refused.status == 403
    assert f"eve, belong to {OWNER}" in refused.text
    assert "rubricate-session" not in refused.cookies
    assert not is_shown(page.text)


async def test_who_says_no_on_github_is_told_so(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        state = query((await browser.get("/sign-in")).to)["state"]
        answer = await browser.get("/signed-in", params={"error": "access_denied", "state": state})
    assert (answer.status, "GitHub was told not to" in answer.text) == (403, True)


# The way to GitHub and back


async def test_a_state_of_somebody_else_is_refused(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser, browsing(shown.url) as other:
        theirs = (await other.get("/sign-in")).to
        mine = query((await browser.get("/sign-in")).to)["state"]
        shown.github.state.visitor = "eve"
        forged = await browser.authorize(theirs)  # eve's own code, sent to somebody else's browser
        unnamed = await browser.get("/signed-in", params={"code": "abc"})
        garbled = await browser.get("/signed-in", params={"code": "abc", "state": mine + "x"})
    assert [forged.status, unnamed.status, garbled.status] == [403, 403, 403]
    assert not [each for each in shown.github.requests if each.path == "/login/oauth/access_token"]


async def test_a_state_is_good_once(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        to = (await browser.get("/sign-in")).to
        assert (await browser.authorize(to)).status == 303
        assert (await browser.authorize(to)).status == 403


async def test_a_code_of_another_sign_in_is_refused_by_its_challenge(shown: World) -> None:
    """Where a code is stolen on its way, it is of no use without what only the browser that began holds."""
    async with shown.app(), browsing(shown.url) as victim, browsing(shown.url) as thief:
        to = (await victim.get("/sign-in")).to
        asked = await victim.get(to)
        hidden = {name: asked.field(name) for name in ("redirect_uri", "state", "code_challenge")}
        said = await victim.post(f"{shown.github.url}/login/oauth/authorize", hidden)
        own = query((await thief.get("/sign-in")).to)["state"]
        refused = await thief.get("/signed-in", params={"code": query(said.to)["code"], "state": own})
    assert (refused.status, "does not take" in refused.text) == (403, True)


async def test_a_sign_in_leads_to_our_own_first_page_wherever_it_was_told_to_go(shown: World) -> None:
    tail = "?next=https://evil.example&return_to=//evil.example&redirect_uri=https://evil.example"
    async with shown.app(), browsing(shown.url) as browser:
        to = (await browser.get(f"/sign-in{tail}")).to
        assert query(to)["redirect_uri"] == f"{shown.config.public_url}/signed-in"
        done = await browser.authorize(to)
        assert done.to == "/"
        spoofed = await browser.get(
            "/sign-in", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
    assert query(spoofed.to)["redirect_uri"] == f"{shown.config.public_url}/signed-in"
    assert to.startswith(f"{shown.github.url}/login/oauth/authorize?")


# The session


async def test_a_session_is_for_this_browser_and_this_site_alone(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        done = await browser.sign_in()
    cookie = done.cookies["rubricate-session"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=28800" in cookie
    assert "Domain" not in cookie
    assert MEMBER not in cookie


async def test_with_tls_a_session_goes_over_tls_alone_and_no_other_host_can_set_it(shown: World) -> None:
    async with shown.app(public_url="https://rubricate.example.com"), browsing(shown.url) as browser:
        cookie = (await browser.get("/sign-in")).cookies["__Host-rubricate-sign-in"]
    assert "Secure" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(
    "change", ["nothing", "last", "first", "empty", "of another purpose", "of another secret"]
)
async def test_a_session_that_was_tampered_with_is_none(shown: World, change: str) -> None:
    config = shown.config
    async with shown.app(), browsing(shown.url) as browser:
        await browser.sign_in()
        good = browser.cookie("rubricate-session")
        middle = len(good) // 2
        bad = {
            "nothing": good,
            "last": good[:-6] + ("A" if good[-6] != "A" else "B") + good[-5:],
            "first": good[:middle] + ("A" if good[middle] != "A" else "B") + good[middle + 1 :],
            "empty": "",
            "of another purpose": sealed(Cookie("sign-in", 600), config.client_secret, shown),
            "of another secret": sealed(SESSION, "guessed", shown),
        }[change]
        async with browsing(shown.url) as other:
            page = await other.get("/", headers={"Cookie": f"rubricate-session={bad}"})
    assert is_shown(page.text) is (change == "nothing")


def sealed(cookie: Cookie, secret: str, world: World) -> str:
    from aiohttp import web

    response = web.Response()
    cookie.put(response, replace(world.config, client_secret=secret), {"login": MEMBER, "csrf": "known"})
    return response.cookies[cookie.name(world.config)].value


@pytest.mark.parametrize(("hours", "is_good"), [(7.9, True), (8.1, False)])
async def test_a_session_ends_after_eight_hours(
    shown: World, monkeypatch: pytest.MonkeyPatch, hours: float, is_good: bool
) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        await browser.sign_in()
        good = browser.cookie("rubricate-session")
        later = time.time() + hours * 3600
        with monkeypatch.context() as patch:
            patch.setattr("cryptography.fernet.time.time", lambda: later)
            async with browsing(shown.url) as other:
                page = await other.get("/", headers={"Cookie": f"rubricate-session={good}"})
    assert ("Recent reviews" in page.text) is is_good


async def test_another_form_than_a_sessions_own_signs_nobody_out(shown: World) -> None:
    async with shown.app(), browsing(shown.url) as browser:
        await browser.sign_in()
        for form in ({}, {"csrf": ""}, {"csrf": "guessed"}):
            assert (await browser.post("/sign-out", form)).status == 403
        assert (await browser.get("/sign-out")).status == 405
        assert is_shown((await browser.get("/")).text)


# Without the settings


async def test_without_a_sign_in_nothing_is_shown_but_how_to_have_one(world: World) -> None:
    async with world.app(), browsing(world.url) as browser:
        page = await browser.get("/", headers={"Cookie": "rubricate-session=x; __Host-rubricate-session=x"})
        others = [
            await browser.get("/sign-in"),
            await browser.get("/signed-in"),
            await browser.post("/sign-out"),
        ]
        pressed = await browser.post("/redeliver", {"delivery": "abc"})
    assert page.status == 200
    assert "RUBRICATE_CLIENT_SECRET" in page.text
    assert not is_shown(page.text)
    assert [each.status for each in others] == [404, 404, 404]
    assert pressed.status == 403


def test_a_way_to_github_is_short() -> None:
    assert WAY.seconds <= 600
