"""GraphQL: what only it can do, and what it refuses."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.github import Github, PullRequest, Repository
from tests.github.conftest import NUMBERS, Client, installation_client

THREADS = """
query ($number: Int!, $first: Int, $after: String) {
  repository(owner: "octo", name: "shop") {
    pullRequest(number: $number) {
      id
      reviewThreads(first: $first, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id path line isResolved isOutdated viewerCanResolve resolvedBy { login }
          comments(first: 10) { nodes { id body author { login __typename } isMinimized minimizedReason } }
        }
      }
    }
  }
}
"""
RESOLVE = "mutation ($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"
UNRESOLVE = "mutation ($id: ID!) { unresolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"
MINIMIZE = """
mutation ($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized minimizedReason } }
}
"""
COMMIT = """
mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }
"""


@pytest.fixture
async def writer(github: Github, repository: Repository) -> Client:
    """An installation that was also given `contents: write`."""
    assert repository.installation is not None
    repository.installation.permissions["contents"] = "write"
    return await installation_client(github, repository)


async def review(client: Client, *lines: int) -> None:
    comments = [{"path": "a.py", "line": line, "side": "RIGHT", "body": f"About {line}"} for line in lines]
    given = {"event": "COMMENT", "body": "Seen", "comments": comments}
    assert (await client("POST", "/repos/octo/shop/pulls/1/reviews", given)).status == 200


async def threads(client: Client) -> list[dict[str, Any]]:
    answer = await client.graphql(THREADS, number=1, first=100)
    listed: list[dict[str, Any]] = answer["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    return listed


async def test_threads_are_listed_with_their_comments(client: Client, pull: PullRequest) -> None:
    await review(client, 20, 21)
    first, second = await threads(client)
    assert (first["line"], first["isResolved"], first["isOutdated"], second["line"]) == (20, False, False, 21)
    (comment,) = first["comments"]["nodes"]
    assert (comment["body"], comment["author"]) == ("About 20", {"login": "rubricate", "__typename": "Bot"})


async def test_threads_come_in_pages(client: Client, pull: PullRequest) -> None:
    await review(client, 20, 21, 22)
    seen, after, more = [], None, True
    while more:
        answer = await client.graphql(THREADS, number=1, first=2, after=after)
        page = answer["data"]["repository"]["pullRequest"]["reviewThreads"]
        seen.append([thread["line"] for thread in page["nodes"]])
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    assert seen == [[20, 21], [22]]


@pytest.mark.parametrize(
    ("first", "kind"), [(None, "MISSING_PAGINATION_BOUNDARIES"), (101, "EXCESSIVE_PAGINATION")]
)
async def test_a_list_needs_a_size_of_at_most_100(
    client: Client, pull: PullRequest, first: int | None, kind: str
) -> None:
    answer = await client.graphql(THREADS, number=1, first=first)
    assert [error["type"] for error in answer["errors"]] == [kind]


async def test_a_thread_is_resolved_and_reopened(github: Github, writer: Client, pull: PullRequest) -> None:
    await review(writer, 20)
    (thread,) = await threads(writer)
    assert thread["viewerCanResolve"]
    answer = await writer.graphql(RESOLVE, id=thread["id"])
    assert answer["data"]["resolveReviewThread"]["thread"]["isResolved"] is True
    assert (await threads(writer))[0]["resolvedBy"] is not None
    await writer.graphql(UNRESOLVE, id=thread["id"])
    assert github.threads[0].resolved_by is None


async def test_resolving_needs_writable_contents(github: Github, client: Client, pull: PullRequest) -> None:
    await review(client, 20)
    (thread,) = await threads(client)
    assert not thread["viewerCanResolve"]
    answer = await client.graphql(RESOLVE, id=thread["id"])
    (error,) = answer["errors"]
    assert (error["type"], error["message"]) == ("FORBIDDEN", "Resource not accessible by integration")
    assert answer["data"] == {"resolveReviewThread": None}
    assert github.threads[0].resolved_by is None


async def test_comments_are_minimized(github: Github, client: Client, pull: PullRequest) -> None:
    await review(client, 20)
    (thread,) = await threads(client)
    (comment,) = thread["comments"]["nodes"]
    answer = await client.graphql(MINIMIZE, id=comment["id"])
    assert answer["data"]["minimizeComment"]["minimizedComment"] == {
        "isMinimized": True,
        "minimizedReason": "outdated",
    }
    spoken = (await client("POST", "/repos/octo/shop/issues/1/comments", {"body": "Old"})).body["node_id"]
    await client.graphql(MINIMIZE, id=spoken)
    assert (github.review_comments[0].minimized, github.comments[0].minimized) == ("outdated", "outdated")


async def test_a_changed_line_outdates_its_thread(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    await review(client, 20, 21)
    github.commit(
        repository, "feature", {"a.py": NUMBERS.replace("line 20\n", "line XX\nline twenty and a half\n")}
    )
    assert [(thread["isOutdated"], thread["line"]) for thread in await threads(client)] == [
        (True, None),
        (False, 21),
    ]


async def test_an_unknown_id_names_nothing(writer: Client, pull: PullRequest) -> None:
    answer = await writer.graphql(RESOLVE, id="PRRT_nothing")
    assert answer["errors"][0]["type"] == "NOT_FOUND"


async def test_what_one_may_not_see_is_not_found(github: Github, client: Client, pull: PullRequest) -> None:
    await review(client, 20)
    (thread,) = await threads(client)
    stranger = Client(github, f"token {github.user_token('stranger')}")
    assert (await stranger.graphql(RESOLVE, id=thread["id"]))["errors"][0]["type"] == "NOT_FOUND"
    assert (await stranger.graphql(THREADS, number=1, first=1))["errors"][0]["type"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ viewer { shoeSize } }", {}),
        ("{ viewer { login }", {}),
        (RESOLVE, {"id": {"not": "an id"}}),
        (RESOLVE, {}),
        (MINIMIZE.replace("OUTDATED", "BORING"), {"id": "x"}),
    ],
    ids=["unknown-field", "unfinished", "wrong-variable", "missing-variable", "unknown-value"],
)
async def test_a_wrong_document_breaks_the_contract(
    github: Github, client: Client, query: str, variables: dict[str, Any]
) -> None:
    answer = await client.graphql(query, **variables)
    assert answer["errors"]
    assert github.violations
    github.violations.clear()


async def test_a_review_with_threads_is_all_or_nothing(
    github: Github, client: Client, pull: PullRequest
) -> None:
    (await threads(client)).clear()
    mutation = """
    mutation ($input: AddPullRequestReviewInput!) {
      addPullRequestReview(input: $input) { pullRequestReview { state comments(first: 5) { totalCount } } }
    }
    """
    identity = (await client("GET", "/repos/octo/shop/pulls/1")).body["node_id"]
    inside = {"path": "a.py", "line": 20, "body": "x"}
    given = {"pullRequestId": identity, "event": "COMMENT", "body": "Seen", "threads": [inside]}
    wrong = await client.graphql(mutation, input=given | {"threads": [inside, inside | {"line": 1}]})
    assert wrong["errors"][0]["type"] == "UNPROCESSABLE"
    assert github.reviews == []
    right = await client.graphql(mutation, input=given)
    made = right["data"]["addPullRequestReview"]["pullRequestReview"]
    assert made == {"state": "COMMENTED", "comments": {"totalCount": 1}}


async def test_a_thread_outside_of_the_diff_vanishes_without_an_error(
    github: Github, client: Client, pull: PullRequest
) -> None:
    mutation = """
    mutation ($input: AddPullRequestReviewThreadInput!) {
      addPullRequestReviewThread(input: $input) { thread { line } }
    }
    """
    identity = (await client("GET", "/repos/octo/shop/pulls/1")).body["node_id"]
    given = {"pullRequestId": identity, "path": "a.py", "line": 20, "body": "x"}
    inside = await client.graphql(mutation, input=given)
    assert inside["data"]["addPullRequestReviewThread"]["thread"] == {"line": 20}
    outside = await client.graphql(mutation, input=given | {"line": 1})
    assert outside == {"data": {"addPullRequestReviewThread": {"thread": None}}}
    whole = await client.graphql(
        mutation, input=given | {"path": "new.py", "line": None, "subjectType": "FILE"}
    )
    assert whole["data"]["addPullRequestReviewThread"]["thread"] == {"line": None}
    assert [review.state for review in github.reviews] == ["PENDING"]


async def test_many_mutations_in_one_document_run_into_a_limit(writer: Client, pull: PullRequest) -> None:
    await review(writer, 20)
    (thread,) = await threads(writer)
    parts = [
        f'm{n}: resolveReviewThread(input: {{threadId: "{thread["id"]}"}}) {{ thread {{ id }} }}'
        for n in range(20)
    ]
    answer = await writer.graphql("mutation { " + " ".join(parts) + " }")
    assert {error["type"] for error in answer["errors"]} == {"RESOURCE_LIMITS_EXCEEDED"}
    done = [value for value in answer["data"].values() if value is not None]
    assert (len(done), len(answer["errors"])) == (13, 7)


async def test_limits_hold_here_too(github: Github, writer: Client, pull: PullRequest) -> None:
    await review(writer, 20)
    (thread,) = await threads(writer)
    reply = (
        "mutation ($i: AddPullRequestReviewThreadReplyInput!) { addPullRequestReviewThreadReply(input: $i) {"
    )
    query = reply + " comment { replyTo { body } } } }"
    given = {"pullRequestReviewThreadId": thread["id"], "body": "Mended"}
    answer = await writer.graphql(query, i=given)
    assert answer["data"]["addPullRequestReviewThreadReply"]["comment"] == {"replyTo": {"body": "About 20"}}
    github.limits.content_per_minute, github.limits.secondary_status = 2, 429
    refused = await writer("POST", github.graphql_url, {"query": query, "variables": {"i": given}})
    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    github.limits.per_hour = 1
    assert (await writer.graphql("{ viewer { login } }"))["errors"][0]["type"] == "RATE_LIMITED"


# Commits


def commit(head: str, **changes: Any) -> dict[str, Any]:
    return {
        "branch": {"repositoryNameWithOwner": "octo/shop", "branchName": "feature"},
        "expectedHeadOid": head,
        "message": {"headline": "Fix", "body": "All of it"},
        "fileChanges": changes,
    }


def addition(path: str, text: str) -> dict[str, str]:
    return {"path": path, "contents": base64.b64encode(text.encode()).decode()}


async def test_a_commit_moves_the_branch_and_its_pull_request(
    github: Github, writer: Client, repository: Repository, pull: PullRequest
) -> None:
    before = pull.head_sha
    given = commit(before, additions=[addition("deep/fix.py", "fixed\n")], deletions=[{"path": "new.py"}])
    made = (await writer.graphql(COMMIT, input=given))["data"]["createCommitOnBranch"]["commit"]["oid"]
    assert made == pull.head_sha == repository.git.branch("feature") != before
    assert repository.git.blob(made, "deep/fix.py") == b"fixed\n"
    assert repository.git.blob(made, "new.py") is None
    assert repository.git.text("rev-parse", f"{made}^", "refs/pull/1/head").split() == [before, made]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"expectedHeadOid": "0" * 40}, "STALE_DATA"),
        ({"fileChanges": {"deletions": [{"path": "absent.py"}]}}, "UNPROCESSABLE"),
        ({"fileChanges": {"additions": [addition("../out.py", "x")]}}, "UNPROCESSABLE"),
        ({"branch": {"repositoryNameWithOwner": "octo/shop", "branchName": "absent"}}, "NOT_FOUND"),
        ({"branch": {"repositoryNameWithOwner": "octo/absent", "branchName": "feature"}}, "NOT_FOUND"),
    ],
    ids=["stale", "absent-deletion", "outside", "no-branch", "no-repository"],
)
async def test_a_wrong_commit_is_refused(
    writer: Client, pull: PullRequest, changes: dict[str, Any], kind: str
) -> None:
    before = pull.head_sha
    answer = await writer.graphql(COMMIT, input=commit(before) | changes)
    assert answer["errors"][0]["type"] == kind
    assert pull.repository.git.branch("feature") == before


async def test_a_commit_needs_writable_contents(client: Client, pull: PullRequest) -> None:
    answer = await client.graphql(COMMIT, input=commit(pull.head_sha, additions=[addition("a.py", "x")]))
    assert answer["errors"][0]["type"] == "FORBIDDEN"
