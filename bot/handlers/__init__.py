"""One module per webhook event. Each has a `router` and decides whether something is to be done; `Jobs` knows how."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol

from gidgethub.routing import Router

from bot.deliveries import Delivery


class Jobs(Protocol):
    """What a handler can ask for."""

    async def request_review(self, delivery: Delivery, *, quiet: bool = False) -> None:
        """Review the delivery's pull request at its head; `quiet`: show nothing where it has been reviewed already."""

    async def carry_out(self, delivery: Delivery) -> None:
        """Do what a person asked for in a comment or by a button, if they may."""

    async def welcome(self, delivery: Delivery) -> None:
        """Offer each repository that the installation came to a configuration, in one pull request for all time."""

    async def take_stock(self, delivery: Delivery) -> None:
        """Note what has become of our comments on a pull request."""

    async def forget(self, installation: int, repository: int | None = None) -> None:
        """Remove what is kept of a repository, or of all of an installation."""


def find_router() -> Router:
    """All handlers of this folder in one router."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return Router(*(importlib.import_module(f"{__name__}.{name}").router for name in names))
