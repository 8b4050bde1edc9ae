"""The ways over GitHub that were begun, each good once, for an hour, in the browser that began it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from bot.pages.comparing import is_same

SECONDS = 3600  # GitHub's own code lives no longer
MOST = 20


@dataclass(frozen=True, slots=True)
class Way:
    """From which browser somebody was sent, until when, and whether the credentials are to be shown at the end."""

    browser: str
    until: float
    prints: bool


class Ways:
    """Known to this process alone, by their `state`."""

    def __init__(self) -> None:
        self._begun: dict[str, Way] = {}

    def begin(self, *, prints: bool) -> tuple[str, str]:
        """A new way: its state, and what the browser is to show when it comes back. The oldest give way."""
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.begin_again(state, Way(browser, time.monotonic() + SECONDS, prints))
        for old in list(self._begun)[:-MOST]:
            del self._begun[old]
        return state, browser

    def begin_again(self, state: str, way: Way) -> None:
        """Let a way be gone once more."""
        self._begun[state] = way

    def end(self, state: str, browser: str) -> Way | None:
        """The way that was begun with this state in this browser."""
        way = self._begun.get(state)
        if way is None or not is_same(browser, way.browser):
            return None
        del self._begun[state]
        return way if time.monotonic() < way.until else None
