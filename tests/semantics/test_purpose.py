"""Which names say that something made by chance is a secret."""

from __future__ import annotations

import pytest

from checks.semantics.purpose import generated_secret


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "reset_token",
        "make_random_password",
        "userOTP",
        "api_key",
        "SECRET_KEY",
        "verificationCode",
        "token_for_user",
    ],
)
def test_a_secret_is_told_by_its_last_word(name: str) -> None:
    assert generated_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "token_count",
        "sort_key",
        "order_key",
        "keyboard",
        "code",
        "next_token",
        "password_length",
        "x",
        "",
        "pin",
    ],
)
def test_other_names_are_no_secrets(name: str) -> None:
    assert not generated_secret(name)
