"""Mutations: what only GraphQL can do, and the review mutations beside REST's."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TypeVar

from tests.github import reviews
from tests.github.contract import Json
from tests.github.errors import check_body, unprocessable
from tests.github.git import Files, GitError
from tests.github.graphql import Branch, CommitObject, Execution, failure
from tests.github.model import IssueComment, PullRequest, Repository, Review, ReviewComment, Thread
from tests.github.pulls import synchronize
from tests.github.reviews import Draft, Misplaced

T = TypeVar("T")
PULLS, CONTENTS = "pull_requests:write", "contents:write"


def _node(execution: Execution, kind: type[T], identity: str) -> T:
    found = execution.node(identity)
    if not isinstance(found, kind):
        raise failure(
            "NOT_FOUND", f"Could not resolve to {kind.__name__} node with the global id of '{identity}'."
        )
    return found


def resolve(execution: Execution, given: Json) -> Json:
    """Contents must be writable too, though nothing of them is written: https://github.com/github/gh-aw/issues/35726"""
    thread = _node(execution, Thread, given["threadId"])
    execution.require(thread.pull.repository, PULLS, CONTENTS)
    thread.resolved_by = execution.user
    return {"thread": thread}


def unresolve(execution: Execution, given: Json) -> Json:
    thread = _node(execution, Thread, given["threadId"])
    execution.require(thread.pull.repository, PULLS, CONTENTS)
    thread.resolved_by = None
    return {"thread": thread}


def minimize(execution: Execution, given: Json) -> Json:
    return {"minimizedComment": _minimizable(execution, given, given["classifier"].lower().replace("_", "-"))}


def unminimize(execution: Execution, given: Json) -> Json:
    return {"unminimizedComment": _minimizable(execution, given, None)}


def _minimizable(
    execution: Execution, given: Json, reason: str | None
) -> ReviewComment | IssueComment | Review:
    found = execution.node(given["subjectId"])
    if isinstance(found, ReviewComment):
        pull = found.thread.pull
    elif isinstance(found, IssueComment | Review):
        pull = found.pull
    else:
        raise failure(
            "NOT_FOUND",
            f"Could not resolve to Minimizable node with the global id of '{given['subjectId']}'.",
        )
    execution.require(pull.repository, PULLS)
    found.minimized = reason
    return found


def _draft(given: Json, subject: str = "LINE") -> Draft:
    starts = given.get("startLine") is not None
    return Draft(
        path=given["path"],
        body=given["body"],
        line=given.get("line"),
        side=given.get("side") or "RIGHT",
        start_line=given.get("startLine"),
        start_side=given.get("startSide") if starts else None,
        subject="file" if subject == "FILE" else "line",
    )


def add_review(execution: Execution, given: Json) -> Json:
    pull = _node(execution, PullRequest, given["pullRequestId"])
    execution.require(pull.repository, PULLS)
    execution.creates()
    drafts = [_draft(thread) for thread in given.get("threads") or ()]
    drafts += [
        Draft(path=comment["path"], body=comment["body"], position=comment["position"])
        for comment in given.get("comments") or ()
    ]
    event = given.get("event")
    if event not in {None, *reviews.STATES}:
        raise unprocessable(f"Can not {str(event).lower()} a review that is being added")
    review = reviews.create_review(
        execution.state,
        pull,
        execution.user,
        body=given.get("body") or "",
        event=event,
        commit=given.get("commitOID"),
        drafts=drafts,
    )
    return {"pullRequestReview": review}


def submit_review(execution: Execution, given: Json) -> Json:
    review = _pending(execution, given)
    execution.require(review.pull.repository, PULLS)
    execution.creates()
    reviews.submit_review(execution.state, review, event=given["event"], body=given.get("body"))
    return {"pullRequestReview": review}


def _pending(execution: Execution, given: Json) -> Review:
    """The review that is named, or the actor's pending one of the pull request that is named."""
    if given.get("pullRequestReviewId"):
        return _node(execution, Review, given["pullRequestReviewId"])
    pull = _node(execution, PullRequest, given.get("pullRequestId") or "")
    found = next((r for r in pull.reviews if r.state == "PENDING" and r.user is execution.actor.user), None)
    if found is None:
        raise unprocessable("Could not find a pending review")
    return found


def dismiss_review(execution: Execution, given: Json) -> Json:
    review = _node(execution, Review, given["pullRequestReviewId"])
    execution.require(review.pull.repository, PULLS)
    reviews.dismiss_review(review, given["message"])
    return {"pullRequestReview": review}


