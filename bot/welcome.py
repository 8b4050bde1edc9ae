"""A repository that the App comes to is offered a configuration and a baseline, once. Knows no queue."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Self

from gidgethub import BadRequest

from bot import child, metrics
from bot.github import branches, commits, owners
from bot.github.client import Client, Unanswered, is_transient
from bot.github.clone import FetchFailed, Wanted
from bot.github.commits import Commit, NotCommitted, Target
from bot.github.tokens import is_gone
from bot.services import Access, Services
from bot.welcome_words import HEADLINE, TITLE, body
from checks.onboarding import Onboarding

log = logging.getLogger(__name__)

BRANCH = "rubricate/configure"
COMMIT = "onboarding"
OPENED = "opened"
# An installation may come to hundreds of projects at once, and each pull request tells people.
MOST_OPENED = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A repository that an installation has come to, and by which delivery."""

    installation: int
    repository: int
    full_name: str
    delivery: str

    @property
    def partition(self) -> str:
        """The installation: its repositories are looked at one after the other, behind reviews."""
        return f"welcome/{self.installation}/"

    @property
    def id(self) -> str:
        """The workflow's id."""
        return f"{self.partition}{self.repository}/{self.delivery}"

    @property
    def subject(self) -> dict[str, Any]:
        """What the log says that it is about."""
        return {"delivery": self.delivery, "repository": self.full_name}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """What `to_record` wrote, read back."""
        return cls(**record)

    def to_record(self) -> dict[str, Any]:
        """The candidate as JSON values."""
        return asdict(self)


class Declined(Exception):
    """There is nothing to be opened. The message is one plain sentence for the log."""


async def perform(
    services: Services, candidate: Candidate, opened: Callable[[], Awaitable[int]]
) -> dict[str, str]:
    """Open the pull request, or leave the repository alone. Raises only what may go away by itself.

    `opened` counts those of the installation lately. Done anew after an interruption at any instant it doubles nothing.
    """
    try:
        await _perform(services, candidate, opened)
    except (Declined, NotCommitted, child.ReviewFailed) as reason:
        answer = _left(str(reason))
    except FetchFailed as error:
        if error.passing:
            raise Unanswered(str(error)) from None
        answer = _left(str(error))
    except BadRequest as error:
        if int(error.status_code) == 401:  # revoked before its time: the next try asks for a new one
            services.tokens.forget(candidate.installation)
            raise Unanswered("GitHub refused the token") from None
        answer = _left("It is gone." if is_gone(error) else "GitHub refused a request.")
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("%s: a mistake in Rubricate", candidate.id)
        metrics.ERRORS.labels("onboarding").inc()
        answer = _left("There is a mistake in Rubricate.")
    else:
        answer = {"word": OPENED, "sentence": ""}
    log.info("%s: %s %s", candidate.full_name, answer["word"], answer["sentence"])
    return answer


async def _perform(services: Services, candidate: Candidate, opened: Callable[[], Awaitable[int]]) -> None:
    """Ask for what costs least first: most repositories of an account are no projects of ours."""
    rights = {"contents": "write", "pull_requests": "write"}
    client = await services.narrowed(candidate.installation, candidate.repository, **rights)
    if client is None:
        raise Declined("The installation may not write files and pull requests.")
    facts = await client.getitem(f"/repos/{candidate.full_name}")
    name, default = facts["full_name"], facts["default_branch"]
    if facts["archived"] or facts["disabled"] or facts["fork"]:
        raise Declined("It is archived, disabled or a fork.")
    if "Python" not in await client.getitem(f"/repos/{name}/languages"):
        raise Declined("It holds no Python.")
    if await branches.find_pull(client, name, BRANCH) is not None:
        raise Declined("The pull request was opened before.")
    head, made = await _start(client, name, default)
    if made is None and await opened() >= MOST_OPENED:
        raise Declined(f"{MOST_OPENED} pull requests were opened for this installation.")
    access = await services.access(candidate.installation, candidate.repository)
    found = await _prepare(services, candidate, access, head)
    if made is None:
        await branches.begin(client, name, BRANCH, head)
        await commits.commit(client, Target(name, BRANCH, head), found.files, HEADLINE, COMMIT)
    await branches.open_pull(client, name, BRANCH, default, TITLE, body(found))


async def _start(client: Client, name: str, default: str) -> tuple[str, Commit | None]:
    """The commit to begin at, and our own on top of it where an interruption came behind that."""
    main, ours = await branches.tip(client, name, default), await branches.tip(client, name, BRANCH)
    if main is None:
        raise Declined("It is empty.")
    if ours is None:
        return main, None
    made = await commits.find(client, Target(name, BRANCH, ours), COMMIT)
    if made is not None:
        tip = await client.getitem(f"/repos/{name}/commits/{made.id}")
        return str(tip["parents"][0]["sha"]), made
    if await branches.is_untouched(client, name, BRANCH, default):
        return ours, None
    raise Declined("Somebody else has a branch of that name.")


async def _prepare(services: Services, candidate: Candidate, access: Access, head: str) -> Onboarding:
    """What to add, found out in a child. Raises `Declined` where that is nothing."""
    config = services.config
    defaults = await owners.defaults(candidate.full_name, partial(services.reading, candidate.installation))
    wanted = Wanted(candidate.installation, candidate.repository, candidate.full_name, 0, head, head)
    async with services.clones.holding(wanted, access.token.value) as clone:
        found = await child.onboarding(config.child, config.limits, clone, head, defaults=defaults)
    if found.reason:
        raise Declined(found.reason)
    return found


def _left(sentence: str) -> dict[str, str]:
    return {"word": "left", "sentence": sentence}
