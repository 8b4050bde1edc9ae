"""The stand-in's pages: as strict as GitHub's with manifests and codes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.github import Github
from tests.github.conftest import Clock

MANIFEST: dict[str, Any] = {
    "url": "https://app.test",
    "hook_attributes": {"url": "https://app.test/hook"},
    "redirect_url": "https://app.test/back",
    "callback_urls": ["https://app.test/in"],
    "default_permissions": {"checks": "write"},
    "default_events": ["check_run"],
}


async def post(url: str, **form: str) -> tuple[int, dict[str, str], str]:
    """Send a form; returns the status, the query of where it leads, and the text."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=form, allow_redirects=False) as answer,
    ):
        query = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
        return answer.status, {name: values[0] for name, values in query.items()}, await answer.text()


async def register(github: Github, owner: str = "") -> str:
    form = {"manifest": json.dumps(MANIFEST), "state": "s", "owner": owner}
    _, query, _ = await post(f"{github.url}/settings/apps", **form)
    assert query["state"] == "s"
    return query["code"]


async def convert(github: Github, code: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{github.api_url}/app-manifests/{code}/conversions") as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    "change",
    [
        {"permissions": {}},
        {"url": ""},
        {"redirect_url": None},
        {"hook_attributes": {}},
        {"default_permissions": {"checks": "all"}},
        {"callback_urls": ["https://app.test"] * 11},
    ],
)
async def test_a_manifest_that_github_would_refuse_is_a_violation(
    tmp_path: Path, change: dict[str, object]
) -> None:
    async with Github(tmp_path) as github:
        good, _, _ = await post(f"{github.url}/settings/apps/new?state=s", manifest=json.dumps(MANIFEST))
        assert (good, github.violations) == (200, [])
        status, _, _ = await post(
            f"{github.url}/settings/apps/new?state=s", manifest=json.dumps(MANIFEST | change)
        )
        assert (status, len(github.violations)) == (422, 1)
        github.violations.clear()


async def test_only_members_register_for_an_organization(tmp_path: Path) -> None:
    async with Github(tmp_path) as github:
        url = f"{github.url}/organizations/octo-org/settings/apps/new?state=s"
        assert (await post(url, manifest=json.dumps(MANIFEST)))[0] == 404
        github.add_member("octo-org", "mona")
        assert (await post(url, manifest=json.dumps(MANIFEST)))[0] == 200


async def test_a_code_for_credentials_is_good_once_and_for_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    async with Github(tmp_path, clock=clock) as github:
        code = await register(github)
        assert (await convert(github, code), await convert(github, code)) == (201, 404)
        assert github.state.app.callback_urls == MANIFEST["callback_urls"]
        late = await register(github)
        clock.ahead = timedelta(hours=1, seconds=1)
        assert await convert(github, late) == 404


async def test_a_sign_ins_code_needs_its_verifier_and_is_good_once(tmp_path: Path) -> None:
    async with Github(tmp_path) as github:
        given = {"redirect_uri": "https://app.test/in", "state": "s"}
        # https://www.rfc-editor.org/rfc/rfc7636#appendix-B
        challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        app, said = github.state.app, []
        for tried in (verifier, "x" * 43):
            _, query, _ = await post(f"{github.url}/login/oauth/authorize", code_challenge=challenge, **given)
            asked = {
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "code": query["code"],
                "redirect_uri": "https://app.test/in",
                "code_verifier": tried,
            }
            for _ in range(2):
                _, _, text = await post(f"{github.url}/login/oauth/access_token", **asked)
                said.append(json.loads(text).get("error", "given"))
        assert said == ["given", *["bad_verification_code"] * 3]
