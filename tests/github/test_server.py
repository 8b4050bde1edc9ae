"""The contract, limits, faults, and webhooks."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.github import ContractError, Fault, Github, PullRequest, Repository, contract
from tests.github.conftest import Client, Clock, installation_client
from tests.github.rest import handlers

REPO = "/repos/octo/shop"
COMMENTS = f"{REPO}/issues/1/comments"


def test_the_stand_in_shares_no_code_with_the_product() -> None:
    imported = set()
    for path in Path(__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
    assert not {name for name in imported if name.partition(".")[0] in {"bot", "checks", "action"}}


def test_every_operation_of_the_contract_is_answered() -> None:
    assert handlers().keys() == contract.operations().keys()


def test_the_contract_is_small() -> None:
    assert sum(path.stat().st_size for path in contract.HERE.iterdir() if path.is_file()) < 1_500_000


# The contract


async def test_what_was_asked_is_recorded(github: Github, client: Client, pull: PullRequest) -> None:
    await client("POST", COMMENTS, {"body": "Hello"})
    last = github.requests[-1]
    assert (last.method, last.path, last.status) == ("POST", COMMENTS, 201)
    assert (last.operation, last.body) == ("issues/create-comment", {"body": "Hello"})
    assert last.actor.startswith("installation ")
    assert "authorization" not in last.headers


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", COMMENTS, {"body": "Hello", "colour": "red"}),
        ("POST", COMMENTS, {}),
        ("POST", COMMENTS, {"body": 1}),
        ("POST", COMMENTS, b"{not json"),
        ("GET", f"{REPO}/pulls?stat=open", None),
        ("GET", f"{REPO}/pulls?state=ajar", None),
        ("GET", f"{REPO}/no-such-thing", None),
        ("POST", f"{REPO}/pulls/1/reviews", {"event": "LIKE"}),
    ],
)
async def test_a_request_that_breaks_the_contract_is_loud(
    tmp_path: Path, method: str, path: str, body: Any
) -> None:
    with pytest.raises(ContractError, match="broke GitHub's contract"):
        async with Github(tmp_path) as github:
            shop = github.add_repository("octo/shop", files={"a.py": "1\n"})
            github.commit(shop, "feature", {"a.py": "2\n"}, start="main")
            github.open_pull_request(shop, "main", "feature")
            answer = await (await installation_client(github, shop))(method, path, body)
            assert answer.status in {400, 404, 422}
            assert github.comments == []


async def test_a_failing_test_says_of_the_contract_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="its own") as caught:
        async with Github(tmp_path) as github:
            await Client(github, None)("GET", "/no-such-thing")
            raise ValueError("its own")
    assert "no such operation" in caught.value.__notes__[0]


async def test_a_wrong_answer_of_ours_is_loud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.github.bodies.Bodies.repository", lambda *_: {"name": "incomplete"})
    with pytest.raises(ContractError, match=r"the stand-in failed[\s\S]*required property"):
        async with Github(tmp_path) as github:
            github.add_repository("octo/open")
            assert (await Client(github, None)("GET", "/repos/octo/open")).status == 500


# Limits


async def test_content_too_fast_runs_into_the_secondary_limit(
    github: Github, client: Client, pull: PullRequest, clock: Clock
) -> None:
    github.limits.content_per_minute = 3
    statuses = [(await client("POST", COMMENTS, {"body": "Hello"})).status for _ in range(3)]
    refused = await client("POST", COMMENTS, {"body": "Hello"})
    assert (statuses, refused.status, refused.headers["retry-after"]) == ([201] * 3, 403, "60")
    assert "secondary rate limit" in refused.body["message"]
    assert (await client("GET", COMMENTS)).status == 200
    clock.ahead = timedelta(seconds=61)
    assert (await client("POST", COMMENTS, {"body": "Hello"})).status == 201


async def test_the_primary_limit_is_told_and_kept(
    github: Github, client: Client, repository: Repository, clock: Clock
) -> None:
    github.limits.per_hour = 3
    left = [(await client("GET", REPO)).headers["X-RateLimit-Remaining"] for _ in range(3)]
    refused = await client("GET", REPO)
    assert (left, refused.status, refused.headers["X-RateLimit-Remaining"]) == (["2", "1", "0"], 403, "0")
    assert int(refused.headers["X-RateLimit-Reset"]) > time.time()
    assert (await client("GET", "/rate_limit")).body["rate"]["remaining"] == 0
    clock.ahead = timedelta(minutes=59)
    assert (await client("GET", REPO)).status == 403


async def test_what_is_not_modified_costs_nothing(
    github: Github, client: Client, repository: Repository
) -> None:
    first = await client("GET", REPO)
    again = await client("GET", REPO, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]
    repository.default_branch = "trunk"
    assert (await client("GET", REPO, If_None_Match=first.headers["ETag"])).status == 200


# Faults


async def test_a_fault_hits_as_often_as_it_was_told(
    github: Github, client: Client, pull: PullRequest
) -> None:
    github.faults.add(Fault("POST */comments", status=502, times=2, skip=1))
    statuses = [(await client("POST", COMMENTS, {"body": "Hello"})).status for _ in range(4)]
    assert (statuses, len(github.comments)) == ([201, 502, 502, 201], 2)


async def test_a_fault_may_carry_headers(github: Github, client: Client, repository: Repository) -> None:
    github.faults.add(Fault("GET *", status=429, headers={"retry-after": "7"}))
    answer = await client("GET", REPO)
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")


async def test_a_request_may_take_effect_and_yet_fail(
    github: Github, client: Client, pull: PullRequest
) -> None:
    github.faults.add(Fault("POST */comments", status=502, applied=True))
    assert (await client("POST", COMMENTS, {"body": "Hello"})).status == 502
    github.faults.add(Fault("POST */comments", "cut"))
    with pytest.raises(aiohttp.ClientError):
        await client("POST", COMMENTS, {"body": "Hello"})
    github.faults.add(Fault("POST */comments", "truncate"))
    with pytest.raises(aiohttp.ClientError):
        await client("POST", COMMENTS, {"body": "Hello"})
    assert len(github.comments) == 3


async def test_a_reset_connection_leaves_nothing(github: Github, client: Client, pull: PullRequest) -> None:
    github.faults.add(Fault("POST */comments", "reset"))
    with pytest.raises(aiohttp.ClientError):
        await client("POST", COMMENTS, {"body": "Hello"})
    assert github.comments == []


async def test_an_answer_may_come_late(github: Github, client: Client, repository: Repository) -> None:
    fault = github.faults.add(Fault("GET *", "delay", delay=30))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client("GET", REPO), 0.2)
    assert fault.hits == 1
    assert (await client("GET", REPO)).status == 200


# Webhooks


@pytest.fixture
async def app() -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A server that takes down what it is sent."""
    seen: list[tuple[dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=202, text="taken")

    application = web.Application(client_max_size=32 * 1024 * 1024)
    application.router.add_post("/webhooks", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks", seen
    await runner.cleanup()


async def test_a_delivery_is_signed(
    github: Github, pull: PullRequest, app: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, seen = app
    delivery = await github.deliver(
        "pull_request", github.payload("pull_request", "opened", pull=pull), url=url
    )
    assert (delivery.status, delivery.body) == (202, "taken")
    ((headers, body),) = seen
    expected = hmac.new(github.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={expected}"
    assert (headers["x-github-event"], headers["content-type"]) == ("pull_request", "application/json")
    again = await github.redeliver(delivery)
    assert seen[1] == (headers, body)
    assert [again.guid, delivery.guid] == [headers["x-github-delivery"]] * 2


async def test_a_delivery_may_be_wrongly_signed_or_not_at_all(
    github: Github, app: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, seen = app
    await github.deliver("ping", github.payload("ping"), url=url, secret="another")
    await github.deliver("ping", github.payload("ping"), url=url, headers={"X-Hub-Signature-256": ""})
    signatures = [headers.get("x-hub-signature-256") for headers, _ in seen]
    assert len(set(signatures)) == 2
    assert signatures[1] is None


async def test_a_delivery_that_nobody_takes_is_recorded(github: Github) -> None:
    delivery = await github.deliver("ping", github.payload("ping"), url="http://127.0.0.1:9/")
    assert delivery.status == 0
    assert github.deliveries == [delivery]


@pytest.mark.parametrize(
    "action",
    ["opened", "synchronize", "reopened", "ready_for_review", "closed", "converted_to_draft", "edited"],
)
async def test_payloads_of_pull_requests(github: Github, pull: PullRequest, action: str) -> None:
    payload = github.payload("pull_request", action, pull=pull)
    assert payload["pull_request"]["head"]["sha"] == pull.head_sha
    assert payload["pull_request"]["base"]["repo"]["full_name"] == "octo/shop"
    assert pull.repository.installation is not None
    assert payload["installation"]["id"] == pull.repository.installation.id


async def test_payloads_of_what_people_say(github: Github, pull: PullRequest, client: Client) -> None:
    comment = github.comment(pull, "mona", "/rubricate help")
    assert github.payload("issue_comment", "created", comment=comment)["issue"]["pull_request"]["url"]
    given = {"path": "a.py", "line": 20, "body": "x", "commit_id": pull.head_sha}
    await client("POST", f"{REPO}/pulls/1/comments", given)
    reply = github.reply(github.threads[0], "mona", "I disagree")
    payload = github.payload("pull_request_review_comment", "created", comment=reply)
    assert payload["comment"]["in_reply_to_id"] == github.threads[0].comments[0].id


async def test_payloads_of_checks_and_installations(
    github: Github, pull: PullRequest, client: Client
) -> None:
    await client("POST", f"{REPO}/check-runs", {"name": "Rubricate", "head_sha": pull.head_sha})
    (run,) = github.check_runs
    assert (
        github.payload("check_run", "rerequested", run=run)["check_run"]["check_suite"]["head_branch"]
        == "feature"
    )
    clicked = github.payload("check_run", "requested_action", run=run, requested_action={"identifier": "fix"})
    assert clicked["requested_action"] == {"identifier": "fix"}
    assert github.payload("check_suite", "rerequested", run=run)["check_suite"]["head_sha"] == pull.head_sha
    installation = pull.repository.installation
    for action in ("created", "deleted", "suspend", "unsuspend"):
        payload = github.payload("installation", action, installation=installation)
        assert [one["full_name"] for one in payload["repositories"]] == ["octo/shop"]
    removed = github.payload(
        "installation_repositories", "removed", installation=installation, repositories=[pull.repository]
    )
    assert (len(removed["repositories_removed"]), removed["repositories_added"]) == (1, [])


async def test_a_push_and_a_merge_queue(github: Github, repository: Repository) -> None:
    after = repository.git.branch("main")
    push = github.payload("push", repository=repository, ref="refs/heads/main", before="0" * 40, after=after)
    assert push["head_commit"]["id"] == after
    queue = {"repository": repository, "ref": "refs/heads/queue", "before": after, "after": after}
    group = github.payload("merge_group", "checks_requested", **queue)
    assert group["merge_group"]["head_sha"] == after


async def test_a_payload_that_github_would_not_send_is_refused(github: Github, pull: PullRequest) -> None:
    with pytest.raises(ContractError):
        github.payload("pull_request", "opened", pull=pull, number="one")
    with pytest.raises(ContractError, match="was not extracted"):
        github.payload("pull_request", "exploded", pull=pull)
