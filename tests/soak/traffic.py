"""What a GitHub would send of some busy repositories: pull requests and pushes, late, twice and out of order."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from tests.github import Github, PullRequest, Repository

BASE = {"app.py": "".join(f"line_{number} = {number}\n" for number in range(1, 31))}
PULLS_EACH = 3


@dataclass(frozen=True, slots=True)
class Message:
    """A webhook that is to be sent, possibly for the second time."""

    guid: str
    payload: Any


class Traffic:
    """Pushes commits and yields the webhooks about them. Each push brings one new defect of its own."""

    def __init__(self, github: Github, repositories: int, seed: int) -> None:
        self._github = github
        self._random = random.Random(seed)
        self._repositories = [
            github.add_repository(f"team-{number % 10}/project-{number}", private=True, files=BASE)
            for number in range(repositories)
        ]
        self.planted: dict[PullRequest, list[str]] = {}

    async def messages(self, count: int) -> AsyncIterator[Message]:
        """So many messages. One in five is a repetition of an earlier one, one in six comes after its successors."""
        sent: list[Message] = []
        late: list[tuple[int, Message]] = []
        number = 0
        while number < count:
            due = [each for each in late if each[0] <= number or number + len(late) >= count]
            if due:
                late.remove(due[0])
                message = due[0][1]
            elif sent and self._random.random() < 0.2:
                message = self._random.choice(sent[-10:])
            else:
                message = Message(str(uuid.UUID(int=self._random.getrandbits(128))), await self._push())
                if self._random.random() < 1 / 6 and number + len(late) + 1 < count:
                    late.append((number + self._random.randint(2, 8), message))
                    continue
            number += 1
            sent.append(message)
            yield message

    async def _push(self) -> Any:
        """One more commit, on a new pull request or on one that there is."""
        repository = self._random.choice(self._repositories)
        pulls = [pull for pull in self.planted if pull.repository is repository]
        if not pulls or (len(pulls) < PULLS_EACH and self._random.random() < 0.3):
            return await asyncio.to_thread(self._open, repository, len(pulls))
        return await asyncio.to_thread(self._move, self._random.choice(pulls))

    def _open(self, repository: Repository, number: int) -> Any:
        branch = f"feature-{number}"
        name = self._commit(repository, branch, 0, start="main")
        pull = self._github.open_pull_request(repository, "main", branch, title=f"Feature {number}")
        self.planted[pull] = [name]
        return self._github.payload("pull_request", "opened", pull=pull)

    def _move(self, pull: PullRequest) -> Any:
        self.planted[pull].append(self._commit(pull.repository, pull.head_ref, len(self.planted[pull])))
        return self._github.payload("pull_request", "synchronize", pull=pull)

    def _commit(self, repository: Repository, branch: str, number: int, start: str | None = None) -> str:
        name = f"d{repository.id}_{branch.replace('-', '_')}_{number}"
        code = f"fine = 1\nbad = 2  # DEFECT {name} high\n"
        self._github.commit(repository, branch, {f"{branch}_{number}.py": code}, start=start)
        return name