def add_thread(execution: Execution, given: Json) -> Json:
    """Adds to a pending review. A place outside of the diff is no error here: the answer has no thread, that is all."""
    review = _review_for_thread(execution, given)
    execution.require(review.pull.repository, PULLS)
    execution.creates()
    check_body("PullRequestReviewThread", given["body"])
    try:
        draft = _draft(given, given.get("subjectType") or "LINE")
        thread = reviews.place(execution.state, review.pull, review.commit_id, draft)
    except Misplaced as misplaced:
        if any(field == "path" for field, _ in misplaced.faults):
            raise unprocessable(misplaced.sentence()) from None
        return {"thread": None}
    review.pull.threads.append(thread)
    reviews.add_comment(execution.state, thread, review, execution.user, given["body"])
    return {"thread": thread}


def _review_for_thread(execution: Execution, given: Json) -> Review:
    try:
        return _pending(execution, given)
    except Exception:
        if given.get("pullRequestReviewId"):
            raise
    pull = _node(execution, PullRequest, given.get("pullRequestId") or "")
    execution.require(pull.repository, PULLS)
    return reviews.create_review(
        execution.state, pull, execution.user, body="", event=None, commit=None, drafts=()
    )


def add_reply(execution: Execution, given: Json) -> Json:
    thread = _node(execution, Thread, given["pullRequestReviewThreadId"])
    execution.require(thread.pull.repository, PULLS)
    execution.creates()
    if given.get("pullRequestReviewId"):
        review = _node(execution, Review, given["pullRequestReviewId"])
        check_body("PullRequestReviewComment", given["body"])
        comment = reviews.add_comment(
            execution.state, thread, review, execution.user, given["body"], thread.comments[0]
        )
    else:
        comment = reviews.reply(execution.state, thread, execution.user, given["body"])
    return {"comment": comment}


def create_commit(execution: Execution, given: Json) -> Json:
    """Only files of mode 100644, only on a branch that exists and stands where the caller believes."""
    repository, branch = _branch(execution, given["branch"])
    execution.require(repository, CONTENTS)
    tip = repository.git.branch(branch)
    if tip is None:
        raise failure("NOT_FOUND", f"No ref named refs/heads/{branch}")
    expected = given["expectedHeadOid"]
    if tip != expected:
        raise failure(
            "STALE_DATA",
            f'Expected branch to point to "{tip}" but it did not. Pull and try again.',
        )
    changes = given.get("fileChanges") or {}
    files = _files(repository, tip, changes)
    message = given["message"]["headline"] + (
        "\n\n" + given["message"]["body"] if given["message"].get("body") else ""
    )
    user = execution.user
    try:
        commit = repository.git.commit(
            branch,
            files,
            message=message,
            author=f"{user.login} <{user.id}+{user.login}@users.noreply.github.com>",
            when=int(execution.state.now().timestamp()),
        )
    except GitError as error:
        raise unprocessable(str(error)) from None
    execution.state.pushed(repository, commit)
    for pull in execution.state.pulls():
        if pull.head_repository is repository and pull.head_ref == branch:
            synchronize(execution.state, pull)
    return {"commit": CommitObject(repository, commit), "ref": Branch(repository, branch)}


def _branch(execution: Execution, given: Json) -> tuple[Repository, str]:
    name, branch = given.get("repositoryNameWithOwner"), given.get("branchName")
    if not name or not branch:
        raise unprocessable("The branch must be given by repositoryNameWithOwner and branchName")
    repository = execution.state.repositories.get(name.lower())
    if repository is None or (repository.private and not execution.actor.reaches(repository)):
        raise failure("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.")
    return repository, branch.removeprefix("refs/heads/")


def _files(repository: Repository, tip: str, changes: Json) -> Files:
    files: dict[str, bytes | None] = {}
    for deletion in changes.get("deletions") or ():
        if repository.git.blob(tip, deletion["path"]) is None:
            raise unprocessable(
                f"A path was requested for deletion which does not exist as of commit oid `{tip}`"
            )
        files[deletion["path"]] = None
    for addition in changes.get("additions") or ():
        path = addition["path"]
        if (
            path.startswith("/")
            or not path
            or any(part in {"", ".", "..", ".git"} for part in path.split("/"))
        ):
            raise unprocessable(f"The path {path!r} is malformed")
        try:
            files[path] = base64.b64decode(addition["contents"], validate=True)
        except binascii.Error:
            raise unprocessable(f"The contents of {path} are no base64") from None
    return files


MUTATIONS: dict[str, Callable[[Execution, Json], Json]] = {
    "addPullRequestReview": add_review,
    "addPullRequestReviewThread": add_thread,
    "addPullRequestReviewThreadReply": add_reply,
    "createCommitOnBranch": create_commit,
    "dismissPullRequestReview": dismiss_review,
    "minimizeComment": minimize,
    "unminimizeComment": unminimize,
    "resolveReviewThread": resolve,
    "unresolveReviewThread": unresolve,
    "submitPullRequestReview": submit_review,
}
