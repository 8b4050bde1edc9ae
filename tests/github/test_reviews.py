"""Reviews, their comments and threads, and comments on the conversation."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.github import Github, PullRequest, Repository
from tests.github.conftest import NUMBERS, Client, Response, installation_client

REPO = "/repos/octo/shop"
REVIEWS, COMMENTS = f"{REPO}/pulls/1/reviews", f"{REPO}/pulls/1/comments"


def on(line: int, **more: Any) -> dict[str, Any]:
    return {"path": "a.py", "line": line, "side": "RIGHT", "body": "Look here"} | more


async def review(client: Client, *comments: dict[str, Any], **more: Any) -> Response:
    return await client(
        "POST", REVIEWS, {"event": "COMMENT", "body": "Seen", "comments": list(comments)} | more
    )


async def test_a_review_is_posted_with_its_comments(
    github: Github, client: Client, pull: PullRequest
) -> None:
    answer = await review(client, on(20), on(21, start_line=18, start_side="RIGHT"), on(20, side="LEFT"))
    assert (answer.status, answer.body["state"]) == (200, "COMMENTED")
    assert github.reviews[0].user.login == "rubricate[bot]"
    listed = (await client("GET", COMMENTS)).body
    assert [(c["side"], c["start_line"], c["line"], c["position"]) for c in listed] == [
        ("RIGHT", None, 20, 5),
        ("RIGHT", 18, 21, 6),
        ("LEFT", None, 20, 4),
    ]
    assert listed[0]["diff_hunk"].startswith("@@ -17,7 +17,8 @@")
    assert listed[0]["diff_hunk"].endswith("\n+line twenty")


@pytest.mark.parametrize("line", [17, 24], ids=["first-of-the-hunk", "last-of-the-hunk"])
async def test_context_lines_take_comments(client: Client, pull: PullRequest, line: int) -> None:
    assert (await review(client, on(line))).status == 200


NO_HUNK = "Pull request review thread diff hunk can't be blank"
OUTSIDE = "Pull request review thread line must be part of the diff"


@pytest.mark.parametrize(
    ("comment", "error"),
    [
        (on(16), f"{OUTSIDE} and {NO_HUNK}"),
        (on(25), f"{OUTSIDE} and {NO_HUNK}"),
        (on(24, side="LEFT"), f"{OUTSIDE} and {NO_HUNK}"),
        (on(9999), f"{OUTSIDE} and {NO_HUNK}"),
        (on(1, path="old.py"), f"Pull request review thread path is invalid and {NO_HUNK}"),
        (on(20, start_line=20), "Pull request review thread start line must precede the end line."),
        (on(20, start_line=21), "Pull request review thread start line must precede the end line."),
        (
            on(20, start_line=5),
            "Pull request review thread start line must be part of the same hunk as the line.",
        ),
        (
            on(30, start_line=5),
            f"{OUTSIDE}, Pull request review thread start line must be part of the same hunk as the line., and "
            f"{NO_HUNK}",
        ),
        (
            {"path": "a.py", "position": 99, "body": "x"},
            f"Pull request review thread position is invalid and {NO_HUNK}",
        ),
        ({"path": "a.py", "body": "x"}, f"Pull request review thread line can't be blank and {NO_HUNK}"),
        (
            on(20, body="x" * 65_537),
            "Pull request review comments body is too long (maximum is 65536 characters)",
        ),
    ],
)
async def test_a_comment_outside_of_the_diff_refuses_the_whole_review(
    github: Github, client: Client, pull: PullRequest, comment: dict[str, Any], error: str
) -> None:
    answer = await review(client, on(20), comment)
    assert (answer.status, answer.body["message"]) == (422, "Unprocessable Entity")
    assert answer.body["errors"] == [error]
    assert (github.reviews, github.threads) == ([], [])
    assert (await review(client, on(20))).status == 200


async def test_lines_of_two_hunks_are_no_range(
    github: Github, client: Client, repository: Repository
) -> None:
    changed = NUMBERS.replace("line 5\n", "five\n").replace("line 30\n", "thirty\n")
    github.commit(repository, "feature", {"a.py": changed}, start="main")
    github.open_pull_request(repository, "main", "feature")
    assert (await review(client, on(30, start_line=5))).status == 422
    assert (await review(client, on(30, start_line=28))).status == 200


async def test_a_position_is_a_place_too(client: Client, pull: PullRequest) -> None:
    assert (await review(client, {"path": "a.py", "position": 5, "body": "x"})).status == 200
    (comment,) = (await client("GET", COMMENTS)).body
    assert (comment["line"], comment["side"]) == (20, "RIGHT")


@pytest.mark.parametrize("event", ["COMMENT", "REQUEST_CHANGES"])
async def test_a_review_needs_a_body(client: Client, pull: PullRequest, event: str) -> None:
    answer = await review(client, on(20), event=event, body="")
    assert (answer.status, answer.body["errors"]) == (422, ["Body can't be blank"])
    assert (await review(client, on(20), event=event)).status == 200


async def test_an_approval_needs_no_body(client: Client, pull: PullRequest) -> None:
    assert (await client("POST", REVIEWS, {"event": "APPROVE"})).body["state"] == "APPROVED"


async def test_nobody_approves_their_own_work(github: Github, client: Client, repository: Repository) -> None:
    github.commit(repository, "own", {"a.py": "own\n"}, start="main")
    github.open_pull_request(repository, "main", "own", author="rubricate[bot]")
    answer = await client("POST", REVIEWS, {"event": "APPROVE"})
    assert answer.body["errors"] == ["Can not approve your own pull request"]
    assert (await review(client)).status == 200


async def test_a_body_has_a_limit(client: Client, pull: PullRequest) -> None:
    assert (await review(client, body="x" * 65_537)).status == 422
    assert (await review(client, body="x" * 65_536)).status == 200


async def test_a_review_may_be_about_an_older_commit_of_the_pull_request(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    older = pull.head_sha
    github.commit(repository, "feature", {"new.py": "newer\n"})
    assert (await review(client, on(20), commit_id=older)).status == 200
    assert (await review(client, commit_id=pull.base_sha)).status == 422
    assert (await review(client, commit_id="0" * 40)).status == 422


async def test_a_pending_review_is_its_authors_until_it_is_submitted(
    github: Github, client: Client, pull: PullRequest
) -> None:
    pending = (await client("POST", REVIEWS, {"comments": [on(20)]})).body
    assert (pending["state"], "submitted_at" in pending) == ("PENDING", False)
    assert (await client("GET", COMMENTS)).body == []
    assert (await client("POST", REVIEWS, {})).body["errors"] == [
        "User can only have one pending review per pull request"
    ]
    owner = Client(github, f"token {github.user_token('octo')}")
    assert (await owner("GET", REVIEWS)).body == []
    submitted = await client(
        "POST", f"{REVIEWS}/{pending['id']}/events", {"event": "COMMENT", "body": "Done"}
    )
    assert submitted.body["state"] == "COMMENTED"
    assert len((await owner("GET", COMMENTS)).body) == 1


async def test_only_a_verdict_can_be_dismissed(client: Client, pull: PullRequest) -> None:
    verdict = (await review(client, event="REQUEST_CHANGES")).body["id"]
    remark = (await review(client)).body["id"]
    why = {"message": "It was mended"}
    assert (await client("PUT", f"{REVIEWS}/{verdict}/dismissals", why)).body["state"] == "DISMISSED"
    assert (await client("PUT", f"{REVIEWS}/{remark}/dismissals", why)).status == 422


async def test_the_comments_of_a_review_are_listed(client: Client, pull: PullRequest) -> None:
    first = (await review(client, on(20), on(21))).body["id"]
    await review(client, on(22))
    listed = (await client("GET", f"{REVIEWS}/{first}/comments")).body
    assert [comment["original_line"] for comment in listed] == [20, 21]


# Single comments


async def test_a_file_takes_a_comment_of_its_own(github: Github, client: Client, pull: PullRequest) -> None:
    about = {"path": "new.py", "body": "A whole file", "subject_type": "file", "commit_id": pull.head_sha}
    answer = await client("POST", COMMENTS, about)
    assert (answer.status, answer.body["subject_type"]) == (201, "file")
    assert (await client("POST", COMMENTS, about | {"path": "old.py"})).status == 422
    assert len(github.threads) == 1


async def test_a_single_comment_outside_of_the_diff_is_refused(
    github: Github, client: Client, pull: PullRequest
) -> None:
    answer = await client("POST", COMMENTS, on(1, commit_id=pull.head_sha))
    assert (answer.status, answer.body["message"]) == (422, "Validation Failed")
    assert answer.body["errors"] == [
        {
            "resource": "PullRequestReviewComment",
            "code": "custom",
            "field": "pull_request_review_thread.line",
            "message": "pull_request_review_thread.line must be part of the diff",
        },
        {
            "resource": "PullRequestReviewComment",
            "code": "missing_field",
            "field": "pull_request_review_thread.diff_hunk",
        },
    ]
    assert github.threads == []
    assert (await client("POST", COMMENTS, on(20, commit_id=pull.head_sha))).status == 201


async def test_replies_join_the_thread(github: Github, client: Client, pull: PullRequest) -> None:
    root = (await client("POST", COMMENTS, on(20, commit_id=pull.head_sha))).body["id"]
    reply = (await client("POST", f"{COMMENTS}/{root}/replies", {"body": "Mended"})).body
    assert reply["in_reply_to_id"] == root
    assert (await client("POST", f"{COMMENTS}/{reply['id']}/replies", {"body": "No"})).status == 404
    assert [len(thread.comments) for thread in github.threads] == [2]


async def test_only_own_comments_can_be_changed(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    await review(client, on(20))
    github.reply(github.threads[0], "mona", "I disagree")
    own, other = (comment.id for comment in github.review_comments)
    assert (await client("PATCH", f"{REPO}/pulls/comments/{own}", {"body": "Better"})).body[
        "body"
    ] == "Better"
    assert (await client("PATCH", f"{REPO}/pulls/comments/{other}", {"body": "Mine"})).status == 403
    assert (await client("DELETE", f"{REPO}/pulls/comments/{other}")).status == 403
    assert (await client("DELETE", f"{REPO}/pulls/comments/{own}")).status == 204
    assert [comment.body for comment in github.review_comments] == ["I disagree"]


# Where threads stand when the head moves


async def place(client: Client) -> tuple[int | None, int | None]:
    (comment,) = (await client("GET", COMMENTS)).body
    assert comment["original_line"] == 20
    return comment["line"], comment["position"]


async def test_a_thread_follows_its_line(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    await review(client, on(20))
    above = "above\n" + NUMBERS.replace("line 20\n", "line twenty\nline twenty and a half\n")
    github.commit(repository, "feature", {"a.py": above})
    assert await place(client) == (21, 7 + 3)  # a hunk of five lines and a header stand before it now


async def test_a_thread_is_outdated_when_its_line_is_changed(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    await review(client, on(20))
    original = pull.head_sha
    github.commit(
        repository, "feature", {"a.py": NUMBERS.replace("line 20\n", "line XX\nline twenty and a half\n")}
    )
    assert await place(client) == (None, None)
    (comment,) = (await client("GET", COMMENTS)).body
    assert comment["commit_id"] == original


async def test_a_thread_is_outdated_when_its_line_leaves_the_diff(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    await review(client, on(17))
    github.commit(repository, "feature", {"a.py": NUMBERS})
    (comment,) = (await client("GET", COMMENTS)).body
    assert comment["line"] is None


async def test_a_thread_on_a_deleted_line_stands_while_the_deletion_does(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    await review(client, on(20, side="LEFT"))
    github.commit(repository, "feature", {"new.py": "newer\n"})
    assert await place(client) == (20, 4)
    github.commit(repository, "feature", {"a.py": NUMBERS})
    assert await place(client) == (None, None)


async def test_a_thread_follows_a_force_push(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    await review(client, on(20))
    github.commit(repository, "main", {"old.py": "moved on\n"})
    kept = NUMBERS.replace("line 20\n", "line twenty\nline twenty and a half\n")
    github.commit(repository, "feature", {"a.py": kept}, start="main")
    assert await place(client) == (20, 5)


# The conversation


async def test_comments_on_the_conversation(github: Github, client: Client, pull: PullRequest) -> None:
    made = (await client("POST", f"{REPO}/issues/1/comments", {"body": "Hello"})).body
    assert made["performed_via_github_app"]["slug"] == "rubricate"
    here = f"{REPO}/issues/comments/{made['id']}"
    assert (await client("PATCH", here, {"body": "Hello again"})).body["body"] == "Hello again"
    assert (await client("PATCH", here, {"body": "x" * 65_537})).body["errors"][0]["message"] == (
        "body is too long (maximum is 65536 characters)"
    )
    assert (await client("PATCH", here, {"body": "x" * 65_536})).status == 200
    assert (await client("PATCH", here, {"body": " "})).status == 422
    theirs = github.comment(pull, "mona", "/rubricate review").id
    assert (await client("DELETE", f"{REPO}/issues/comments/{theirs}")).status == 403
    assert (await client("DELETE", here)).status == 204
    assert [comment.body for comment in github.comments] == ["/rubricate review"]


async def test_reacting_twice_is_reacting_once(github: Github, client: Client, pull: PullRequest) -> None:
    comment = github.comment(pull, "mona", "/rubricate review")
    reactions = f"{REPO}/issues/comments/{comment.id}/reactions"
    assert [(await client("POST", reactions, {"content": "eyes"})).status for _ in "ab"] == [201, 200]
    assert [one["content"] for one in (await client("GET", reactions)).body] == ["eyes"]


# Lists


async def test_lists_come_in_pages(github: Github, client: Client, pull: PullRequest) -> None:
    for number in range(5):
        github.comment(pull, "mona", str(number))
    path: str | None = f"{REPO}/issues/1/comments?per_page=2"
    seen = []
    while path:
        answer = await client("GET", path)
        seen.append([comment["body"] for comment in answer.body])
        link = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        path = link[1] if link else None
    assert seen == [["0", "1"], ["2", "3"], ["4"]]


async def test_files_and_commits_of_a_pull_request(client: Client, pull: PullRequest) -> None:
    files = (await client("GET", f"{REPO}/pulls/1/files")).body
    assert [(file["filename"], file["status"], file["additions"]) for file in files] == [
        ("a.py", "modified", 2),
        ("new.py", "added", 1),
    ]
    (commit,) = (await client("GET", f"{REPO}/pulls/1/commits")).body
    assert commit["sha"] == pull.head_sha


async def test_a_pull_request_is_found_by_its_branch(client: Client, pull: PullRequest) -> None:
    assert [p["number"] for p in (await client("GET", f"{REPO}/pulls?head=octo:feature")).body] == [1]
    assert (await client("GET", f"{REPO}/pulls?head=octo:other")).body == []


async def test_the_diff_itself(client: Client, pull: PullRequest) -> None:
    answer = await client("GET", f"{REPO}/pulls/1", Accept="application/vnd.github.diff")
    assert answer.body.startswith(b"diff --git a/a.py b/a.py")


async def test_a_huge_pull_request(github: Github, client: Client, repository: Repository) -> None:
    github.commit(repository, "huge", {f"{number:04}": "" for number in range(3_050)}, start="main")
    pull = github.open_pull_request(repository, "main", "huge")
    refused = await client("GET", f"{REPO}/pulls/1", Accept="application/vnd.github.diff")
    assert (refused.status, refused.body["errors"][0]["code"]) == (406, "too_large")
    last = await client("GET", f"{REPO}/pulls/1/files?per_page=100&page=30")
    assert len(last.body) == 100
    assert (await client("GET", f"{REPO}/pulls/1/files?per_page=100&page=31")).body == []
    assert (
        (await client("GET", f"{REPO}/pulls/1")).body["changed_files"]
        == 3_050
        == pull.repository.numbers + 3_049
    )


async def test_a_pull_request_that_conflicts_cannot_be_merged(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    assert (await client("GET", f"{REPO}/pulls/1")).body["mergeable"] is True
    github.commit(repository, "main", {"a.py": NUMBERS.replace("line 20", "line 20!")})
    assert (await client("GET", f"{REPO}/pulls/1")).body["mergeable"] is False


async def test_contents_at_a_commit(client: Client, pull: PullRequest) -> None:
    base = await client("GET", f"{REPO}/contents/new.py")
    head = await client(
        "GET", f"{REPO}/contents/new.py?ref={pull.head_sha}", Accept="application/vnd.github.raw"
    )
    assert (base.status, head.body) == (404, b"new\n")
    listed = (await client("GET", f"{REPO}/contents/?ref=feature")).body
    assert [entry["name"] for entry in listed] == ["a.py", "new.py", "old.py"]


async def test_a_comparison_starts_at_the_merge_base(
    github: Github, client: Client, repository: Repository, pull: PullRequest
) -> None:
    start = pull.base_sha
    github.commit(repository, "main", {"old.py": "moved on\n"})
    compared = (await client("GET", f"{REPO}/compare/main...feature")).body
    assert (compared["status"], compared["ahead_by"], compared["behind_by"]) == ("diverged", 1, 1)
    assert compared["merge_base_commit"]["sha"] == start
    assert [file["filename"] for file in compared["files"]] == ["a.py", "new.py"]


async def test_threads_of_another_pull_request_are_not_found(
    github: Github, repository: Repository, client: Client, pull: PullRequest
) -> None:
    other = github.add_repository("octo/other", private=True, files={"a.py": "1\n"})
    await review(client, on(20))
    stranger = await installation_client(github, other, repositories=["other"])
    comment = github.review_comments[0].id
    assert (await stranger("GET", f"{REPO}/pulls/comments/{comment}")).status == 404
    assert (await stranger("GET", f"/repos/octo/other/pulls/comments/{comment}")).status == 404
