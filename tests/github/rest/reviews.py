"""Reviews and the comments on the diff."""

from __future__ import annotations

from tests.github import reviews
from tests.github.contract import Json
from tests.github.errors import Refusal, check_body, not_accessible, not_found, unprocessable
from tests.github.model import Review, ReviewComment
from tests.github.rest import Answer, Call, found, operation

READ, WRITE = "pull_requests:read", "pull_requests:write"


def _review(call: Call) -> Review:
    """Another's pending review is nobody's business."""
    return found(
        call.pull.reviews,
        lambda one: (
            one.id == call.path["review_id"] and (one.state != "PENDING" or one.user is call.actor.user)
        ),
    )


@operation("pulls/create-review", needs=WRITE, creates=True)
def create_review(call: Call) -> Json:
    review = reviews.create_review(
        call.state,
        call.pull,
        call.user,
        body=call.body.get("body") or "",
        event=call.body.get("event"),
        commit=call.body.get("commit_id"),
        drafts=[reviews.draft_of(comment) for comment in call.body.get("comments") or []],
    )
    return call.bodies.review(review)


@operation("pulls/list-reviews", needs=READ)
def list_reviews(call: Call) -> list[Json]:
    seen = [one for one in call.pull.reviews if one.state != "PENDING" or one.user is call.actor.user]
    return [call.bodies.review(review) for review in call.page(seen)]


@operation("pulls/get-review", needs=READ)
def get_review(call: Call) -> Json:
    return call.bodies.review(_review(call))


@operation("pulls/update-review", needs=WRITE)
def update_review(call: Call) -> Json:
    review = _review(call)
    _own(call, review)
    review.body = call.body["body"]
    return call.bodies.review(review)


@operation("pulls/submit-review", needs=WRITE, creates=True)
def submit_review(call: Call) -> Json:
    review = _review(call)
    _own(call, review)
    reviews.submit_review(call.state, review, event=call.body["event"], body=call.body.get("body"))
    return call.bodies.review(review)


@operation("pulls/delete-pending-review", needs=WRITE)
def delete_review(call: Call) -> Json:
    review = _review(call)
    _own(call, review)
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    body = call.bodies.review(review)
    for comment in review.comments:
        reviews.delete_comment(comment)
    if review in call.pull.reviews:
        call.pull.reviews.remove(review)
    return body


@operation("pulls/dismiss-review", needs=WRITE)
def dismiss_review(call: Call) -> Json:
    review = _review(call)
    reviews.dismiss_review(review, call.body["message"])
    return call.bodies.review(review)


@operation("pulls/list-comments-for-review", needs=READ)
def list_review_comments(call: Call) -> list[Json]:
    comments = call.page(_review(call).comments)
    return [call.bodies.review_comment(comment, "review-comment") for comment in comments]


def _own(call: Call, thing: Review | ReviewComment) -> None:
    if thing.user is not call.actor.user:
        raise not_accessible()


def _comment(call: Call) -> ReviewComment:
    comments = [c for pull in call.repository.pulls.values() for c in pull.review_comments]
    return found(comments, lambda comment: comment.id == call.path["comment_id"])


@operation("pulls/create-review-comment", needs=WRITE, status=201, creates=True)
def create_comment(call: Call) -> Json:
    pull = call.pull
    if "in_reply_to" in call.body:
        root = found(pull.review_comments, lambda comment: comment.id == call.body["in_reply_to"])
        return call.bodies.review_comment(
            reviews.reply(call.state, root.thread, call.user, call.body["body"])
        )
    comment = reviews.create_comment(
        call.state, pull, call.user, commit=call.body["commit_id"], draft=reviews.draft_of(call.body)
    )
    return call.bodies.review_comment(comment)


@operation("pulls/create-reply-for-review-comment", needs=WRITE, status=201, creates=True)
def create_reply(call: Call) -> Json:
    root = found(call.pull.review_comments, lambda comment: comment.id == call.path["comment_id"])
    if root.reply_to is not None:
        raise not_found()  # replies to replies are not supported
    return call.bodies.review_comment(reviews.reply(call.state, root.thread, call.user, call.body["body"]))


@operation("pulls/list-review-comments", needs=READ)
def list_comments(call: Call) -> list[Json]:
    comments = list(call.pull.review_comments)
    if call.query.get("direction") == "desc" and "sort" in call.query:
        comments.reverse()
    return [call.bodies.review_comment(comment) for comment in call.page(comments)]


@operation("pulls/get-review-comment", needs=READ)
def get_comment(call: Call) -> Json:
    return call.bodies.review_comment(_comment(call))


@operation("pulls/update-review-comment", needs=WRITE)
def update_comment(call: Call) -> Json:
    comment = _comment(call)
    _own(call, comment)
    check_body("PullRequestReviewComment", call.body["body"])
    comment.body, comment.updated_at = call.body["body"], call.state.now()
    return call.bodies.review_comment(comment)


@operation("pulls/delete-review-comment", needs=WRITE)
def delete_comment(call: Call) -> Answer:
    comment = _comment(call)
    if comment.user is not call.actor.user and call.actor.kind != "user":
        raise Refusal(403, "Resource not accessible by integration")
    reviews.delete_comment(comment)
    return Answer(204)
