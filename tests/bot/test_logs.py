"""Log lines say what they are about, for people or for machines, and never hold a secret or code."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from bot import logs
from tests.bot.conftest import World
from tests.github import Fault

TOKEN = "ghs_16C7e42F292c6912E7710c838347Ae178B4a"


def logged(form: str, secrets: tuple[str, ...] = ()) -> tuple[logging.Logger, io.StringIO]:
    log, out = logging.Logger("bot.test"), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Json(secrets) if form == "json" else logs.Text(secrets))
    log.addHandler(handler)
    return log, out


def test_a_line_for_machines_is_one_json_object_with_what_it_is_about() -> None:
    log, out = logged("json")
    with logs.about(delivery="d-1", repository="octo/shop", pull_request=7):
        log.info("done\nin %d steps", 3, extra={"subject": {"duration": 1.5}})
    (line,) = out.getvalue().splitlines()
    entry = json.loads(line)
    assert entry.pop("time").endswith("+00:00")
    assert entry == {
        "level": "info",
        "logger": "bot.test",
        "message": "done\nin 3 steps",
        "delivery": "d-1",
        "repository": "octo/shop",
        "pull_request": 7,
        "duration": 1.5,
    }


def test_a_line_for_people_ends_with_what_it_is_about() -> None:
    log, out = logged("text")
    with logs.about(repository="octo/shop"), logs.about(pull_request=7):
        log.warning("odd")
    log.warning("elsewhere")
    first, second = out.getvalue().splitlines()
    assert first.endswith("WARNING bot.test odd [repository=octo/shop pull_request=7]")
    assert second.endswith("elsewhere")


@pytest.mark.parametrize("form", logs.FORMATS)
@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "github_pat_11AAAAAAA0abcdefghij_klmno",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
        "Authorization: Basic eC1hY2Nlc3M6Z2hz",
        "postgresql://rubricate:pass-word@db/jobs",
        "hush-hush",
    ],
)
def test_secrets_are_hidden_in_messages_and_tracebacks(form: str, secret: str) -> None:
    log, out = logged(form, ("hush-hush",))
    log.info("got %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        log.exception("failed")
    for part in ("16C7e42F", "11AAAAAAA0", "c2lnbmF0dXJl", "MIIEpAIB", "eC1hY2Nl", "pass-word", "hush-hush"):
        assert part not in out.getvalue()
    assert logs.HIDDEN in out.getvalue()


@pytest.mark.parametrize("form", logs.FORMATS)
async def test_a_whole_review_is_logged_with_its_subject_and_without_tokens_secrets_or_code(
    world: World, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    tokens: list[str] = []
    issue = world.github.state.keyring.issue

    def noted(*given: Any, **named: Any) -> str:
        tokens.append(issue(*given, **named))
        return tokens[-1]

    monkeypatch.setattr(world.github.state.keyring, "issue", noted)
    pull = world.open({"new.py": "secret_code = 2  # DEFECT bad high\n"}, title="secret title")
    world.github.faults.add(Fault("POST /octo/shop.git/git-upload-pack", "cut"))
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Json() if form == "json" else logs.Text())
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [*root.handlers, handler])
    monkeypatch.setattr(root, "level", logging.DEBUG)
    async with world.app():
        delivery = await world.hear(pull)
    said = out.getvalue()
    assert tokens
    secrets = (*tokens, "secret_code", "secret title", "PRIVATE KEY", world.config.webhook_secret, "eyJ")
    assert not [secret for secret in secrets if secret in said]
    if form == "json":
        entries = [json.loads(line) for line in said.splitlines()]
        (end,) = [entry for entry in entries if entry.get("outcome") == "reviewed"]
        subject = (end["delivery"], end["repository"], end["pull_request"], end["comments"])
        assert subject == (delivery.guid, "octo/shop", pull.number, 1)
        assert 0 < end["duration"] < 60
    else:
        (line,) = [line for line in said.splitlines() if "outcome=reviewed" in line]
        assert f"delivery={delivery.guid} repository=octo/shop pull_request=1" in line
