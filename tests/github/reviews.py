"""Reviews and the threads of their comments: which GitHub takes, and where they stand when the head moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.github.diff import Hunk, Line, moved
from tests.github.errors import Refusal, check_body, joined, unprocessable
from tests.github.model import PullRequest, Review, ReviewComment, Side, Thread, User
from tests.github.pulls import diff_of, holds, merge_base
from tests.github.state import State

STATES: Mapping[str, Literal["COMMENTED", "APPROVED", "CHANGES_REQUESTED"]] = {
    "COMMENT": "COMMENTED",
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment as it was asked for, whichever API asked."""

    path: str
    body: str
    line: int | None = None
    side: str = "RIGHT"
    start_line: int | None = None
    start_side: str | None = None
    position: int | None = None
    subject: Literal["line", "file"] = "line"


class Misplaced(Exception):
    """The diff does not hold the place of a comment: (field, what is wrong with it)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(str(faults))
        self.faults = list(faults)

    def sentence(self) -> str:
        """As the review endpoint says it."""
        return joined(
            [f"Pull request review thread {field.replace('_', ' ')} {text}" for field, text in self.faults]
        )

    def refusal(self) -> Refusal:
        """As the endpoint for single comments says it."""
        errors = [
            {
                "resource": "PullRequestReviewComment",
                "code": "missing_field" if field == "diff_hunk" else "custom",
                "field": f"pull_request_review_thread.{field}",
                **({} if field == "diff_hunk" else {"message": f"pull_request_review_thread.{field} {text}"}),
            }
            for field, text in self.faults
        ]
        return Refusal(422, "Validation Failed", errors=errors)


_NO_HUNK = ("diff_hunk", "can't be blank")


def place(state: State, pull: PullRequest, commit: str, draft: Draft) -> Thread:
    """A thread without comments, where `draft` asks for it. Raises Misplaced when the diff does not hold the place."""
    file = diff_of(pull, commit).file(draft.path)
    if file is None:
        raise Misplaced([("path", "is invalid"), _NO_HUNK])
    thread = Thread(
        id=state.new_id(),
        pull=pull,
        path=draft.path,
        side=_side(draft.side),
        line=None,
        start_line=None,
        start_side=None,
        position=None,
        commit_id=commit,
        base_id=merge_base(pull, commit),
        diff_hunk="",
        subject=draft.subject,
    )
    if draft.subject == "file":
        return thread
    if draft.position is not None:
        found = file.at_position(draft.position)
        if found is None:
            raise Misplaced([("position", "is invalid"), _NO_HUNK])
        thread.side = "RIGHT" if found[1].new is not None else "LEFT"
    elif draft.line is None:
        raise Misplaced([("line", "can't be blank"), _NO_HUNK])
    else:
        found = file.find(draft.side, draft.line)
    start = _start(draft, found, file.find(draft.start_side or draft.side, draft.start_line or 0))
    assert found is not None
    hunk, last = found
    thread.line = last.new if thread.side == "RIGHT" else last.old
    thread.position = last.position
    if start is not None:
        thread.start_line, thread.start_side = draft.start_line, _side(draft.start_side or draft.side)
    shown = [line.text for line in hunk.lines if line.position <= last.position]
    thread.diff_hunk = "\n".join([hunk.header, *shown])
    return thread


def _side(text: str) -> Side:
    return "LEFT" if text == "LEFT" else "RIGHT"


def _start(draft: Draft, last: tuple[Hunk, Line] | None, first: tuple[Hunk, Line] | None) -> Line | None:
    """The first line of a range. Raises Misplaced unless both ends stand, in order, in one hunk."""
    faults = [] if last is not None else [("line", "must be part of the diff")]
    if draft.start_line is None or draft.position is not None:
        if faults:
            raise Misplaced([*faults, _NO_HUNK])
        return None
    if (
        draft.line is not None
        and draft.start_line >= draft.line
        and draft.side == (draft.start_side or draft.side)
    ):
        raise Misplaced([*faults, ("start_line", "must precede the end line.")])
    if first is None or last is None or first[0] is not last[0]:
        faults.append(("start_line", "must be part of the same hunk as the line."))
        raise Misplaced([*faults, *([_NO_HUNK] if last is None else [])])
    if first[1].position >= last[1].position:
        raise Misplaced([("start_line", "must precede the end line.")])
    return first[1]


def create_review(
    state: State,
    pull: PullRequest,
    user: User,
    *,
    body: str,
    event: str | None,
    commit: str | None,
    drafts: Sequence[Draft],
) -> Review:
    """Makes a review with all its comments, or nothing at all. Raises Refusal."""
    commit = commit or pull.head_sha
    if not holds(pull, commit):
        raise unprocessable("Commit is not part of the pull request")
    _check_event(pull, user, event, body)
    if any(review.state == "PENDING" and review.user is user for review in pull.reviews):
        raise unprocessable("User can only have one pending review per pull request")
    if len(body) > 65_536:
        raise unprocessable("Body is too long (maximum is 65536 characters)")
    threads, faults = [], []
    for draft in drafts:
        if len(draft.body) > 65_536:
            faults.append("Pull request review comments body is too long (maximum is 65536 characters)")
        elif not draft.body.strip():
            faults.append("Pull request review comments body can't be blank")
        try:
            threads.append(place(state, pull, commit, draft))
        except Misplaced as misplaced:
            faults.append(misplaced.sentence())
    if faults:
        raise unprocessable(*dict.fromkeys(faults))
    now = state.now()
    review = Review(
        id=state.new_id(),
        pull=pull,
        user=user,
        body=body,
        state=STATES[event] if event else "PENDING",
        commit_id=commit,
        submitted_at=now if event else None,
    )
    pull.reviews.append(review)
    for thread, draft in zip(threads, drafts, strict=True):
        thread.comments.append(ReviewComment(state.new_id(), thread, review, user, draft.body, now, now))
        pull.threads.append(thread)
    pull.updated_at = now
    return review


def _check_event(pull: PullRequest, user: User, event: str | None, body: str) -> None:
    if event in {"APPROVE", "REQUEST_CHANGES"} and pull.author is user:
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise unprocessable(f"Can not {verb} your own pull request")
    if event in {"COMMENT", "REQUEST_CHANGES"} and not body.strip():
        raise unprocessable("Body can't be blank")


def submit_review(state: State, review: Review, *, event: str, body: str | None) -> None:
    if review.state != "PENDING":
        raise unprocessable("Can not submit a review that is not pending")
    _check_event(review.pull, review.user, event, body or review.body)
    review.state, review.submitted_at = STATES[event], state.now()
    review.body = body or review.body


def dismiss_review(review: Review, message: str) -> None:
    if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
        state = review.state.lower().replace("_", " ")
        raise unprocessable(f"Can not dismiss a {state} pull request review")
    if not message.strip():
        raise unprocessable("Message can't be blank")
    review.state, review.dismissal = "DISMISSED", message


def create_comment(
    state: State, pull: PullRequest, user: User, *, commit: str, draft: Draft
) -> ReviewComment:
    """One comment with a review of its own around it. Raises Refusal."""
    check_body("PullRequestReviewComment", draft.body)
    if any(review.state == "PENDING" and review.user is user for review in pull.reviews):
        raise Refusal(
            422,
            "Validation Failed",
            errors=[
                {
                    "resource": "PullRequestReview",
                    "code": "custom",
                    "field": "user_id",
                    "message": "user_id can only have one pending review per pull request",
                }
            ],
        )
    if not holds(pull, commit):
        raise Misplaced([("end_commit_oid", "is not part of the pull request"), _NO_HUNK]).refusal()
    try:
        thread = place(state, pull, commit, draft)
    except Misplaced as misplaced:
        raise misplaced.refusal() from None
    review = create_empty_review(state, pull, user, commit)
    pull.threads.append(thread)
    return add_comment(state, thread, review, user, draft.body)


def create_empty_review(state: State, pull: PullRequest, user: User, commit: str) -> Review:
    """The review that GitHub puts around a comment that was made without one."""
    review = Review(state.new_id(), pull, user, "", "COMMENTED", commit, state.now())
    pull.reviews.append(review)
    return review


def add_comment(
    state: State, thread: Thread, review: Review, user: User, body: str, reply_to: ReviewComment | None = None
) -> ReviewComment:
    now = state.now()
    comment = ReviewComment(state.new_id(), thread, review, user, body, now, now, reply_to)
    thread.comments.append(comment)
    thread.pull.updated_at = now
    return comment


def reply(state: State, thread: Thread, user: User, body: str) -> ReviewComment:
    check_body("PullRequestReviewComment", body)
    review = create_empty_review(state, thread.pull, user, thread.pull.head_sha)
    return add_comment(state, thread, review, user, body, thread.comments[0])


def delete_comment(comment: ReviewComment) -> None:
    """A thread without comments is gone too, as is a review that said nothing else."""
    thread, pull = comment.thread, comment.thread.pull
    thread.comments.remove(comment)
    for other in thread.comments:
        if other.reply_to is comment:
            other.reply_to = thread.comments[0] if other is not thread.comments[0] else None
    if not thread.comments:
        pull.threads.remove(thread)
    if not comment.review.body and not comment.review.comments:
        pull.reviews.remove(comment.review)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a thread stands on the pull request's head: no line when it is outdated, or about a whole file."""

    path: str
    line: int | None = None
    start_line: int | None = None
    position: int | None = None
    outdated: bool = False


