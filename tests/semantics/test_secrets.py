"""What secrets look like, and what only looks like one. The tokens here are made up, and put together when read."""

from __future__ import annotations

import pytest

from checks.semantics.secrets import (
    entropy,
    is_secret_name,
    is_secret_text,
    is_stand_in,
    password_in,
    password_of_dsn,
    secret_of_header,
    token_shape,
)

RANDOM = "q8Zr2Lw7Xv5Nc1Bk9Td4Hs6Yf3Gp0JmUe7RaQiWo"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("AKIA" + "Q8ZR2LW7XV5NC1BK", "an AWS access key"),
        ("ghp_" + RANDOM[:36], "a GitHub token"),
        ("glpat-" + RANDOM[:20], "a GitLab token"),
        ("sk_live_" + RANDOM[:24], "a Stripe key"),
        ("AIza" + RANDOM[:35], "a Google key"),
        ("token=" + "npm_" + RANDOM[:36] + ";", "a package index token"),
    ],
)
def test_tokens_are_known_by_their_issuers_shapes(text: str, what: str) -> None:
    assert token_shape(text) == what


@pytest.mark.parametrize(
    "text",
    [
        "AKIA",
        "AKIA" + "EXAMPLE" + "7XV5NC1BK",
        "ghp_short",
        "sk_test_" + RANDOM[:24],
        RANDOM,
        "",
        "-----BEGIN PUBLIC KEY-----\n" + RANDOM * 5,
        "-----BEGIN PRIVATE KEY-----\nshort\n",
    ],
)
def test_other_texts_have_no_such_shape(text: str) -> None:
    assert token_shape(text) is None


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("postgres://shop:q8Zr2Lw7@db.example.org/shop", "q8Zr2Lw7"),
        ("redis://:q8Zr2Lw7@cache:6379/0", "q8Zr2Lw7"),
        ("see amqp://shop:q8Zr2Lw7@mq.internal/ for it", "q8Zr2Lw7"),
    ],
)
def test_a_password_in_a_url_is_found(text: str, password: str) -> None:
    assert password_in(text) == password


@pytest.mark.parametrize(
    "text",
    [
        "postgres://db.example.org/shop",
        "postgres://shop@db.example.org/shop",
        "postgres://user:password@db.example.org/shop",
        "postgres://shop:shop@db.example.org/shop",
        "postgres://shop:{password}@db.example.org/shop",
        "postgres://shop:<password>@db.example.org/shop",
        "postgres://shop:letmein@localhost/shop",
        "https://example.org/a:b@c",
        "12:30:q8Zr2Lw7",
    ],
)
def test_stand_ins_and_urls_without_one_are_left_alone(text: str) -> None:
    assert password_in(text) is None


def test_a_password_in_a_connection_string_is_found() -> None:
    assert password_of_dsn("host=db user=shop password=q8Zr2Lw7") == "q8Zr2Lw7"
    assert password_of_dsn("host=db password=postgres") is None
    assert password_of_dsn("the password is a secret") is None


@pytest.mark.parametrize(
    "name",
    ["SECRET_KEY", "stripe_api_key", "apiKey", "DB_PASSWORD", "jwt_secret", "accessToken", "password_2"],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "api_key_header",
        "primary_key",
        "csrf_token",
        "keyboard",
        "password_field",
        "next_token",
        "monkey",
        "",
        "_",
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "text", ["", "  ", "changeme", "<your key>", "your-api-key", "${KEY}", "{{ key }}", "xxx", "None", "test"]
)
def test_texts_that_stand_for_something_else(text: str) -> None:
    assert is_stand_in(text)


@pytest.mark.parametrize("text", [RANDOM, "q8Zr2Lw7", "correct horse"])
def test_texts_that_do_not(text: str) -> None:
    assert not is_stand_in(text)


@pytest.mark.parametrize("text", [RANDOM, "q8Zr2Lw7Xv5N", "3f9a1c77e2b84d50"])
def test_texts_that_look_like_secrets(text: str) -> None:
    assert is_secret_text(text)


@pytest.mark.parametrize(
    "text",
    ["short1", "two words 1a", "just-words", "settings.py", "/etc/key1.pem", "https://a1.example.org", "2024-01-01",
     "aaaaaaaa1", "RANDOM" * 100],
)  # fmt: skip
def test_texts_that_do_not_look_like_secrets(text: str) -> None:
    assert not is_secret_text(text)


def test_entropy_counts_bits_a_character() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abab") == 1
    assert entropy("abcd") == 2


@pytest.mark.parametrize("piece", ["a://", "password=", "-----BEGIN ", "{", "your", "sk-", "a:b@"])
def test_hostile_texts_end(piece: str) -> None:
    text = piece * 200_000
    assert token_shape(text) is None
    assert not is_secret_text(text)
    assert isinstance(password_in(text), str | None)
    assert isinstance(is_secret_name(text) or is_stand_in(text), bool)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("Authorization", "Basic c2hvcDp3aW50ZXJmZWxsOTk=", "a password"),
        ("authorization", "Bearer k3Jd82LmQp0sWx7z9vB4", "a token"),
        ("X-Api-Key", "k3Jd82LmQp0sWx7z", "a token"),
        ("X-Api-Key", "your-api-key-here-1", None),
        ("Authorization", "Bearer", None),
        ("Accept", "k3Jd82LmQp0sWx7z", None),
    ],
)
def test_a_header_gives_a_secret_away(name: str, text: str, what: str | None) -> None:
    assert secret_of_header(name, text) == what
