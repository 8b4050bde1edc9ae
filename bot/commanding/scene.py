"""Where something was asked for: the pull request as GitHub has it now, who asks, and what we may do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gidgethub import BadRequest

from bot.deliveries import Delivery
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.commits import Target
from bot.github.tokens import is_gone
from bot.services import Access, Services


@dataclass(frozen=True, slots=True)
class Scene:
    """All that carrying out a request takes. `delivery` is at the pull request's present head and base."""

    services: Services
    access: Access
    delivery: Delivery
    facts: Mapping[str, Any]

    @classmethod
    async def of(cls, services: Services, delivery: Delivery) -> Scene | None:
        """The scene of a delivery; None when its pull request is gone."""
        access = await services.access(delivery.installation, delivery.repository)
        try:
            facts = await access.client.getitem(f"/repos/{delivery.full_name}/pulls/{delivery.number}")
        except BadRequest as error:
            if is_gone(error):
                return None
            raise
        now = replace(delivery, head=facts["head"]["sha"], base=facts["base"]["sha"])
        return cls(services, access, now, facts)

    @property
    def client(self) -> Client:
        """GitHub, with what reviews may do."""
        return self.access.client

    @property
    def author(self) -> str:
        """The login of our own account."""
        return self.access.author

    @property
    def person(self) -> str:
        """Who asks."""
        return self.delivery.person

    @property
    def pull(self) -> Pull:
        """The pull request as the GitHub package knows it."""
        return Pull(self.delivery.full_name, self.delivery.number, self.delivery.head, self.delivery.base)

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to be reviewed or changed."""
        return bool(self.facts["state"] == "open")

    @property
    def target(self) -> Target | None:
        """The branch of the pull request; None on a fork, where the App is not installed."""
        repository = self.facts["head"]["repo"]
        if repository is None or repository["id"] != self.delivery.repository:
            return None
        return Target(repository["full_name"], self.facts["head"]["ref"], self.delivery.head)

    async def writing(self, **permissions: str) -> Client | None:
        """GitHub with these permissions alone; None when the installation was not granted them."""
        return await self.services.narrowed(
            self.delivery.installation, self.delivery.repository, **permissions
        )
