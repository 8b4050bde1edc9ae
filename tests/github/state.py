"""Everything that the stand-in holds, and how it is found again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tests.github.auth import Keyring
from tests.github.deliveries import Attempt
from tests.github.errors import not_found
from tests.github.git import Git
from tests.github.model import (
    App,
    CheckRun,
    CheckSuite,
    Grant,
    Installation,
    IssueComment,
    PullRequest,
    Registration,
    Repository,
    Review,
    ReviewComment,
    Thread,
    User,
)

Node = PullRequest | Review | ReviewComment | IssueComment | Thread | Repository | User | CheckRun

_PREFIXES: dict[type, str] = {
    App: "A",
    CheckRun: "CR",
    CheckSuite: "CS",
    IssueComment: "IC",
    PullRequest: "PR",
    Repository: "R",
    Review: "PRR",
    ReviewComment: "PRRC",
    Thread: "PRRT",
    User: "U",
}


def node_id(thing: Node | App | CheckSuite) -> str:
    """The id by which GraphQL (and webhooks' `node_id`) know a thing."""
    return f"{_PREFIXES[type(thing)]}_kwDO{thing.id:08x}"


class State:
    """The data of one GitHub: people, installations, repositories."""

    def __init__(self, root: Path, app: App, clock: Callable[[], datetime]) -> None:
        self.root = root
        self.app = app
        self.clock = clock
        self.keyring = Keyring()
        self.users: dict[str, User] = {}
        self.installations: dict[int, Installation] = {}
        self.repositories: dict[str, Repository] = {}
        self.attempts: list[Attempt] = []
        self.members: dict[str, dict[str, str]] = {}  # of organizations, by login: "active" or "pending"
        self.visitor = "mona"  # whose browser it is that opens GitHub's own pages
        self.registrations: dict[str, Registration] = {}
        self.grants: dict[str, Grant] = {}
        self.webhook_secret = ""
        self.send_again: Callable[[Attempt], None] = lambda attempt: None
        # requests are answered on a thread of their own, one at a time; whoever changes the data meanwhile holds this
        self.lock = threading.RLock()
        self._ids = 1000

    def new_id(self) -> int:
        with self.lock:
            self._ids += 1
            return self._ids

    def now(self) -> datetime:
        return self.clock().replace(microsecond=0)

    def user(self, login: str, kind: str = "User") -> User:
        """The account of that name, made on first mention."""
        found = self.users.get(login.lower())
        if found is None:
            found = self.users[login.lower()] = User(self.new_id(), login, kind)
        return found

    def repository(self, full_name: str) -> Repository:
        """Raises Refusal (404) when there is none."""
        found = self.repositories.get(full_name.lower())
        if found is None:
            raise not_found()
        return found

    def create_repository(
        self, full_name: str, *, private: bool, default_branch: str, parent: Repository | None = None
    ) -> Repository:
        owner, _, name = full_name.partition("/")
        git = Git.create(self.root / f"{owner.lower()}/{name.lower()}.git", default_branch)
        repository = Repository(
            self.new_id(), self.user(owner), name, git, private, default_branch, self.now(), parent=parent
        )
        self.repositories[full_name.lower()] = repository
        return repository

    def suite(self, repository: Repository, app: App, sha: str) -> CheckSuite:
        """The suite of an App on a commit, made on first mention."""
        for suite in repository.suites:
            if suite.app is app and suite.head_sha == sha:
                return suite
        suite = CheckSuite(self.new_id(), repository, app, sha, self.now())
        repository.suites.append(suite)
        return suite

    def pushed(self, repository: Repository, sha: str) -> None:
        """GitHub makes a suite for an App that may write checks as soon as something is pushed."""
        installation = repository.installation
        if installation is not None and installation.permissions.get("checks") == "write":
            self.suite(repository, self.app, sha)

    def pulls(self) -> Iterator[PullRequest]:
        for repository in self.repositories.values():
            yield from repository.pulls.values()

    def node(self, node: str) -> Node | None:
        """What a GraphQL id names."""
        return next((thing for thing in self._nodes() if node_id(thing) == node), None)

    def _nodes(self) -> Iterator[Node]:
        yield from self.users.values()
        for repository in self.repositories.values():
            yield repository
            yield from repository.runs
            for pull in repository.pulls.values():
                yield pull
                yield from pull.reviews
                yield from pull.comments
                for thread in pull.threads:
                    yield thread
                    yield from thread.comments
