"""Faults at random: one request in so many fails, in each of the ways that networks and GitHub have."""

from __future__ import annotations

import random
from collections import Counter

from tests.github import Fault
from tests.github.faults import Faults

KINDS = (
    Fault("*", status=500),
    Fault("*", status=502, applied=True),
    Fault("*", status=503),
    Fault("*", status=504, applied=True),
    Fault("*", status=403, headers={"retry-after": "1"}, message="You have exceeded a secondary rate limit"),
    Fault("*", status=429, headers={"retry-after": "1"}),
    Fault("*", "delay", delay=1.0),
    Fault("*", "reset"),
    Fault("*", "truncate"),
    Fault("*", "cut"),
)


class RandomFaults(Faults):
    """Hits a share of all requests with the kinds in turn, so that each comes up; the same seed, the same faults."""

    def __init__(self, share: float, seed: int) -> None:
        super().__init__()
        self._share = share
        self._random = random.Random(seed)
        self.asked = 0
        self.hits: Counter[str] = Counter()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if it is its turn."""
        self.asked += 1
        if self._random.random() >= self._share:
            return None
        fault = KINDS[sum(self.hits.values()) % len(KINDS)]
        self.hits[f"{fault.kind} {fault.status}" if fault.kind == "status" else fault.kind] += 1
        return fault
