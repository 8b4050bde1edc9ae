"""Names of fields that hold secrets."""

from __future__ import annotations

import pytest

from checks.frameworks.sensitive_fields import is_password, is_sensitive


@pytest.mark.parametrize(
    "name", ["password", "_password", "password_hash", "hashed_password", "pwd", "password_salt"]
)
def test_names_of_passwords(name: str) -> None:
    assert is_password(name)


@pytest.mark.parametrize(
    "name", ["has_password", "password_changed_at", "password_reset_url", "passport", "token"]
)
def test_names_of_other_things(name: str) -> None:
    assert not is_password(name)


@pytest.mark.parametrize(
    ("name", "context", "found"),
    [
        ("api_key", {"shop"}, True),
        ("secret", {"shop"}, True),
        ("otp_secret", {"user"}, True),
        ("api_key", {"api", "key"}, False),
        ("access_token", {"token", "serializer"}, False),
        ("password", {"token"}, True),
        ("token_count", {"shop"}, False),
        ("key", {"shop"}, False),
        ("token", {"shop"}, False),
    ],
)
def test_what_holds_a_secret(name: str, context: set[str], found: bool) -> None:
    assert is_sensitive(name, context) is found
