"""Failures on request: what networks and GitHub itself do to a request now and then."""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["status", "delay", "reset", "truncate", "cut"]


@dataclass
class Fault:
    """What to do to requests that match.

    `match` is a shell pattern over "METHOD /path" (below REST's base; "POST /api/graphql"; or a git request's).
    - "status": answer `status` with `headers`; with `applied`, only after the request took effect.
    - "delay": answer `delay` seconds late. "reset": cut the connection, nothing done.
    - "truncate": the request takes effect, half of the answer arrives. "cut": it takes effect, no answer arrives.

    `times` requests are hit (None: all), after the first `skip` that match; `hits` counts them.
    """

    match: str
    kind: Kind = "status"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "Server Error"
    applied: bool = False
    delay: float = 0.0
    times: int | None = 1
    skip: int = 0
    hits: int = 0


class Faults:
    """The faults that wait for their requests."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request; it counts as used."""
        with self._lock:
            for fault in self._waiting:
                if not fnmatch.fnmatchcase(f"{method} {path}", fault.match):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                if fault.times is not None and fault.hits >= fault.times:
                    self._waiting.remove(fault)
                return fault
        return None
