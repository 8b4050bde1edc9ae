"""Limits for people who guess passwords."""

from rest_framework.throttling import AnonRateThrottle


class LoginThrottle(AnonRateThrottle):
    """A handful of attempts a minute from each address, as the settings say under `login`."""

    scope = "login"
