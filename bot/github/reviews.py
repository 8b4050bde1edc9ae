"""One review per push: all its comments at once, and never lost for the sake of one that GitHub refuses."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from gidgethub import InvalidField, QueryError, ValidationError

from bot.github import markers
from bot.github.client import Client
from bot.github.comments import LONGEST_BODY, Comment, Earlier, Plan, Pull, earlier

log = logging.getLogger(__name__)

ADD_THREAD = """
mutation AddThread($input: AddPullRequestReviewThreadInput!) {
  addPullRequestReviewThread(input: $input) { thread { id } }
}
"""


async def post(client: Client, pull: Pull, plan: Plan, author: str) -> Mapping[str, Any]:
    """Post the review of this head, or find that it stands there already. Returns GitHub's review."""
    mark = markers.review(pull.head, pull.base)
    said: Earlier | None = None

    async def find() -> Mapping[str, Any] | None:
        nonlocal said
        said = await earlier(client, pull, author)
        return said.review(mark)

    async def create() -> Mapping[str, Any]:
        if said is not None and said.pending is not None:
            await client.delete(f"{pull.url}/reviews/{said.pending['id']}")
        return await _create(client, pull, plan, mark)

    return await client.ensure(find, create)


async def _create(client: Client, pull: Pull, plan: Plan, mark: str) -> Mapping[str, Any]:
    """Everything in one request where it can be; piece by piece where a comment is about a file or is refused.

    GitHub takes a review whole or not at all, and does not say which comment it refused.
    """
    on_lines = [comment for comment in plan.comments if comment.placement.kind != "file"]
    on_files = [comment for comment in plan.comments if comment.placement.kind == "file"]
    body = _body(pull, plan, mark)
    request = {"commit_id": pull.head, "body": body, "comments": [_on_line(each) for each in on_lines]}
    try:
        if not on_files:
            return _known(await client.post(f"{pull.url}/reviews", data={**request, "event": "COMMENT"}))
        review = await client.post(f"{pull.url}/reviews", data=request)
        rest = on_files
    except (InvalidField, ValidationError) as refusal:
        log.warning("GitHub refused a review of %s#%d as a whole: %s", pull.repository, pull.number, refusal)
        review = await client.post(f"{pull.url}/reviews", data={**request, "comments": []})
        rest = [*on_lines, *on_files]
    homeless = [each for each in rest if not await _add(client, review["node_id"], each)]
    url = f"{pull.url}/reviews/{review['id']}/events"
    return _known(
        await client.post(url, data={"event": "COMMENT", "body": _body(pull, plan, mark, homeless)})
    )


async def _add(client: Client, review: str, comment: Comment) -> bool:
    """Add one comment to a pending review: on its line, else about its file. Returns whether GitHub took it."""
    place = comment.placement
    about_file = {
        "path": place.path,
        "body": comment.body,
        "subjectType": "FILE",
        "pullRequestReviewId": review,
    }
    on_line: dict[str, Any] = {**about_file, "subjectType": "LINE", "line": place.line, "side": place.side}
    if place.start_line is not None:
        on_line |= {"startLine": place.start_line, "startSide": place.side}
    for draft in [about_file] if place.kind == "file" else [on_line, about_file]:
        try:
            answer = await client.query(ADD_THREAD, input=draft)
        except QueryError as error:
            if not _is_refused(error):
                raise
            continue
        if (
            answer["addPullRequestReviewThread"]["thread"] is not None
        ):  # null is how GitHub says that there is no such line
            return True
    return False


def _is_refused(error: QueryError) -> bool:
    kinds = {each.get("type") for each in error.response.get("errors", [])}
    return kinds <= {"UNPROCESSABLE", None}


def _on_line(comment: Comment) -> dict[str, Any]:
    place = comment.placement
    draft: dict[str, Any] = {"path": place.path, "body": comment.body, "line": place.line, "side": place.side}
    if place.start_line is not None:
        draft |= {"start_line": place.start_line, "start_side": place.side}
    return draft


def _body(pull: Pull, plan: Plan, mark: str, homeless: Sequence[Comment] = ()) -> str:
    """A sentence, what found no place of its own, and the marks."""
    count = len(plan.comments)
    text = f"{count} new finding{'s' if count != 1 else ''} at {pull.head[:10]}."
    if plan.told:
        text += (
            f" {len(plan.told)} more stand{'s' if len(plan.told) == 1 else ''} in the check's annotations."
        )
    marks = f"\n\n{mark}\n{markers.told(plan.told)}"
    for comment in homeless:
        finding = comment.finding
        entry = f"\n\n---\n`{finding.path.replace('`', '')}`, line {finding.span.line}:\n\n{comment.body}"
        if len(text) + len(entry) + len(marks) > LONGEST_BODY:
            entry = "\n\n" + markers.finding(finding.fingerprint)
        if len(text) + len(entry) + len(marks) <= LONGEST_BODY:
            text += entry
    return text + marks


def _known(review: Any) -> Mapping[str, Any]:
    assert isinstance(review, Mapping)
    return review
