"""Lifetimes by setting: every limit lies beyond the package's own default."""

from __future__ import annotations

import pytest

from checks.frameworks.durations import DAY
from checks.frameworks.lifetimes import KEYS, SETTINGS

DEFAULTS = {
    "JWT_ACCESS_TOKEN_EXPIRES": 15 * 60,
    "JWT_REFRESH_TOKEN_EXPIRES": 30 * DAY,
    "JWT_EXPIRATION_DELTA": 300,
    "PASSWORD_RESET_TIMEOUT": 3 * DAY,
    "PASSWORD_RESET_TIMEOUT_DAYS": 3 * DAY,
    "PERMANENT_SESSION_LIFETIME": 31 * DAY,
    "REMEMBER_COOKIE_DURATION": 365 * DAY,
    "SESSION_COOKIE_AGE": 14 * DAY,
    "JWT_REFRESH_EXPIRATION_DELTA": 7 * DAY,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 36_000,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 0,
    "TOKEN_TTL": 10 * 3600,
    "ACCESS_TOKEN_LIFETIME": 300,
    "REFRESH_TOKEN_LIFETIME": DAY,
    "SLIDING_TOKEN_LIFETIME": 300,
    "SLIDING_TOKEN_REFRESH_LIFETIME": DAY,
}
ALL = [*SETTINGS.items(), *((name, lifetime) for keys in KEYS.values() for name, lifetime in keys.items())]


@pytest.mark.parametrize(("name", "longest"), [(name, lifetime.longest) for name, lifetime in ALL])
def test_defaults_are_never_too_long(name: str, longest: int) -> None:
    assert DEFAULTS[name] < longest
