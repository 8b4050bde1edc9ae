"""How long tokens and sessions hold, by setting, and what is too long for each.

Sources: the packages' own pages on settings. No limit reports a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.frameworks.durations import DAY


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What holds, and the seconds from which on that is too long.

    A number in the setting counts units of `unit` seconds; `endless` are the values that stand for no end at all;
    `framework` is django or flask, empty for both.
    """

    thing: str
    longest: int
    endless: tuple[object, ...] = ()
    unit: int = 1
    framework: str = ""


_ACCESS = Lifetime("access token", DAY)
_REFRESH = Lifetime("refresh token", 90 * DAY)

SETTINGS: Mapping[str, Lifetime] = {
    "JWT_ACCESS_TOKEN_EXPIRES": Lifetime("access token", DAY, (False,), framework="flask"),
    "JWT_REFRESH_TOKEN_EXPIRES": Lifetime("refresh token", 90 * DAY, (False,), framework="flask"),
    "JWT_EXPIRATION_DELTA": Lifetime("access token", DAY, framework="flask"),
    "PASSWORD_RESET_TIMEOUT": Lifetime("link", 7 * DAY, framework="django"),
    "PASSWORD_RESET_TIMEOUT_DAYS": Lifetime("link", 7 * DAY, unit=DAY, framework="django"),
    "PERMANENT_SESSION_LIFETIME": Lifetime("session", 90 * DAY, framework="flask"),
    "REMEMBER_COOKIE_DURATION": Lifetime("cookie", 366 * DAY, framework="flask"),
    "SESSION_COOKIE_AGE": Lifetime("session", 90 * DAY, framework="django"),
}
"""Settings that are a lifetime."""

KEYS: Mapping[str, Mapping[str, Lifetime]] = {
    "JWT_AUTH": {
        "JWT_EXPIRATION_DELTA": _ACCESS,
        "JWT_REFRESH_EXPIRATION_DELTA": _REFRESH,
    },
    "OAUTH2_PROVIDER": {
        "ACCESS_TOKEN_EXPIRE_SECONDS": _ACCESS,
        "REFRESH_TOKEN_EXPIRE_SECONDS": _REFRESH,
    },
    "REST_KNOX": {"TOKEN_TTL": Lifetime("token", 90 * DAY, (None,))},
    "SIMPLE_JWT": {
        "ACCESS_TOKEN_LIFETIME": _ACCESS,
        "REFRESH_TOKEN_LIFETIME": _REFRESH,
        "SLIDING_TOKEN_LIFETIME": _ACCESS,
        "SLIDING_TOKEN_REFRESH_LIFETIME": _REFRESH,
    },
}
"""Keys of packages' dictionaries of settings that are a lifetime."""

TOKEN_CLASSES: Mapping[str, Lifetime] = {
    "rest_framework_simplejwt.tokens.AccessToken": _ACCESS,
    "rest_framework_simplejwt.tokens.RefreshToken": _REFRESH,
}
"""Classes of tokens whose `lifetime` a class of the project may set."""
