"""Setting the App up in the browser, by who knows the log's code and by who does not."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from bot import credentials
from bot.config import Config
from bot.pages.manifest import EVENTS
from bot.pages.one_time import GUESSES
from bot.pages.ways import SECONDS
from tests.bot.pages.conftest import Answer, Browser, SetUpServer, browsing, free_port, query
from tests.github import Github
from tests.github.faults import Fault
from tests.source import ROOT


async def to_github(browser: Browser, server: SetUpServer, **form: str) -> tuple[Answer, str]:
    """Give the code and press GitHub's button; returns the page that led there, and where GitHub sends us back to."""
    page = await browser.post("/setup", {"code": server.code, "keep": "file", **form})
    assert page.status == 200, page.text
    asked = await browser.post(page.action, {"manifest": page.field("manifest")})
    hidden = {name: asked.field(name) for name in ("owner", "manifest", "state")}
    created = await browser.post(f"{server.config.github_url}/settings/apps", hidden)
    return page, created.to


async def test_who_has_the_code_registers_the_app_and_its_credentials_are_kept_for_the_owner_alone(
    set_up_server: SetUpServer, github: Github
) -> None:
    async with browsing(set_up_server.url) as browser:
        assert (await browser.get("/")).to == "/setup"
        _, back = await to_github(browser, set_up_server)
        done = await browser.get(back)
    path = set_up_server.config.data_dir / credentials.FILE
    assert (done.status, path.stat().st_mode & 0o777) == (200, 0o600)
    assert str(path) in done.text
    assert f"{github.url}/github-apps/rubricate/installations/new" in done.text
    assert [each.name for each in path.parent.iterdir()] == [credentials.FILE]
    assert set_up_server.finished.is_set()
    config = Config.from_env(
        {"RUBRICATE_DATA_DIR": str(path.parent), "RUBRICATE_PUBLIC_URL": set_up_server.url}
    )
    assert config.is_set_up and config.has_sign_in
    assert (config.app_id, config.private_key) == ("1", github.private_key_pem.strip())
    assert config.webhook_secret == github.webhook_secret
    assert github.state.app.owner.login == "mona"


async def test_for_a_secret_store_they_are_shown_once_and_written_nowhere(
    set_up_server: SetUpServer, github: Github
) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server, keep="print")
        done = await browser.get(back)
        again = await browser.get(back)
    assert f"RUBRICATE_CLIENT_SECRET={github.state.app.client_secret}\n" in done.text
    assert done.headers["Cache-Control"] == "no-store"
    assert list(set_up_server.config.data_dir.iterdir()) == []
    assert again.status == 410
    assert github.state.app.client_secret not in again.text
    assert not set_up_server.finished.is_set()


