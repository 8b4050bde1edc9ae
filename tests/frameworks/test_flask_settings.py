"""Flask's configuration, wherever it is given, and what a Flask application is."""

from __future__ import annotations

import pytest

from checks.frameworks.flask.settings import flask_settings, is_flask_app
from tests.files import file_of, marked

APP = "from flask import Flask\napp = Flask(__name__)\n"
FACTORY = {
    "shop/__init__.py": "from flask import Flask\n\n\ndef create_app():\n    return Flask('shop')\n",
    "shop/wsgi.py": "from shop import create_app\n\napp = create_app()\n",
}


def given(text: str, path: str = "shop/app.py") -> list[tuple[str, bool]]:
    """Each setting by name, and whether it is given under a condition."""
    return [(setting.name, setting.conditional) for setting in flask_settings(file_of(text, path))]


@pytest.mark.parametrize(
    "text",
    [
        "app.config['DEBUG'] = True\n",
        "app.debug = True\n",
        "app.config.update(DEBUG=True)\n",
        "app.config.update({'DEBUG': True})\n",
        "app.config.from_mapping(DEBUG=True)\n",
        "app.config.setdefault('DEBUG', True)\n",
        "KEY = 'DEBUG'\napp.config[KEY] = True\n",
        "def f():\n    app.config['DEBUG'] = True\n",
        "if __name__ == '__main__':\n    app.config['DEBUG'] = True\n",
    ],
)
def test_every_way_of_giving_a_key(text: str) -> None:
    assert given(APP + text) == [("DEBUG", False)]


@pytest.mark.parametrize(
    "text",
    [
        "from flask import current_app\ncurrent_app.config['DEBUG'] = True\n",
        "from flask import Flask\ndef create(app: Flask):\n    app.config['DEBUG'] = True\n",
        "from flask import Flask\ndef create():\n    made = Flask('x')\n    made.config['DEBUG'] = True\n",
        "from quart import Quart\nserver = Quart('x')\nserver.config['DEBUG'] = True\n",
        "from flask import Blueprint\ndef register(app):\n    app.config['DEBUG'] = True\n",
    ],
)
def test_the_application_may_come_from_anywhere(text: str) -> None:
    assert given(text) == [("DEBUG", False)]


@pytest.mark.parametrize(
    "text",
    [
        "if x:\n    app.debug = True\n",
        "if x: ...\nelse:\n    app.debug = True\n",
        "try:\n    app.debug = True\nexcept E: ...\n",
        "def f():\n    if x:\n        app.config.update(DEBUG=True)\n",
    ],
)
def test_keys_under_a_condition_are_told(text: str) -> None:
    assert given(APP + text) == [("DEBUG", True)]


@pytest.mark.parametrize(
    "text",
    [
        "class Config:\n    DEBUG = True\n    SECRET_KEY = 'x'\n",
        "from flask import Flask\nclass ProductionConfig(Config):\n    DEBUG: bool = True\n",
        "class Settings:\n    DEBUG = True\n",
    ],
)
def test_configuration_classes_are_read(text: str) -> None:
    assert ("DEBUG", False) in given(text, "shop/settings_classes.py")


@pytest.mark.parametrize(
    "text",
    [
        "cache.config['DEBUG'] = True\n",
        "app.config['DEBUG'] = True\n",
        "celery = Celery()\ncelery.config.update(DEBUG=True)\n",
        "class Order:\n    DEBUG = True\n",
        "class Config:\n    COLOUR = 'red'\n",
        "import django\nclass Config:\n    DEBUG = True\n",
        f"{APP}app.config.get('DEBUG')\n",
        f"{APP}x = app.config['DEBUG']\n",
        f"{APP}app.name = 'DEBUG'\n",
        f"{APP}app.config.from_object('config')\n",
        f"{APP}app.config[name] = True\n",
        "class Config:\n    debug = True\n",
    ],
)
def test_what_is_no_configuration(text: str) -> None:
    assert given(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{APP}mark(app)\n", True),
        ("from shop import create_app\napp = create_app()\nmark(app)\n", True),
        ("from shop.wsgi import app as server\nmark(server)\n", True),
        ("from flask import current_app\nmark(current_app)\n", True),
        ("from flask import request\nmark(application)\n", True),
        ("from fastapi import FastAPI\napp = FastAPI()\nmark(app)\n", False),
        ("from flask import Flask\napp = object()\nmark(app)\n", False),
        ("mark(app)\n", False),
        ("from flask import request\nmark(request)\n", False),
        ("from flask import request\nmark(celery_app)\n", False),
    ],
)
def test_what_a_flask_application_is(text: str, expected: bool) -> None:
    file = file_of(text, "run.py", FACTORY)
    (node,) = marked(file)
    assert is_flask_app(node, file) is expected
