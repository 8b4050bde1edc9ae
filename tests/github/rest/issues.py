"""Comments on the conversation, and reactions to comments of both kinds."""

from __future__ import annotations

from datetime import datetime

from tests.github.contract import Json
from tests.github.errors import check_body, not_accessible
from tests.github.model import Comment, IssueComment, Reaction, ReviewComment
from tests.github.rest import Answer, Call, found, operation

# A pull request is an issue too: either permission lets an App speak there.
READ, WRITE = "issues|pull_requests:read", "issues|pull_requests:write"


def _comment(call: Call) -> IssueComment:
    comments = [comment for pull in call.repository.pulls.values() for comment in pull.comments]
    return found(comments, lambda comment: comment.id == call.path["comment_id"])


def _review_comment(call: Call) -> ReviewComment:
    comments = [c for pull in call.repository.pulls.values() for c in pull.review_comments]
    return found(comments, lambda comment: comment.id == call.path["comment_id"])


def _own(call: Call, comment: IssueComment) -> None:
    if comment.user is not call.actor.user:
        raise not_accessible()


@operation("issues/create-comment", needs=WRITE, status=201, creates=True)
def create_comment(call: Call) -> Json:
    pull, now = call.pull, call.state.now()
    check_body("IssueComment", call.body["body"])
    comment = IssueComment(call.state.new_id(), pull, call.user, call.body["body"], now, now, call.actor.app)
    pull.comments.append(comment)
    pull.updated_at = now
    return call.bodies.issue_comment(comment)


@operation("issues/list-comments", needs=READ)
def list_comments(call: Call) -> list[Json]:
    since = call.query.get("since")
    after = None if since is None else datetime.fromisoformat(since)
    listed = [one for one in call.pull.comments if after is None or one.updated_at >= after]
    return [call.bodies.issue_comment(comment) for comment in call.page(listed)]


@operation("issues/get-comment", needs=READ)
def get_comment(call: Call) -> Json:
    return call.bodies.issue_comment(_comment(call))


@operation("issues/update-comment", needs=WRITE)
def update_comment(call: Call) -> Json:
    comment = _comment(call)
    _own(call, comment)
    check_body("IssueComment", call.body["body"])
    comment.body, comment.updated_at = call.body["body"], call.state.now()
    return call.bodies.issue_comment(comment)


@operation("issues/delete-comment", needs=WRITE)
def delete_comment(call: Call) -> Answer:
    comment = _comment(call)
    _own(call, comment)
    comment.pull.comments.remove(comment)
    return Answer(204)


def _react(call: Call, comment: Comment) -> Answer:
    """Who reacts twice alike has reacted once: the second answer is 200."""
    for reaction in comment.reactions:
        if reaction.user is call.actor.user and reaction.content == call.body["content"]:
            return Answer(200, call.bodies.reaction(reaction))
    reaction = Reaction(call.state.new_id(), call.user, call.body["content"], call.state.now())
    comment.reactions.append(reaction)
    return Answer(201, call.bodies.reaction(reaction))


def _reactions(call: Call, comment: Comment) -> list[Json]:
    wanted = call.query.get("content")
    listed = [one for one in comment.reactions if wanted in {None, one.content}]
    return [call.bodies.reaction(reaction) for reaction in call.page(listed)]


@operation("reactions/create-for-issue-comment", needs=WRITE, creates=True)
def react_to_comment(call: Call) -> Answer:
    return _react(call, _comment(call))


@operation("reactions/create-for-pull-request-review-comment", needs="pull_requests:write", creates=True)
def react_to_review_comment(call: Call) -> Answer:
    return _react(call, _review_comment(call))


@operation("reactions/list-for-issue-comment", needs=READ)
def list_reactions(call: Call) -> list[Json]:
    return _reactions(call, _comment(call))


@operation("reactions/list-for-pull-request-review-comment", needs="pull_requests:read")
def list_review_reactions(call: Call) -> list[Json]:
    return _reactions(call, _review_comment(call))
