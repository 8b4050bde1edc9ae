"""A code that only who reads the server's log can know. It is good for one use, and for few guesses."""

from __future__ import annotations

import base64
import logging
import secrets

from bot.pages.comparing import is_same

log = logging.getLogger(__name__)

GUESSES = 5


class OneTimeCode:
    """The code of a set-up. Each is written to the log, and another takes its place when it is used or guessed at."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._renew()

    def accepts(self, given: str) -> bool:
        """Whether this is the code. It is not any more after that."""
        said = "".join(given.split()).replace("-", "").lower()
        right = is_same(said, self._code)
        self._wrong += not right
        if right:
            self._renew()
        elif self._wrong >= GUESSES:
            log.warning("the set-up's code was guessed at %d times and is not valid any more", self._wrong)
            self._renew()
        return right

    def _renew(self) -> None:
        self._code = base64.b32encode(secrets.token_bytes(10)).decode().lower()  # 80 bits
        self._wrong = 0
        shown = "-".join(self._code[start : start + 4] for start in range(0, 16, 4))
        log.warning("set the App up at %s with the one-time code %s", self._where, shown)
