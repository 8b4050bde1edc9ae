"""Check runs, their suites and annotations, and code scanning."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from tests.github import Github, PullRequest, Repository
from tests.github.conftest import Client, Response

RUNS = "/repos/octo/shop/check-runs"


def annotation(**more: Any) -> dict[str, Any]:
    given = {
        "path": "a.py",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "warning",
        "message": "Look here",
    }
    return given | more


async def create(client: Client, pull: PullRequest, **more: Any) -> Response:
    return await client("POST", RUNS, {"name": "Rubricate", "head_sha": pull.head_sha} | more)


async def test_a_check_run_goes_its_way(github: Github, client: Client, pull: PullRequest) -> None:
    made = (await create(client, pull, status="queued")).body
    here = f"{RUNS}/{made['id']}"
    assert (await client("PATCH", here, {"status": "in_progress"})).body["status"] == "in_progress"
    output = {"title": "One finding", "summary": "| a | table |", "annotations": [annotation()]}
    done = (await client("PATCH", here, {"conclusion": "failure", "output": output})).body
    assert (done["status"], done["conclusion"], done["output"]["annotations_count"]) == (
        "completed",
        "failure",
        1,
    )
    assert [pull["number"] for pull in done["pull_requests"]] == [1]
    assert github.check_runs[0].summary == "| a | table |"


async def test_annotations_are_added_by_updates(client: Client, pull: PullRequest) -> None:
    here = f"{RUNS}/{(await create(client, pull)).body['id']}"
    for _ in range(3):
        output = {"title": "t", "summary": "s", "annotations": [annotation()] * 50}
        assert (await client("PATCH", here, {"output": output})).status == 200
    assert (await client("GET", here)).body["output"]["annotations_count"] == 150
    last = await client("GET", f"{here}/annotations?per_page=100&page=2")
    assert len(last.body) == 50


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"output": {"title": "t", "summary": "s", "annotations": [annotation()] * 51}},
            "No more than 50 items are allowed; 51 were supplied.",
        ),
        (
            {"output": {"title": "t", "summary": "x" * 65_536}},
            "Only 65535 characters are allowed; 65536 were supplied.",
        ),
        ({"output": {"title": "t"}}, '"summary" wasn\'t supplied.'),
        (
            {"actions": [{"label": "x" * 21, "description": "d", "identifier": "i"}]},
            "Only 20 characters are allowed; 21 were supplied.",
        ),
        (
            {"actions": [{"label": "l", "description": "x" * 41, "identifier": "i"}]},
            "Only 40 characters are allowed; 41 were supplied.",
        ),
        (
            {"actions": [{"label": "l", "description": "d", "identifier": "i"}] * 4},
            "No more than 3 items are allowed; 4 were supplied.",
        ),
        ({"conclusion": "great"}, "'great' is not one of"),
        ({"color": "red"}, "('color' was unexpected)"),
    ],
)
async def test_what_the_description_forbids_breaks_the_contract(
    github: Github, client: Client, pull: PullRequest, more: dict[str, Any], said: str
) -> None:
    answer = await create(client, pull, **more)
    assert answer.status == 422
    assert said in answer.body["message"]
    assert len(github.violations) == 1
    assert said in github.violations[0]
    assert github.check_runs == []
    github.violations.clear()


@pytest.mark.parametrize(
    "more",
    [
        {"output": {"title": "t", "summary": "x" * 65_535, "annotations": [annotation()] * 50}},
        {"actions": [{"label": "x" * 20, "description": "x" * 40, "identifier": "x" * 20}] * 3},
        {"status": "completed", "conclusion": "skipped", "completed_at": "2024-01-01T00:00:00Z"},
    ],
    ids=["output", "actions", "completed"],
)
async def test_what_the_description_just_allows_is_taken(
    client: Client, pull: PullRequest, more: dict[str, Any]
) -> None:
    assert (await create(client, pull, **more)).status == 201


@pytest.mark.parametrize(
    "more",
    [
        {"status": "completed"},
        {"conclusion": "stale"},
        {"head_sha": "0" * 40},
        {"output": {"title": "t", "summary": "s", "annotations": [annotation(end_line=2, start_column=1)]}},
        {"output": {"title": "t", "summary": "s", "annotations": [annotation(start_line=2)]}},
        {"output": {"title": "t", "summary": "s", "annotations": [annotation(title="x" * 256)]}},
        {"output": {"title": "t", "summary": "s", "annotations": [annotation(message="x" * 65_537)]}},
        {"output": {"title": "t", "summary": "s", "annotations": [annotation(path="/a.py")]}},
    ],
    ids=["unconcluded", "stale", "unknown-commit", "columns", "backwards", "title", "message", "absolute"],
)
async def test_what_github_says_in_words_only_is_refused_too(
    github: Github, client: Client, pull: PullRequest, more: dict[str, Any]
) -> None:
    assert (await create(client, pull, **more)).status == 422
    assert github.check_runs == []


async def test_columns_on_one_line_are_fine(client: Client, pull: PullRequest) -> None:
    output = {"title": "t", "summary": "s", "annotations": [annotation(start_column=1, end_column=5)]}
    assert (await create(client, pull, output=output)).status == 201


async def test_another_apps_check_run_is_not_ours(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    workflow = Client(github, f"Bearer {github.actions_token(repository, {'checks': 'write'})}")
    theirs = (await create(workflow, pull)).body["id"]
    refused = await client("PATCH", f"{RUNS}/{theirs}", {"status": "in_progress"})
    assert refused.status == 403
    assert refused.body["message"].startswith("Invalid app_id `1`")
    assert (await client("GET", f"{RUNS}/{theirs}")).status == 200


async def test_check_runs_of_a_commit_are_found(client: Client, pull: PullRequest) -> None:
    first, second = [(await create(client, pull)).body["id"] for _ in "ab"]
    await create(client, pull, name="Other")
    path = f"/repos/octo/shop/commits/{pull.head_sha}/check-runs?check_name=Rubricate"
    latest = (await client("GET", path)).body
    assert [run["id"] for run in latest["check_runs"]] == [second]
    every = (await client("GET", f"{path}&filter=all")).body
    assert sorted(run["id"] for run in every["check_runs"]) == [first, second]
    suites = (await client("GET", f"/repos/octo/shop/commits/{pull.head_sha}/check-suites")).body
    assert [suite["latest_check_runs_count"] for suite in suites["check_suites"]] == [3]


async def test_a_forks_check_run_names_no_pull_request(
    github: Github, client: Client, repository: Repository
) -> None:
    fork = github.fork(repository, "ana")
    github.commit(fork, "feature", {"a.py": "forked\n"}, start="main")
    pull = github.open_pull_request(repository, "main", "feature", fork=fork)
    assert (await create(client, pull)).body["pull_requests"] == []


# Code scanning


def sarif(runs: int = 1, results: int = 0) -> str:
    result = {"ruleId": "r", "message": {"text": "m"}}
    run = {"tool": {"driver": {"name": "Rubricate", "rules": []}}, "results": [result] * results}
    document = {"version": "2.1.0", "runs": [run] * runs}
    return base64.b64encode(gzip.compress(json.dumps(document).encode())).decode()


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (sarif(), 202),
        (sarif(runs=20), 202),
        (sarif(runs=21), 400),
        (sarif(results=25_001), 400),
        (base64.b64encode(b"{}").decode(), 400),
        ("no base64!", 400),
    ],
    ids=["one-run", "most-runs", "too-many-runs", "too-many-results", "not-compressed", "not-encoded"],
)
async def test_sarif_is_taken_within_its_limits(
    github: Github, repository: Repository, pull: PullRequest, document: str, status: int
) -> None:
    scanner = Client(github, f"Bearer {github.actions_token(repository, {'security_events': 'write'})}")
    given = {"commit_sha": pull.head_sha, "ref": "refs/pull/1/head", "sarif": document}
    answer = await scanner("POST", "/repos/octo/shop/code-scanning/sarifs", given)
    assert answer.status == status
    assert len(repository.sarifs) == (status == 202)


async def test_sarif_needs_its_permission(client: Client, pull: PullRequest) -> None:
    given = {"commit_sha": pull.head_sha, "ref": "refs/pull/1/head", "sarif": sarif()}
    assert (await client("POST", "/repos/octo/shop/code-scanning/sarifs", given)).status == 403