async def test_credentials_that_can_t_be_written_are_not_lost(
    set_up_server: SetUpServer, github: Github, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(credentials, "write", full)
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        done = await browser.get(back)
    assert "could not be written" in done.text
    assert github.state.app.client_secret in done.text
    assert "No space left" in set_up_server.said


async def test_neither_code_nor_credential_is_in_the_log(set_up_server: SetUpServer, github: Github) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        await browser.get(back)
    said = set_up_server.said
    for secret in (github.state.app.client_secret, github.webhook_secret, "PRIVATE KEY", query(back)["code"]):
        assert secret not in said


async def test_an_organization_can_own_it(set_up_server: SetUpServer, github: Github) -> None:
    github.add_member("octo-org", "mona")
    async with browsing(set_up_server.url) as browser:
        page, back = await to_github(browser, set_up_server, organization="octo-org")
        await browser.get(back)
    assert page.action.startswith(f"{github.url}/organizations/octo-org/settings/apps/new?state=")
    assert github.state.app.owner.login == "octo-org"


@pytest.mark.parametrize("name", ["octo org", "../evil", "a" * 40, "-octo", "<b>", "octo?x=1"])
async def test_what_is_no_organization_leads_nowhere(set_up_server: SetUpServer, name: str) -> None:
    async with browsing(set_up_server.url) as browser:
        page = await browser.post("/setup", {"code": set_up_server.code, "organization": name})
    assert (page.status, "manifest" in page.text) == (400, False)


# The manifest is what the documentation says


@pytest.mark.parametrize("commits", [False, True])
async def test_the_manifest_asks_for_what_the_documentation_says_and_no_more(
    set_up_server: SetUpServer, commits: bool
) -> None:
    async with browsing(set_up_server.url) as browser:
        page = await browser.post(
            "/setup", {"code": set_up_server.code, **({"commits": "on"} if commits else {})}
        )
    manifest = json.loads(page.field("manifest"))
    documented = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (Checks|Contents|Pull requests|Metadata|Members[^|]*) \| (\w+) \|", documented, re.M
    )
    expected = {name.split(" (")[0].lower().replace(" ", "_"): level for name, level in rows}
    assert manifest["default_permissions"] == expected | ({"contents": "write"} if commits else {})
    assert len(expected) == 5
    (sentence,) = re.findall(r"Subscribe to the events ([^:]+):", documented)
    events = {
        name.lower().replace("\n", " ").replace(" ", "_") for name in re.findall(r"\*([^*]+)\*", sentence)
    }
    assert set(manifest["default_events"]) == events == set(EVENTS)
    url = set_up_server.url
    assert manifest["hook_attributes"] == {"url": f"{url}/webhooks/github", "active": True}
    assert manifest["redirect_url"] == f"{url}/setup/registered"
    assert manifest["callback_urls"] == [f"{url}/signed-in"]
    assert manifest["public"] is False


# Who has not the code


async def test_a_wrong_code_is_refused_and_the_right_one_still_taken(set_up_server: SetUpServer) -> None:
    async with browsing(set_up_server.url) as browser:
        wrong = await browser.post("/setup", {"code": "aaaa-bbbb-cccc-dddd"})
        right = await browser.post("/setup", {"code": f" {set_up_server.code.upper()} "})
    assert (wrong.status, "manifest" in wrong.text, "Set-Cookie" in wrong.headers) == (403, False, False)
    assert right.status == 200


