"""The stand-in as tests see it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.github import contract, pulls, reviews
from tests.github.auth import Actor
from tests.github.contract import ContractError, Json
from tests.github.deliveries import Attempt, Delivery, send
from tests.github.faults import Faults
from tests.github.git import Files
from tests.github.limits import Limits
from tests.github.model import (
    App,
    CheckRun,
    Installation,
    IssueComment,
    PullRequest,
    Repository,
    Review,
    ReviewComment,
    Thread,
    User,
)
from tests.github.payloads import Payloads
from tests.github.rest import handlers
from tests.github.server import API, GRAPHQL, Request, Server
from tests.github.state import State

PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
EVENTS = ("check_run", "check_suite", "issue_comment", "pull_request", "pull_request_review_comment", "push")


class Github:
    """One GitHub with one App, on 127.0.0.1.

    `async with Github(folder) as github:` starts and ends it, and raises ContractError at the end when a request broke
    GitHub's contract (unless the test took note and emptied `violations`) or the stand-in itself failed (`errors`).
    """

    def __init__(
        self,
        root: Path,
        *,
        app_id: int = 1,
        app_slug: str = "rubricate",
        webhook_secret: str = "It's a Secret to Everybody",
        permissions: Mapping[str, str] = PERMISSIONS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        limits: Limits | None = None,
    ) -> None:
        self.app_id = app_id
        self.webhook_secret = webhook_secret
        now = clock().replace(microsecond=0)
        owner = User(9, "rubricate-makers", "Organization")
        bot = User(app_id + 500, f"{app_slug}[bot]", "Bot")
        app = App(app_id, app_slug, owner, bot, dict(permissions), EVENTS, now)
        self.state = State(root, app, clock)
        self.state.webhook_secret = webhook_secret
        self.state.users |= {owner.login: owner, bot.login: bot}
        actions_bot = self.state.user("github-actions[bot]", "Bot")
        self._actions = App(15368, "github-actions", self.state.user("github"), actions_bot, {}, (), now)
        self.limits = limits or Limits()
        self.faults = Faults()
        self.deliveries: list[Delivery] = []
        self.webhook_url: str | None = (
            None  # where the App wants its webhooks now, when a delivery is sent again
        )
        self._sending: set[Future[Delivery]] = set()
        self._server = Server(self.state, self.limits, self.faults)

    async def start(self, port: int = 0) -> None:
        handlers()
        contract.graphql_schema()
        loop = asyncio.get_running_loop()

        def send_again(attempt: Attempt) -> None:
            sending = asyncio.run_coroutine_threadsafe(self.redeliver(attempt.delivery), loop)
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

        self.state.send_again = send_again
        await self._server.start(port)

    async def close(self) -> None:
        """Ends the server. Raises ContractError for what went wrong while it ran."""
        await self._server.close()
        if self.errors:
            raise ContractError("the stand-in failed:\n" + "\n".join(self.errors))
        if self.violations:
            raise ContractError("requests broke GitHub's contract:\n" + "\n".join(self.violations))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.close()
        except ContractError as broken:
            if error is None:
                raise
            error.add_note(str(broken))  # the test's own failure comes first

    @property
    def url(self) -> str:
        """The web's base; a repository's git is at `{url}/{owner}/{name}.git`."""
        return self._server.url

    @property
    def api_url(self) -> str:
        return self._server.url + API

    @property
    def graphql_url(self) -> str:
        return self._server.url + GRAPHQL

    @property
    def private_key_pem(self) -> str:
        return self.state.keyring.private_key_pem

    # What happened

    @property
    def requests(self) -> list[Request]:
        return self._server.requests

    @property
    def violations(self) -> list[str]:
        """Requests that GitHub's description does not allow."""
        return self._server.violations

    @property
    def errors(self) -> list[str]:
        """Failures and wrong answers of the stand-in itself."""
        return self._server.errors

    @property
    def pulls(self) -> list[PullRequest]:
        return list(self.state.pulls())

    @property
    def reviews(self) -> list[Review]:
        return [review for pull in self.pulls for review in pull.reviews]

    @property
    def threads(self) -> list[Thread]:
        return [thread for pull in self.pulls for thread in pull.threads]

    @property
    def review_comments(self) -> list[ReviewComment]:
        return [comment for pull in self.pulls for comment in pull.review_comments]

    @property
    def comments(self) -> list[IssueComment]:
        return [comment for pull in self.pulls for comment in pull.comments]

    @property
    def check_runs(self) -> list[CheckRun]:
        return [run for repository in self.state.repositories.values() for run in repository.runs]

    # Making the world

    def install(self, account: str, permissions: Mapping[str, str] | None = None) -> Installation:
        """The App's installation on an account, made on first mention."""
        with self.state.lock:
            for installation in self.state.installations.values():
                if installation.account.login == account and not installation.deleted:
                    return installation
            made = Installation(
                self.state.new_id(),
                self.state.user(account),
                dict(self.state.app.permissions if permissions is None else permissions),
                self.state.now(),
            )
            self.state.installations[made.id] = made
            return made

    def add_repository(
        self,
        full_name: str,
        *,
        private: bool = False,
        installation_id: int | None = None,
        installed: bool = True,
        default_branch: str = "main",
        files: Files | None = None,
    ) -> Repository:
        """A repository with a first commit of `files`, if any; the App is on it unless `installed` is False."""
        with self.state.lock:
            repository = self.state.create_repository(
                full_name, private=private, default_branch=default_branch
            )
            if installed:
                installation = (
                    self.install(repository.owner.login)
                    if installation_id is None
                    else self.state.installations[installation_id]
                )
                repository.installation = installation
                installation.repositories.append(repository)
            if files is not None:
                self.commit(repository, default_branch, files, message="Begin")
            return repository

    def fork(self, repository: Repository, owner: str) -> Repository:
        """A copy of all branches under another account, without the App."""
        with self.state.lock:
            fork = self.state.create_repository(
                f"{owner}/{repository.name}",
                private=repository.private,
                default_branch=repository.default_branch,
                parent=repository,
            )
            fork.git.fetch(repository.git, "refs/heads/*", "refs/heads/*")
            return fork

    def commit(
        self,
        repository: Repository,
        branch: str,
        files: Files,
        *,
        start: str | None = None,
        message: str = "Change",
        author: str = "Mona <mona@example.com>",
    ) -> str:
        """Commits files (None deletes one) to a branch and moves the pull requests on it; returns the commit's id.

        `start` names the commit or branch to begin from: for a new branch, or for what a force-push leaves.
        """
        with self.state.lock:
            parents = None if start is None else [repository.git.text("rev-parse", start)]
            commit = repository.git.commit(branch, files, parents=parents, message=message, author=author)
            self.state.pushed(repository, commit)
            self.synchronize(repository)
            return commit

    def synchronize(self, repository: Repository) -> list[PullRequest]:
        """Moves pull requests after their branches, as after a push to the folder; returns those whose head moved."""
        with self.state.lock:
            followers = [p for p in self.state.pulls() if repository in {p.head_repository, p.repository}]
            return [pull for pull in followers if pulls.synchronize(self.state, pull)]

    def open_pull_request(
        self,
        repository: Repository,
        base_ref: str,
        head_ref: str,
        *,
        draft: bool = False,
        fork: Repository | None = None,
        author: str = "mona",
        title: str = "A change",
        body: str | None = None,
    ) -> PullRequest:
        with self.state.lock:
            return pulls.open_pull(
                self.state,
                (repository, base_ref),
                (fork or repository, head_ref),
                author=self.state.user(author),
                title=title,
                body=body,
                draft=draft,
            )

    def close_pull_request(self, pull: PullRequest, *, merged: bool = False) -> None:
        with self.state.lock:
            pull.state, pull.merged, pull.closed_at = "closed", merged, self.state.now()
            if merged and pull.merge_sha is not None:
                pull.repository.git.update_ref(f"refs/heads/{pull.base_ref}", pull.merge_sha)

    def comment(self, pull: PullRequest, login: str, body: str) -> IssueComment:
        """A person speaks on the conversation."""
        with self.state.lock:
            now = self.state.now()
            made = IssueComment(self.state.new_id(), pull, self.state.user(login), body, now, now)
            pull.comments.append(made)
            return made

    def reply(self, thread: Thread, login: str, body: str) -> ReviewComment:
        """A person answers in a thread."""
        with self.state.lock:
            return reviews.reply(self.state, thread, self.state.user(login), body)

    def add_collaborator(self, repository: Repository, login: str, permission: str = "write") -> User:
        """`permission`: "read", "triage", "write", "maintain", "admin"."""
        repository.collaborators[login] = permission
        return self.state.user(login)

    def add_member(self, organization: str, login: str, state: str = "active") -> User:
        """`state`: "active", or "pending" for who was invited."""
        self.state.user(organization).type = "Organization"
        self.state.members.setdefault(organization, {})[login] = state
        return self.state.user(login)

    # Tokens

    def actions_token(self, repository: Repository, permissions: Mapping[str, str] | None = None) -> str:
        """A workflow's GITHUB_TOKEN: read-only, as on a fork's pull request, unless `permissions` say more."""
        held = {"contents": "read", "metadata": "read", "pull_requests": "read"}
        actor = Actor(
            "actions",
            user=self._actions.bot,
            app=self._actions,
            repositories=(repository,),
            permissions=held if permissions is None else dict(permissions),
        )
        return self.state.keyring.issue("ghs", actor)

    def user_token(self, login: str) -> str:
        return self.state.keyring.issue("ghp", Actor("user", user=self.state.user(login)))

    def expire_tokens(self) -> None:
        """Every installation's token ends now, as after an hour."""
        self.state.keyring.expire_all(self.state.now())

    def suspend(self, installation: Installation) -> None:
        installation.suspended_at = self.state.now()

    def uninstall(self, installation: Installation) -> None:
        with self.state.lock:
            installation.deleted = True
            for repository in installation.repositories:
                repository.installation = None

    # Webhooks

    def payload(self, event: str, action: str | None = None, **given: Any) -> Json:
        """A payload as GitHub would send it now.

        What it is about: `pull` (pull_request), `run` (check_run, check_suite), `comment` (issue_comment,
        pull_request_review_comment), `installation` (installation, installation_repositories with `repositories`),
        or `repository`, `ref`, `before` and `after` (push, merge_group). `sender` is a login. Any other name replaces
        a part of the payload.
        """
        with self.state.lock:
            payloads = Payloads(self.state, self._server.bodies)
            sender = self.state.user(given.pop("sender", "mona"))
            match event:
                case "ping":
                    return payloads.ping()
                case "pull_request":
                    return payloads.pull_request(action or "", given.pop("pull"), sender, given)
                case "check_run":
                    return payloads.check_run(action or "", given.pop("run"), sender, given)
                case "check_suite":
                    return payloads.check_suite(action or "", given.pop("run"), sender, given)
                case "issue_comment":
                    return payloads.issue_comment(action or "", given.pop("comment"), sender, given)
                case "pull_request_review_comment":
                    return payloads.review_comment(action or "", given.pop("comment"), sender, given)
                case "installation":
                    return payloads.installation(action or "", given.pop("installation"), sender, given)
                case "installation_repositories":
                    changed = given.pop("repositories")
                    installation = given.pop("installation")
                    return payloads.installation_repositories(
                        action or "", installation, changed, sender, given
                    )
                case "push" | "merge_group":
                    repository, ref = given.pop("repository"), given.pop("ref")
                    ends = (given.pop("before"), given.pop("after"))
                    if event == "push":
                        return payloads.push(repository, ref, ends, sender, given)
                    return payloads.merge_group(action or "", repository, ref, ends, sender, given)
            return payloads.build(event, action, given)

    async def deliver(
        self,
        event: str,
        payload: Json,
        *,
        url: str,
        guid: str | None = None,
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Delivery:
        """Signs a payload and posts it, as GitHub would. `headers` replace GitHub's own; an empty one is left out."""
        key = self.webhook_secret if secret is None else secret
        delivery = await send(
            event, payload, url, guid=guid, secret=key, app_id=self.app_id, headers=headers or {}
        )
        self.deliveries.append(delivery)
        with self.state.lock:
            again = any(each.delivery.guid == delivery.guid for each in self.state.attempts)
            self.state.attempts.append(Attempt(self.state.new_id(), self.state.now(), delivery, again))
        return delivery

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """The same delivery under the same id, as its button on GitHub does."""
        url = self.webhook_url or delivery.url
        return await self.deliver(delivery.event, delivery.payload, url=url, guid=delivery.guid)
