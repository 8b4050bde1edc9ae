"""Errors whose message is meant for the user, in one line."""

from __future__ import annotations


class UserError(Exception):
    """What the user gave can't be used: shown in one line, exit code 2."""
