"""Routes that read posted forms by themselves."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.flask.forms import posts_by_hand, reads_form_by_hand
from tests.files import file_of

HEAD = "from flask import request, Blueprint\nbp = Blueprint('x', __name__)\n"


@pytest.mark.parametrize(
    ("decorator", "body", "expected"),
    [
        ("bp.post('/')", "request.form['a']", True),
        ("bp.route('/', methods=['GET', 'POST'])", "request.form.get('a')", True),
        ("bp.route('/', methods=('put',))", "request.values['a']", True),
        ("bp.route('/')", "request.form['a']", False),
        ("bp.get('/')", "request.form['a']", False),
        ("bp.post('/')", "request.json['a']", False),
        ("bp.post('/')", "other.form['a']", False),
    ],
)
def test_routes_are_told_by_methods_and_form(decorator: str, body: str, expected: bool) -> None:
    file = file_of(f"{HEAD}@{decorator}\ndef save():\n    return {body}\n")
    node = next(node for node in file.nodes if isinstance(node, ast.FunctionDef))
    assert reads_form_by_hand(node, file) is expected


def test_the_project_is_searched_but_not_its_tests() -> None:
    route = f"{HEAD}@bp.post('/')\ndef save():\n    return request.form['a']\n"
    assert posts_by_hand(file_of("x = 1\n", others={"stock/views.py": route})) == "save"
    assert posts_by_hand(file_of("x = 1\n", others={"tests/test_views.py": route})) is None
