"""Which other sites may read responses."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.cors import flask_origins, is_any_pattern, is_origin_of_request, lets_all_in
from checks.semantics.source import Call
from tests.files import file_of, marked


@pytest.mark.parametrize(
    "pattern", [".*", "^.*$", "^https?://.*$", r"https:\/\/.+", "(.*)", "*", r"^https://\w+$"]
)
def test_patterns_for_everything_are_known(pattern: str) -> None:
    assert is_any_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"^https://\w+\.example\.com$", r"https://shop\.example", r"^http://localhost:\d+$", "a" * 200],
)
def test_patterns_for_some_hosts_are_left(pattern: str) -> None:
    assert not is_any_pattern(pattern)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("*", True),
        (["https://a.example", "*"], True),
        (".*", True),
        ("https://a.example", False),
        ([], False),
    ],
)
def test_origins_may_be_a_text_or_a_list(value: object, expected: bool) -> None:
    assert lets_all_in(value) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CORS(app)", True),
        ("CORS(app, origins='*')", True),
        ("CORS(app, origins=['https://a.example'])", False),
        ("CORS(app, origins=unknown)", False),
        ("CORS(app, **options)", False),
        ("CORS(app, resources={r'/api/*': {'origins': '*'}})", True),
        ("CORS(app, resources={r'/api/*': {}})", True),
        ("CORS(app, resources={r'/api/*': {'origins': ORIGINS}})", False),
        ("CORS(app, resources={r'/api/*': {}}, origins=ORIGINS)", False),
        ("CORS(app, resources=r'/api/*', origins='*')", True),
    ],
)
def test_flask_cors_is_open_by_default(text: str, expected: bool) -> None:
    file = file_of(f"from flask_cors import CORS\nORIGINS = ['https://a.example']\n{text}\n")
    node = next(node for node in file.nodes if isinstance(node, ast.Call))
    assert flask_origins(Call(node, "flask_cors.CORS", file), file) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("request.headers.get('Origin')", True),
        ("request.headers['Origin'] or '*'", True),
        ("request.META['HTTP_ORIGIN']", True),
        ("request.origin", True),
        ("self.request.META.get('HTTP_ORIGIN', '')", True),
        ("origin", True),
        ("settings.ORIGIN", False),
        ("allowed['Origin']", False),
        ("request.headers['Host']", False),
    ],
)
def test_the_origin_of_the_request_is_known(text: str, expected: bool) -> None:
    file = file_of(f"def f(request):\n    origin = request.headers['Origin']\n    mark({text})\n")
    assert is_origin_of_request(marked(file)[0], file) is expected