@pytest.mark.parametrize("form", [{}, {"code": ""}, {"code": "\udcff"}, {"code": "x" * 10_000}])
async def test_no_code_is_no_code(set_up_server: SetUpServer, form: dict[str, str]) -> None:
    async with browsing(set_up_server.url) as browser:
        data = "&".join(
            f"{name}=%FF" if "\udcff" in value else f"{name}={value}" for name, value in form.items()
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        async with browser.session.post(f"{browser.url}/setup", data=data, headers=headers) as answer:
            assert answer.status in {400, 403}


async def test_after_a_few_guesses_there_is_another_code(set_up_server: SetUpServer) -> None:
    first = set_up_server.code
    async with browsing(set_up_server.url) as browser:
        for _ in range(GUESSES):
            assert (await browser.post("/setup", {"code": "aaaa-bbbb-cccc-dddd"})).status == 403
        assert set_up_server.code != first
        assert (await browser.post("/setup", {"code": first})).status == 403
        assert (await browser.post("/setup", {"code": set_up_server.code})).status == 200


async def test_a_code_is_good_once(set_up_server: SetUpServer) -> None:
    first = set_up_server.code
    async with browsing(set_up_server.url) as browser:
        assert (await browser.post("/setup", {"code": first})).status == 200
        assert (await browser.post("/setup", {"code": first})).status == 403


# The way to GitHub and back


async def test_another_state_is_refused(set_up_server: SetUpServer) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        state = query(back)["state"]
        forged = await browser.get(back.replace(state, "A" * len(state)))
        without = await browser.get(back.partition("&state=")[0])
        assert (forged.status, without.status) == (403, 403)
        assert not (set_up_server.config.data_dir / credentials.FILE).exists()
        assert (await browser.get(back)).status == 200


async def test_a_state_is_good_in_the_browser_alone_that_was_given_it(set_up_server: SetUpServer) -> None:
    async with browsing(set_up_server.url) as browser, browsing(set_up_server.url) as other:
        _, back = await to_github(browser, set_up_server)
        assert (await other.get(back)).status == 403
        await other.post("/setup", {"code": set_up_server.code})  # its own way does not help it
        assert (await other.get(back)).status == 403
        assert (await browser.get(back)).status == 200


async def test_a_state_is_good_once(set_up_server: SetUpServer) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        code = query(back)["code"]
        assert (await browser.get(back.replace(code, "0" * len(code)))).status == 502
        assert (await browser.get(back)).status == 403


async def test_a_state_is_good_for_an_hour(
    set_up_server: SetUpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        later = time.monotonic() + SECONDS + 1
        with monkeypatch.context() as patch:
            patch.setattr("bot.pages.ways.time.monotonic", lambda: later)
            assert (await browser.get(back)).status == 403


async def test_where_github_was_away_the_page_may_be_loaded_again(
    set_up_server: SetUpServer, github: Github
) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        github.faults.add(Fault("POST /app-manifests/*", "reset"))
        assert (await browser.get(back)).status == 502
        assert (await browser.get(back)).status == 200


@pytest.mark.parametrize(
    ("answer", "why"), [(b"<html>", "JSONDecodeError"), (b"[]", "no App"), (b'{"id": 7}', "one is missing")]
)
async def test_what_is_no_app_is_not_kept(
    set_up_server: SetUpServer, monkeypatch: pytest.MonkeyPatch, answer: bytes, why: str
) -> None:
    async def send(*request: object) -> tuple[int, dict[str, str], bytes]:
        return 201, {"content-type": "application/json; charset=utf-8"}, answer

    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        monkeypatch.setattr("bot.github.client.Client._send", send)
        assert (await browser.get(back)).status == 502
    assert why in set_up_server.said
    assert list(set_up_server.config.data_dir.iterdir()) == []


@pytest.mark.parametrize("code", ["", "../../user", "a/b", "a?b=c", "%00", "x" * 300])
async def test_what_is_no_code_of_githubs_is_asked_of_nobody(
    set_up_server: SetUpServer, github: Github, code: str
) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        answer = await browser.get("/setup/registered", params={"code": code, "state": query(back)["state"]})
    assert answer.status == 403
    assert not [each for each in github.requests if "app-manifests" in each.path]


async def test_once_there_are_credentials_all_is_closed(set_up_server: SetUpServer) -> None:
    async with browsing(set_up_server.url) as browser:
        _, back = await to_github(browser, set_up_server)
        page = await browser.post("/setup", {"code": set_up_server.code})
        assert page.status == 200
        (set_up_server.config.data_dir / credentials.FILE).write_text("RUBRICATE_APP_ID=1\n")
        answers = [
            await browser.get("/setup"),
            await browser.post("/setup", {"code": set_up_server.code}),
            await browser.get(back),
        ]
    assert [answer.status for answer in answers] == [410, 410, 410]


async def test_its_health_says_that_it_lives_and_is_not_ready(set_up_server: SetUpServer) -> None:
    async with browsing(set_up_server.url) as browser:
        answers = [
            await browser.get(path) for path in ("/healthz", "/readyz", "/metrics", "/webhooks/github")
        ]
    assert [answer.status for answer in answers] == [200, 503, 404, 404]


async def test_a_server_that_waits_to_be_set_up_ends_in_good_order(tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "RUBRICATE_DATA_DIR": str(tmp_path),
        "RUBRICATE_PUBLIC_URL": "https://rubricate.example.com",
        "RUBRICATE_PORT": str(free_port()),
    }
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "checks", "serve"), env=env, stderr=asyncio.subprocess.PIPE
    )
    assert server.stderr is not None
    said = ""
    while "one-time code" not in said:
        said = (await asyncio.wait_for(server.stderr.readline(), 20)).decode()
    assert "https://rubricate.example.com/setup" in said
    server.send_signal(signal.SIGTERM)
    await server.stderr.read()
    assert await server.wait() == 0


async def test_its_forms_lead_to_itself_and_to_github_alone(
    set_up_server: SetUpServer, github: Github
) -> None:
    async with browsing(set_up_server.url) as browser:
        page = await browser.get("/setup")
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert f"form-action 'self' {github.url}" in policy
    assert "default-src 'none'" in policy
    assert "<script" not in page.text
