"""What each field of GitHub's types is here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

from tests.github.contract import Json
from tests.github.graphql import Branch, CommitObject, Execution, failure
from tests.github.model import (
    IssueComment,
    PullRequest,
    Repository,
    Review,
    ReviewComment,
    Thread,
    User,
)
from tests.github.pulls import diff_of
from tests.github.reviews import standing
from tests.github.state import node_id

Field = Callable[..., Any]


def connection(
    name: str,
    items: Sequence[Any],
    *,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
    **_: Any,
) -> Json:
    """https://docs.github.com/graphql/guides/using-pagination-in-the-graphql-api"""
    if first is None and last is None:
        raise failure(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
        )
    for bound, size in (("first", first), ("last", last)):
        if size is not None and not 0 < size <= 100:
            raise failure(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{name}` connection exceeds the `{bound}` limit of 100 records.",
            )
    start = 0 if after is None else int(base64.b64decode(after).decode().partition(":")[2])
    stop = len(items) if before is None else int(base64.b64decode(before).decode().partition(":")[2]) - 1
    if first is not None:
        stop = min(stop, start + first)
    elif last is not None:
        start = max(start, stop - last)
    shown = items[start:stop]

    def cursor(index: int) -> str:
        return base64.b64encode(f"cursor:{index + 1}".encode()).decode()

    return {
        "nodes": list(shown),
        "edges": [{"cursor": cursor(start + index), "node": item} for index, item in enumerate(shown)],
        "totalCount": len(items),
        "pageInfo": {
            "hasNextPage": stop < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": cursor(start) if shown else None,
            "endCursor": cursor(stop - 1) if shown else None,
        },
    }


def _repository(execution: Execution, _: None, *, owner: str, name: str, **__: Any) -> Repository:
    found = execution.state.repositories.get(f"{owner}/{name}".lower())
    if found is None or (found.private and not execution.actor.reaches(found)):
        raise failure("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    return found


def _pull(_: Execution, repository: Repository, *, number: int) -> PullRequest:
    found = repository.pulls.get(number)
    if found is None:
        raise failure("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
    return found


def _viewer(execution: Execution, _: None) -> User:
    return execution.user


def _rate_limit(execution: Execution, _: None, **__: Any) -> Json:
    rate = execution.limits.rate(execution.actor, execution.state.now())
    return {"cost": 1, "nodeCount": 0, "resetAt": "2030-01-01T00:00:00Z"} | {
        key: rate[key] for key in ("limit", "remaining", "used")
    }


def _visible_reviews(execution: Execution, pull: PullRequest, **arguments: Any) -> Json:
    states = arguments.get("states")
    seen = [
        review
        for review in pull.reviews
        if (review.state != "PENDING" or review.user is execution.actor.user)
        and (not states or review.state in states)
    ]
    return connection("reviews", seen, **arguments)


def _threads(_: Execution, pull: PullRequest, **arguments: Any) -> Json:
    return connection("reviewThreads", pull.threads, **arguments)


def _writes(execution: Execution, thing: ReviewComment | IssueComment | Review) -> bool:
    return thing.user is execution.actor.user


def _minimizable() -> dict[str, Field]:
    return {
        "isMinimized": lambda e, c: c.minimized is not None,
        "minimizedReason": lambda e, c: c.minimized,
        "viewerCanMinimize": lambda e, c: True,
    }


def _text_of(thing: str) -> dict[str, Field]:
    """Fields that everything with an author and a body has."""
    return {
        "id": lambda e, c: node_id(c),
        "databaseId": lambda e, c: c.id,
        "fullDatabaseId": lambda e, c: str(c.id),
        "author": lambda e, c: getattr(c, thing),
        "authorAssociation": lambda e, c: "NONE",
        "body": lambda e, c: c.body or "",
        "bodyText": lambda e, c: c.body or "",
        "viewerDidAuthor": lambda e, c: getattr(c, thing) is e.actor.user,
    }


FIELDS: dict[str, dict[str, Field]] = {
    "Query": {
        "id": lambda e, q: "Q",
        "repository": _repository,
        "viewer": _viewer,
        "node": lambda e, q, **a: e.node(a["id"]),
        "nodes": lambda e, q, ids: [e.node(one) for one in ids],
        "rateLimit": _rate_limit,
    },
    "Repository": {
        "id": lambda e, r: node_id(r),
        "databaseId": lambda e, r: r.id,
        "name": lambda e, r: r.name,
        "nameWithOwner": lambda e, r: r.full_name,
        "owner": lambda e, r: r.owner,
        "isPrivate": lambda e, r: r.private,
        "isFork": lambda e, r: r.parent is not None,
        "url": lambda e, r: f"{e.bodies.web}/{r.full_name}",
        "pullRequest": _pull,
    },
    "PullRequest": _text_of("author")
    | {
        "number": lambda e, p: p.number,
        "title": lambda e, p: p.title,
        "url": lambda e, p: e.bodies.pull_page(p),
        "permalink": lambda e, p: e.bodies.pull_page(p),
        "state": lambda e, p: "MERGED" if p.merged else p.state.upper(),
        "closed": lambda e, p: p.state == "closed",
        "merged": lambda e, p: p.merged,
        "isDraft": lambda e, p: p.draft,
        "isCrossRepository": lambda e, p: p.head_repository is not p.repository,
        "baseRefName": lambda e, p: p.base_ref,
        "baseRefOid": lambda e, p: p.base_sha,
        "headRefName": lambda e, p: p.head_ref,
        "headRefOid": lambda e, p: p.head_sha,
        "headRepository": lambda e, p: p.head_repository,
        "baseRepository": lambda e, p: p.repository,
        "repository": lambda e, p: p.repository,
        "changedFiles": lambda e, p: len(diff_of(p).files),
        "createdAt": lambda e, p: p.created_at,
        "updatedAt": lambda e, p: p.updated_at,
        "comments": lambda e, p, **a: connection("comments", p.comments, **a),
        "reviews": _visible_reviews,
        "reviewThreads": _threads,
    },
    "PullRequestReviewThread": {
        "id": lambda e, t: node_id(t),
        "path": lambda e, t: standing(t).path,
        "line": lambda e, t: standing(t).line,
        "startLine": lambda e, t: standing(t).start_line,
        "originalLine": lambda e, t: t.line,
        "originalStartLine": lambda e, t: t.start_line,
        "diffSide": lambda e, t: t.side,
        "startDiffSide": lambda e, t: t.start_side,
        "subjectType": lambda e, t: t.subject.upper(),
        "isResolved": lambda e, t: t.resolved_by is not None,
        "isOutdated": lambda e, t: standing(t).outdated,
        "isCollapsed": lambda e, t: t.resolved_by is not None or standing(t).outdated,
        "resolvedBy": lambda e, t: t.resolved_by,
        "pullRequest": lambda e, t: t.pull,
        "repository": lambda e, t: t.pull.repository,
        "viewerCanReply": lambda e, t: e.actor.may(t.pull.repository, "pull_requests", "write"),
        "viewerCanResolve": lambda e, t: t.resolved_by is None and _may_resolve(e, t),
        "viewerCanUnresolve": lambda e, t: t.resolved_by is not None and _may_resolve(e, t),
        "comments": lambda e, t, **a: connection("comments", _published(e, t), **a),
    },
    "PullRequestReviewComment": _text_of("user")
    | _minimizable()
    | {
        "path": lambda e, c: c.thread.path,
        "line": lambda e, c: standing(c.thread).line,
        "originalLine": lambda e, c: c.thread.line,
        "startLine": lambda e, c: standing(c.thread).start_line,
        "originalStartLine": lambda e, c: c.thread.start_line,
        "outdated": lambda e, c: standing(c.thread).outdated,
        "diffHunk": lambda e, c: c.thread.diff_hunk,
        "subjectType": lambda e, c: c.thread.subject.upper(),
        "state": lambda e, c: "PENDING" if c.review.state == "PENDING" else "SUBMITTED",
        "replyTo": lambda e, c: c.reply_to,
        "pullRequest": lambda e, c: c.thread.pull,
        "pullRequestReview": lambda e, c: c.review,
        "createdAt": lambda e, c: c.created_at,
        "updatedAt": lambda e, c: c.updated_at,
        "url": lambda e, c: f"{e.bodies.pull_page(c.thread.pull)}#discussion_r{c.id}",
        "viewerCanUpdate": _writes,
        "viewerCanDelete": _writes,
        "commit": lambda e, c: CommitObject(c.thread.pull.repository, c.thread.commit_id),
        "originalCommit": lambda e, c: CommitObject(c.thread.pull.repository, c.thread.commit_id),
    },
    "PullRequestReview": _text_of("user")
    | _minimizable()
    | {
        "state": lambda e, r: r.state,
        "submittedAt": lambda e, r: r.submitted_at,
        "url": lambda e, r: f"{e.bodies.pull_page(r.pull)}#pullrequestreview-{r.id}",
        "pullRequest": lambda e, r: r.pull,
        "repository": lambda e, r: r.pull.repository,
        "commit": lambda e, r: CommitObject(r.pull.repository, r.commit_id),
        "comments": lambda e, r, **a: connection("comments", r.comments, **a),
    },
    "IssueComment": _text_of("user")
    | _minimizable()
    | {
        "createdAt": lambda e, c: c.created_at,
        "updatedAt": lambda e, c: c.updated_at,
        "url": lambda e, c: f"{e.bodies.pull_page(c.pull)}#issuecomment-{c.id}",
        "pullRequest": lambda e, c: c.pull,
        "repository": lambda e, c: c.pull.repository,
    },
    "Commit": {
        "id": lambda e, c: f"C_{c.oid}",
        "oid": lambda e, c: c.oid,
        "abbreviatedOid": lambda e, c: c.oid[:7],
        "url": lambda e, c: f"{e.bodies.web}/{c.repository.full_name}/commit/{c.oid}",
        "message": lambda e, c: c.repository.git.text("show", "--no-patch", "--format=%B", c.oid),
        "messageHeadline": lambda e, c: c.repository.git.text("show", "--no-patch", "--format=%s", c.oid),
        "repository": lambda e, c: c.repository,
        "signature": lambda e, c: None,
    },
    "Ref": {
        "id": lambda e, r: f"REF_{r.name}",
        "name": lambda e, r: r.name,
        "prefix": lambda e, r: "refs/heads/",
        "repository": lambda e, r: r.repository,
        "target": lambda e, r: _tip(r),
    },
    "User": {},
    "Bot": {},
}
for _kind in ("User", "Bot"):
    FIELDS[_kind] = {
        "id": lambda e, u: node_id(u),
        "databaseId": lambda e, u: u.id,
        "login": lambda e, u: u.login,
        "url": lambda e, u: f"{e.bodies.web}/{u.login}",
        "resourcePath": lambda e, u: f"/{u.login}",
        "avatarUrl": lambda e, u, **a: f"{e.bodies.web}/avatars/u/{u.id}",
    }
# A Bot's name lacks the suffix that REST gives to Apps; `viewer`, which is a User even for an App, has it.
FIELDS["Bot"]["login"] = lambda e, u: u.login.removesuffix("[bot]")


def _tip(branch: Branch) -> CommitObject | None:
    commit = branch.repository.git.branch(branch.name)
    return None if commit is None else CommitObject(branch.repository, commit)


def _published(execution: Execution, thread: Thread) -> list[ReviewComment]:
    return [
        comment
        for comment in thread.comments
        if comment.review.state != "PENDING" or comment.user is execution.actor.user
    ]


def _may_resolve(execution: Execution, thread: Thread) -> bool:
    repository = thread.pull.repository
    return all(execution.actor.may(repository, name, "write") for name in ("pull_requests", "contents"))
