"""One review per push: all its comments at once, and never lost for the sake of one that GitHub refuses."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gidgethub import InvalidField, QueryError, ValidationError

from bot.github import markers
from bot.github.client import Client
from bot.github.comments import LONGEST_BODY, Comment, Pull, sendable
from bot.github.earlier import Earlier, earlier
from bot.github.plan import Plan
from checks.model import Finding
from checks.report import words
from checks.report.escape import code, sentence

log = logging.getLogger(__name__)

ADD_THREAD = """
mutation AddThread($input: AddPullRequestReviewThreadInput!) {
  addPullRequestReviewThread(input: $input) { thread { id } }
}
"""


@dataclass(frozen=True, slots=True)
class Speech:
    """What a review says beside its comments: whether it blocks the merge, and what has no other place to stand.

    `elsewhere` is where the findings without a comment are shown; where they are shown nowhere, `listed` are in the
    review itself.
    """

    blocks: bool = False
    elsewhere: str = "the check's annotations"
    listed: tuple[Finding, ...] = ()


async def post(client: Client, pull: Pull, plan: Plan, speech: Speech, author: str) -> Mapping[str, Any]:
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
        return await _create(client, pull, plan, speech)

    return await client.ensure(find, create)


async def dismiss(client: Client, pull: Pull, said: Earlier) -> None:
    """Take back what blocks the merge: nothing that it was about stands any more."""
    message = f"Nothing that blocks the merge stands in {pull.head[:7]}."
    for review in said.requests:
        url = f"{pull.url}/reviews/{review['id']}/dismissals"

        async def find(url: str = url.removesuffix("/dismissals")) -> object:
            now = await client.getitem(url)
            return now if now["state"] != "CHANGES_REQUESTED" else None

        async def create(url: str = url) -> object:
            return await client.put(url, data={"message": message})

        await client.ensure(find, create)


async def _create(client: Client, pull: Pull, plan: Plan, speech: Speech) -> Mapping[str, Any]:
    """Everything in one request where it can be; piece by piece where a comment is about a file or is refused.

    GitHub takes a review whole or not at all, and does not say which comment it refused.
    """
    on_lines = [comment for comment in plan.comments if comment.placement.kind != "file"]
    on_files = [comment for comment in plan.comments if comment.placement.kind == "file"]
    body = _body(pull, plan, speech)
    event = "REQUEST_CHANGES" if speech.blocks else "COMMENT"
    request = {"commit_id": pull.head, "body": body, "comments": [_on_line(each) for each in on_lines]}
    try:
        if not on_files:
            return _known(await client.post(f"{pull.url}/reviews", data={**request, "event": event}))
        review = await client.post(f"{pull.url}/reviews", data=request)
        rest = on_files
    except (InvalidField, ValidationError) as refusal:
        log.warning("GitHub refused a review of %s#%d as a whole: %s", pull.repository, pull.number, refusal)
        review = await client.post(f"{pull.url}/reviews", data={**request, "comments": []})
        rest = [*on_lines, *on_files]
    homeless = [each for each in rest if not await _add(client, review["node_id"], each)]
    return await _submit(client, pull, review, event, _body(pull, plan, speech, homeless))


async def _submit(
    client: Client, pull: Pull, review: Mapping[str, Any], event: str, body: str
) -> Mapping[str, Any]:
    """Submit a pending review. On a pull request of our own account none can block: it comments then."""
    url = f"{pull.url}/reviews/{review['id']}/events"
    try:
        return _known(await client.post(url, data={"event": event, "body": body}))
    except (InvalidField, ValidationError):
        if event == "COMMENT":
            raise
        return _known(await client.post(url, data={"event": "COMMENT", "body": body}))


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


def _body(pull: Pull, plan: Plan, speech: Speech, homeless: Sequence[Comment] = ()) -> str:
    """A sentence, what found no place of its own, and the marks."""
    marks = [markers.review(pull.head, pull.base), markers.told(plan.told)]
    text = _opening(pull, plan, speech)
    for comment in homeless:
        finding = comment.finding
        keys = [markers.finding(each.fingerprint) for each in (finding, *comment.others)]
        said = _without_marks(comment.body)
        entry = f"\n\n---\n{code(words.place(finding.path, finding.span.line))}:\n\n{said}"
        marks[:0] = keys
        if len(text) + len(entry) + sum(len(mark) + 1 for mark in marks) < LONGEST_BODY:
            text += entry
    room = LONGEST_BODY - len(text) - sum(len(mark) + 1 for mark in marks) - 100
    text += _list(speech.listed, room)
    return "\n".join((f"{sendable(text)}\n", *marks))


def _opening(pull: Pull, plan: Plan, speech: Speech) -> str:
    count = len(plan.comments)
    if not count and speech.blocks:
        return f"What blocks the merge stands again in {pull.head[:10]}."
    if not count:
        return f"{words.amount(len(speech.listed), 'finding')} in {pull.head[:10]}:"
    text = f"{words.amount(count, 'new finding')} at {pull.head[:10]}."
    if len(plan.told) == 1:
        text += f" 1 more stands in {speech.elsewhere}."
    elif plan.told:
        text += f" {len(plan.told):,} more stand in {speech.elsewhere}."
    return text


def _list(findings: Sequence[Finding], room: int) -> str:
    """Findings as a list, as many as there is room for, and how many are left out."""
    text = ""
    for number, finding in enumerate(findings):
        place = code(words.place(finding.path, finding.span.line))
        entry = f"\n- {finding.severity.label}: {place}: {sentence(finding.message)}"
        if len(text) + len(entry) > room:
            return f"{text}\n- and {words.amount(len(findings) - number, 'more finding')}"
        text += entry
    return f"\n{text}" if text else ""


def _without_marks(body: str) -> str:
    return body.removesuffix(markers.closing(body)).rstrip()


def _known(review: Any) -> Mapping[str, Any]:
    assert isinstance(review, Mapping)
    return review
