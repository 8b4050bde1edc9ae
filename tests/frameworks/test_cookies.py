"""Cookies: which a call sets, what it leaves out, and which hold a session."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.cookies import Cookie, cookie_of, is_off
from checks.rule import Call
from tests.files import file_of


def cookie(call: str, before: str = "") -> Cookie | None:
    """The cookie that the last call of a module sets."""
    file = file_of(f"{before}{call}\n")
    node = next(statement.value for statement in reversed(file.tree.body) if isinstance(statement, ast.Expr))
    assert isinstance(node, ast.Call)
    return cookie_of(Call(node, "*.set_cookie", file), file)


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        ('"a", "1"', ("secure", "httponly", "samesite")),
        ('"a", "1", secure=True', ("httponly", "samesite")),
        ('"a", "1", 60, None, "/", None, True, True, "Lax"', ()),
        ('"a", "1", 60, None, "/", None, False, True', ("secure", "samesite")),
        ('"a", "1", secure=secure, httponly=on(), samesite=settings.SAMESITE', ()),
        ('"a", "1", samesite="None", httponly=None', ("secure", "httponly", "samesite")),
        ('"a", "1", **options', ()),
        ('"a", "1", secure=False, **options', ("secure",)),
        ('"csrftoken", "1", samesite="Lax"', ("secure",)),
    ],
)
def test_what_is_neither_given_nor_unknown_is_missing(arguments: str, missing: tuple[str, ...]) -> None:
    found = cookie(f"response.set_cookie({arguments})")
    assert found is not None
    assert found.missing == missing


def test_a_signed_cookie_takes_its_attributes_by_keyword_only() -> None:
    found = cookie('response.set_signed_cookie("a", "1", "salt", 60, None, "/", True, True, httponly=True)')
    assert found is not None
    assert found.missing == ("secure", "samesite")


def test_what_is_switched_off_in_so_many_words_is_refused() -> None:
    found = cookie('response.set_cookie("a", "1", secure=False)')
    assert found is not None
    assert found.refused == ("secure",)


@pytest.mark.parametrize(
    ("name", "value", "sensitive"),
    [
        ('"sessionid"', "x", True),
        ('"user-token"', "x", True),
        ('"authToken"', "x", True),
        ("settings.SESSION_COOKIE_NAME", "x", True),
        ("NAME", "x", True),
        ('"user"', "request.session.session_key", True),
        ('"user"', "make_jwt(user)", True),
        ('"theme"', '"dark"', False),
        ('"author"', "x", False),
        ("token", '"done"', False),
    ],
)
def test_a_session_is_told_from_name_and_value(name: str, value: str, sensitive: bool) -> None:
    found = cookie(f"response.set_cookie({name}, {value})", before='NAME = "sid"\n')
    assert found is not None
    assert found.sensitive is sensitive


@pytest.mark.parametrize(
    "call",
    [
        'response.set_cookie("a", "", max_age=0)',
        'response.set_cookie("a", "", expires=0)',
        'response.set_cookie("a", "", expires="Thu, 01 Jan 1970 00:00:00 GMT")',
        'client.set_cookie("localhost", "a", "1")',
        "jar.set_cookie(cookie)",
        "session.cookies.set_cookie(cookie)",
        "visitor.set_cookie(cookie)",
        'set_cookie("a", "1")',
        "response.set_cookie(*arguments)",
    ],
)
def test_deletions_and_other_methods_of_that_name_set_no_cookie(call: str) -> None:
    assert cookie(call) is None


@pytest.mark.parametrize(
    ("attribute", "value", "off"),
    [
        ("secure", False, True),
        ("secure", None, True),
        ("secure", True, False),
        ("samesite", "None", True),
        ("samesite", None, True),
        ("samesite", "Strict", False),
    ],
)
def test_values_that_leave_a_cookie_unprotected(attribute: str, value: object, off: bool) -> None:
    assert is_off(attribute, value) is off
