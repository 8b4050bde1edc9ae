"""REST operations: one module per part of the API, each found by walking this folder.

An operation is a function under the id that GitHub's description gives it; its path, parameters and shapes are read
from there. It returns the answer's body, or an Answer where the status is not the usual one, or raises a Refusal.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.github.auth import Actor
from tests.github.bodies import Bodies
from tests.github.contract import Json, Operation
from tests.github.errors import not_accessible, not_found
from tests.github.limits import Limits
from tests.github.model import PullRequest, Repository, User
from tests.github.state import State

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: JSON, bytes, or nothing at all."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


@dataclass
class Call:
    """A request that was let through, with what it names already looked up."""

    state: State
    bodies: Bodies
    limits: Limits
    actor: Actor
    operation: Operation
    path: dict[str, Any]
    query: dict[str, Any]
    body: Json
    accept: str
    url: str
    links: dict[str, str] = field(default_factory=dict)

    @property
    def repository(self) -> Repository:
        return self.state.repository(f"{self.path['owner']}/{self.path['repo']}")

    @property
    def pull(self) -> PullRequest:
        number = self.path.get("pull_number", self.path.get("issue_number"))
        found = self.repository.pulls.get(number) if isinstance(number, int) else None
        if found is None:
            raise not_found()
        return found

    @property
    def user(self) -> User:
        """Under whose name the actor writes."""
        if self.actor.user is None:
            raise not_accessible()
        return self.actor.user

    def page(self, items: Sequence[T]) -> list[T]:
        """The page asked for, of at most 100 items; the `Link` header names its neighbours."""
        size = min(max(int(self.query.get("per_page", 30)), 1), 100)
        number = max(int(self.query.get("page", 1)), 1)
        last = max((len(items) + size - 1) // size, 1)
        pages = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        wanted = {"prev", "first"} if number > 1 else set()
        if number < last:
            wanted |= {"next", "last"}
        self.links = {
            rel: f"{self.url}?{urlencode(self.query | {'page': to, 'per_page': size})}"
            for rel, to in pages.items()
            if rel in wanted
        }
        return list(items[(number - 1) * size : number * size])


Function = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """`needs` is "app" (a JWT), "" (nothing), or permissions of which one suffices: "issues|pull_requests:write"."""

    function: Function
    needs: str
    status: int
    creates: bool


_HANDLERS: dict[str, Handler] = {}


def operation(
    name: str, *, needs: str, status: int = 200, creates: bool = False
) -> Callable[[Function], Function]:
    """Registers the function that answers the operation `name`; `creates` counts against the secondary rate limit."""

    def register(function: Function) -> Function:
        assert name not in _HANDLERS, name
        _HANDLERS[name] = Handler(function, needs, status, creates)
        return function

    return register


@cache
def handlers() -> Mapping[str, Handler]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return _HANDLERS


def found(items: Iterable[T], matches: Callable[[T], bool]) -> T:
    """The first item that matches. Raises Refusal (404) when none does."""
    for item in items:
        if matches(item):
            return item
    raise not_found()
