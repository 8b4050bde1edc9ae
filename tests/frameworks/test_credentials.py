"""What the source calls a text."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.credentials import Label, label_of
from tests.files import file_of


def label(text: str) -> Label | None:
    """The label of the text 'x'."""
    file = file_of(text, "shop/settings.py")
    node = next(node for node in file.nodes if isinstance(node, ast.Constant) and node.value == "x")
    return label_of(node, file)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("KEY = 'x'\n", "KEY", "assigned"),
        ("KEY: str = 'x'\n", "KEY", "assigned"),
        ("self.key = 'x'\n", "key", "assigned"),
        ("app.config['KEY'] = 'x'\n", "KEY", "assigned"),
        ("connect(password='x')\n", "password", "keyword"),
        ("D = {'PASSWORD': 'x'}\n", "PASSWORD", "key"),
        ("def f(a, key='x'): ...\n", "key", "parameter"),
        ("def f(*, key='x', b=1): ...\n", "key", "parameter"),
        ("if password == 'x': ...\n", "password", "compared"),
        ("if 'x' != request.args['token']: ...\n", "token", "compared"),
        ("user.set_password('x')\n", "user.set_password", "argument"),
        ("import jwt\njwt.encode(data, 'x')\n", "jwt.encode", "argument"),
        ("get(url, auth=(user, 'x'))\n", "password", "argument"),
        ("SECRET_KEY_FALLBACKS = ['x']\n", "SECRET_KEY_FALLBACKS", "assigned"),
        ("KEY = given or 'x'\n", "KEY", "assigned"),
        ("KEY = given if given else 'x'\n", "KEY", "assigned"),
        ("import os\nKEY = os.environ.get('NAME', 'x')\n", "KEY", "assigned"),
        ("import os\nconnect(os.environ.get('NAME', 'x'))\n", "NAME", "keyword"),
    ],
)
def test_a_text_is_called_by_what_it_is_given_to(text: str, name: str, kind: str) -> None:
    found = label(text)
    assert found is not None
    assert (found.name, found.kind) == (name, kind)


@pytest.mark.parametrize(
    "text",
    [
        "print('x')\n",
        "'x'\n",
        "A, B = 'x', 'y'\n",
        "KEYS = ['x']\n",
        "KEY = f('x')\n",
        "KEY = 'x' + other\n",
        "if key in 'x': ...\n",
        "if key < 'x': ...\n",
        "D = {name: 'x'}\n",
        "user.greet('x')\n",
        "import jwt\njwt.encode('x', key)\n",
        "return_value['x']\n",
    ],
)
def test_other_texts_have_no_name(text: str) -> None:
    assert label(text) is None


@pytest.mark.parametrize(
    ("text", "fallback", "variable"),
    [
        ("apiKey = 'x'\n", False, "API_KEY"),
        ("KEY = given or 'x'\n", True, "KEY"),
        ("import os\nKEY = os.environ.get('NAME', 'x')\n", True, "NAME"),
        ("D = {'ENGINE': 'e', 'NAME': 'n', 'PASSWORD': 'x'}\n", False, "DATABASE_PASSWORD"),
        ("D = {'PASSWORD': 'x'}\n", False, "PASSWORD"),
        ("connect(db_password='x')\n", False, "DB_PASSWORD"),
    ],
)
def test_the_variable_that_would_hold_it(text: str, fallback: bool, variable: str) -> None:
    found = label(text)
    assert found is not None
    assert (found.fallback, found.variable) == (fallback, variable)


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ("connect(password='x')\n", True),
        ("api.login(password='x')\n", True),
        ("import redis\nredis.Redis(password='x')\n", True),
        ("api.login(hint='x')\n", False),
        ("form(password='x')\n", False),
    ],
)
def test_a_password_to_log_in_with_is_told(text: str, login: bool) -> None:
    found = label(text)
    assert found is not None
    assert found.login is login
