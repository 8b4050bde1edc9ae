"""People who speak to the App: they comment, answer in threads, tick boxes and press buttons."""

from __future__ import annotations

from tests.bot.conftest import World
from tests.github import CheckRun, IssueComment, PullRequest, ReviewComment, Thread

WRITER = "ada"


async def say(world: World, pull: PullRequest, body: str, login: str = WRITER) -> IssueComment:
    """A comment on the conversation, and all that the App does then."""
    comment = world.github.comment(pull, login, body)
    await hear(world, comment)
    return comment


async def hear(world: World, comment: IssueComment) -> None:
    delivery = await world.deliver("issue_comment", "created", comment=comment, sender=comment.user.login)
    assert delivery.status == 202, delivery
    await world.settle()


async def reply(world: World, thread: Thread, body: str, login: str = WRITER) -> ReviewComment:
    """An answer in a thread."""
    comment = world.github.reply(thread, login, body)
    await world.deliver("pull_request_review_comment", "created", comment=comment, sender=login)
    await world.settle()
    return comment


async def tick(world: World, comment: IssueComment, title: str, login: str = WRITER, mark: str = "x") -> None:
    """Tick (or clear) the box of an item, as GitHub's page does: by an edit of our comment."""
    before = comment.body
    lines = [
        line[:3] + mark + line[4:] if line.startswith("- [") and title in line else line
        for line in before.split("\n")
    ]
    assert lines != before.split("\n"), f"no such box: {title}"
    await edit(world, comment, "\n".join(lines), login)


async def edit(world: World, comment: IssueComment, body: str, login: str = WRITER) -> None:
    changes = {"body": {"from": comment.body}}
    comment.body, comment.updated_at = body, world.github.state.now()
    await world.deliver("issue_comment", "edited", comment=comment, sender=login, changes=changes)
    await world.settle()


async def press(world: World, run: CheckRun, button: str, login: str = WRITER) -> None:
    """A button of the check run."""
    action = {"identifier": button}
    await world.deliver("check_run", "requested_action", run=run, sender=login, requested_action=action)
    await world.settle()


def answers(world: World) -> list[str]:
    """What we said on the conversation."""
    ours = world.github.state.app.bot
    return [comment.body for comment in world.github.comments if comment.user is ours]


def reactions(comment: IssueComment | ReviewComment) -> list[str]:
    return [reaction.content for reaction in comment.reactions]
