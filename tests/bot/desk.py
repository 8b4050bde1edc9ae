"""Publishing without a server around it: reviews by marks in the code, as `fake_job` finds them, said to a stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import aiohttp

from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.manner import Capabilities, Manner, Voice
from bot.github.publish import Published, publish
from bot.github.throttle import LocalThrottle, Pace
from bot.github.tokens import Tokens
from checks.checklist import judge
from checks.diff import Diff, parse_diff
from checks.model import Finding, Problem, Report, Severity
from checks.placement import Placement, place
from tests.bot import fake_job
from tests.github import CheckRun, Github, PullRequest, Repository, Thread

LINES = "".join(f"line_{number} = {number}\n" for number in range(1, 31))


@dataclass
class Desk:
    """A repository with one pull request, and what a reviewer does to it."""

    github: Github
    repository: Repository
    session: aiohttp.ClientSession
    manner: Manner = field(default_factory=Manner)
    may: Capabilities = field(default_factory=Capabilities)
    pull: PullRequest | None = None

    def push(self, files: Mapping[str, str | None], start: str | None = None) -> str:
        """Commit to the pull request's branch; with `start` it is rewritten from there."""
        if self.repository.git.branch("feature") is None:
            start = "main"
        commit = self.github.commit(self.repository, "feature", files, start=start)
        if self.pull is None:
            self.pull = self.github.open_pull_request(self.repository, "main", "feature")
        return commit

    def app(self, token: str | None = None) -> Client:
        return Client(
            self.session,
            token=token,
            api_url=self.github.api_url,
            throttle=LocalThrottle(Pace(0, 0)),
            pause=0.01,
        )

    async def client(self) -> Client:
        """A client as the App has it for the repository."""
        token = await self._tokens.token(self.app(), self._installation, self.repository.id)
        return self.app(token.value)

    async def lend(self, **permissions: str) -> Client | None:
        """A client for one purpose, where the installation allows it."""
        token = await self._tokens.narrowed(self.app(), self._installation, self.repository.id, permissions)
        return None if token is None else self.app(token.value)

    @property
    def _tokens(self) -> Tokens:
        return Tokens(str(self.github.app_id), self.github.private_key_pem)

    @property
    def _installation(self) -> int:
        assert self.repository.installation is not None
        return self.repository.installation.id

    def judged(self) -> tuple[list[Finding], Diff, dict[str, str]]:
        """What stands at the head: every mark in a changed file, on a line that the change added."""
        assert self.pull is not None
        git, head = self.repository.git, self.pull.head_sha
        base = git.text("merge-base", self.pull.base_sha, head)
        diff = parse_diff(git.run("diff", "-M", "--full-index", base, head))
        sources: dict[str, str] = {}
        findings: list[Finding] = []
        for file in diff.files:
            if file.new_path is None or file.binary:
                continue
            text = (git.blob(head, file.new_path) or b"").decode("utf-8", "replace")
            sources[file.new_path] = text
            for number, line in enumerate(text.split("\n"), 1):
                if number in file.added:
                    for match in fake_job.MARK.finditer(line):
                        findings.append(fake_job.finding(file.new_path, number, line, match))
        return findings, diff, sources

    async def review(
        self,
        *,
        findings: Iterable[Finding] | None = None,
        problems: Iterable[Problem] = (),
        gate: Severity | None = Severity.HIGH,
    ) -> Published:
        """Review the head and publish what was found."""
        marked, diff, sources = self.judged()
        found = tuple(marked if findings is None else findings)
        report = Report(found, judge(found, {}, (), gate), tuple(problems), sources=sources, gate=gate)
        return await self.publish(report, place(found, diff, sources))

    async def publish(self, report: Report, placements: tuple[Placement, ...]) -> Published:
        assert self.pull is not None
        pull = Pull(self.repository.full_name, self.pull.number, self.pull.head_sha, self.pull.base_sha)
        return await publish(
            await self.client(),
            pull,
            report,
            placements,
            voice=Voice("rubricate[bot]", self.may, self.manner, self.lend),
            external_id=f"review/{self.pull.head_sha}",
            web_url=self.github.url,
        )

    @property
    def threads(self) -> list[Thread]:
        assert self.pull is not None
        return self.pull.threads

    @property
    def run(self) -> CheckRun:
        return self.repository.runs[-1]

    def words(self, number: int = 0) -> list[str]:
        """What stands in a thread, without marks: its first comment by the finding's name."""
        first, *replies = self.threads[number].comments
        return [first.body.split("`")[1], *(each.body.split("\n")[0] for each in replies)]


def desk_in(github: Github, session: aiohttp.ClientSession, name: str = "octo/shop") -> Desk:
    """A desk with a repository of its own."""
    repository = github.add_repository(
        name, private=True, files={"app.py": LINES, "elsewhere.py": "there = 1\n"}
    )
    return Desk(github, repository, session)


def with_kin(finding: Finding, source: str, scope: str = "") -> Finding:
    """The finding as one of the same code somewhere else."""
    return replace(finding, source=source, scope=scope)
