"""Headers that code gives to responses by hand."""

from __future__ import annotations

import pytest

from checks.frameworks.headers import headers_set, is_asked
from tests.files import file_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("response['X-Frame-Options'] = 'DENY'\n", ["'DENY'"]),
        ("response.headers['x-frame-options'] = value\n", ["value"]),
        ("response.headers.set('X-Frame-Options', 'DENY')\n", ["'DENY'"]),
        ("response.headers.setdefault('X-Frame-Options', 'DENY')\n", ["'DENY'"]),
        ("response.headers.update({'X-Frame-Options': 'DENY'})\n", ["'DENY'"]),
        ("NAME = 'X-Frame-Options'\nresponse[NAME] = 'DENY'\n", ["'DENY'"]),
        ("return_(b, 200, {'X-Frame-Options': 'DENY', 'X-Other': '1'})\n", ["'DENY'"]),
        ("response['X-Other'] = 'X-Frame-Options'\n", []),
        ("# response['X-Frame-Options'] = 'DENY'\n", []),
        ("value = request.headers.get('X-Frame-Options')\n", []),
    ],
)
def test_headers_are_found_in_each_form(text: str, values: list[str]) -> None:
    file = file_of(text)
    assert [file.segment(header.value) for header in headers_set(file, "X-Frame-Options")] == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("requests.get(url, headers={'Origin': '*'})\n", True),
        ("client.post(url, headers={'Origin': '*'})\n", True),
        ("Response(body, headers={'Origin': '*'})\n", False),
        ("response['Origin'] = '*'\n", False),
    ],
)
def test_headers_of_requests_are_told_apart(text: str, expected: bool) -> None:
    [header] = headers_set(file_of(text), "Origin")
    assert is_asked(header) is expected