def standing(thread: Thread) -> Standing:
    """Follows the thread's lines from the commit that it was made on to the head."""
    pull, git = thread.pull, thread.pull.repository.git
    diff = diff_of(pull)
    if thread.subject == "file" or thread.line is None:
        return Standing(thread.path, outdated=diff.file(thread.path) is None)
    if thread.side == "RIGHT":
        old, new = thread.commit_id, pull.head_sha
    else:
        old, new = thread.base_id, merge_base(pull)
    gone = Standing(thread.path, outdated=True)
    there = moved(git, old, new, thread.path, thread.line)
    if there is None:
        return gone
    path, line = there
    file = diff.file(path) or next((f for f in diff.files if f.previous_path == path), None)
    found = file.find(thread.side, line) if file else None
    if file is None or found is None:
        return gone
    start = None
    if thread.start_line is not None and thread.start_side == thread.side:
        first = moved(git, old, new, thread.path, thread.start_line)
        if first is None or first[1] >= line:
            return gone
        start = first[1]
    elif thread.start_line is not None:
        start = thread.start_line
    return Standing(file.path, line, start, found[1].position)


def draft_of(given: Mapping[str, Any]) -> Draft:
    """A comment as REST spells it."""
    return Draft(
        path=given["path"],
        body=given["body"],
        line=given.get("line"),
        side=given.get("side", "RIGHT"),
        start_line=given.get("start_line"),
        start_side=None if given.get("start_side") in {None, "side"} else given["start_side"],
        position=given.get("position"),
        subject="file" if given.get("subject_type") == "file" else "line",
    )
