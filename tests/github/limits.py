"""Rate limits: so many requests an hour, and so much content a minute."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.github.auth import Actor
from tests.github.contract import Json
from tests.github.errors import Refusal

# https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
HOURLY = {"installation": 5_000, "app": 5_000, "user": 5_000, "actions": 1_000, "anonymous": 60}


@dataclass
class Limits:
    """How much each actor may do. A test lowers the numbers to see a limit being kept."""

    per_hour: int | None = None  # None: as GitHub grants that kind of actor
    content_per_minute: int = 80
    content_per_hour: int = 500
    secondary_status: int = 403  # or 429: GitHub answers either
    retry_after: int = 60
    graphql_mutations: int = 13
    used: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    created: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    started: dict[str, datetime] = field(default_factory=dict)

    def allowed(self, actor: Actor) -> int:
        return HOURLY[actor.kind] if self.per_hour is None else self.per_hour

    def count(self, actor: Actor, now: datetime) -> None:
        """Counts a request. Raises Refusal (403) when the hour's are used up."""
        start = self.started.setdefault(actor.name, now)
        if now - start >= timedelta(hours=1):
            self.started[actor.name], self.used[actor.name] = now, 0
        if self.used[actor.name] >= self.allowed(actor):
            raise Refusal(403, f"API rate limit exceeded for {actor.name}.")
        self.used[actor.name] += 1

    def uncount(self, actor: Actor) -> None:
        """An answer "not modified" costs nothing."""
        self.used[actor.name] -= 1

    def create(self, actor: Actor, now: datetime) -> None:
        """Counts content that people are told of. Raises Refusal (with `retry-after`) when it comes too fast."""
        recent = [moment for moment in self.created[actor.name] if now - moment < timedelta(hours=1)]
        last_minute = sum(now - moment < timedelta(minutes=1) for moment in recent)
        self.created[actor.name] = recent
        if last_minute >= self.content_per_minute or len(recent) >= self.content_per_hour:
            raise Refusal(
                self.secondary_status,
                "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. "
                "Please retry your request again later.",
                headers={"retry-after": str(self.retry_after)},
            )
        recent.append(now)

    def headers(self, actor: Actor, now: datetime) -> dict[str, str]:
        rate = self.rate(actor, now)
        named = {f"X-RateLimit-{key.title()}": str(value) for key, value in rate.items()}
        return named | {"X-RateLimit-Resource": "core"}

    def rate(self, actor: Actor, now: datetime) -> dict[str, int]:
        allowed, used = self.allowed(actor), self.used[actor.name]
        reset = self.started.get(actor.name, now).astimezone(UTC) + timedelta(hours=1)
        return {
            "limit": allowed,
            "remaining": max(allowed - used, 0),
            "reset": int(reset.timestamp()),
            "used": used,
        }

    def overview(self, actor: Actor, now: datetime) -> Json:
        rate = self.rate(actor, now)
        return {"resources": {"core": rate, "search": rate, "graphql": rate}, "rate": rate}
