"""Which modules hold Django's settings, and which settings they give."""

from __future__ import annotations

import time

import pytest

from checks.frameworks.django.settings import django_settings
from checks.frameworks.settings import (
    Standing,
    is_for_development,
    replacements,
    settings_of,
    standing,
    words,
)
from tests.files import file_of

Given = list[tuple[str, bool]]
ROOT = "ROOT_URLCONF = 'shop.urls'\n"


def given(text: str, path: str = "shop/settings.py") -> Given:
    """Each setting by name, and whether it is given under a condition."""
    return [(setting.name, setting.conditional) for setting in django_settings(file_of(text, path))]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shop/settings.py", "DEBUG = True\n"),
        ("shop/settings/production.py", "DEBUG = True\n"),
        ("shop/local_settings.py", "DEBUG = True\n"),
        ("shop/settings/production.py", "from .base import *\nDEBUG = True\n"),
        ("config/common.py", f"DEBUG = True\nINSTALLED_APPS = []\n{ROOT}"),
    ],
)
def test_settings_modules_are_known_by_their_place_or_their_names(path: str, text: str) -> None:
    assert ("DEBUG", False) in given(text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shop/views.py", "DEBUG = True\n"),
        ("shop/constants.py", "DEBUG = True\nSECRET_KEY = 'x'\nUSE_TZ = True\n"),
        ("shop/settings.py", "COLOUR = 'red'\n"),
        ("shop/settings.py", "from flask import Flask\nDEBUG = True\n"),
        ("shop/settings.py", "def f():\n    DEBUG = True\n"),
        ("shop/settings.py", "SESSION_COOKIE_SECURE = True\nSQLALCHEMY_DATABASE_URI = 'sqlite://'\n"),
        ("shop/settings/base.py", "SESSION_COOKIE_SECURE = True\nMAX_CONTENT_LENGTH = 65536\n"),
    ],
)
def test_other_modules_are_none(path: str, text: str) -> None:
    assert given(text, path) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DEBUG = True\n", [("DEBUG", False)]),
        ("DEBUG: bool = True\n", [("DEBUG", False)]),
        ("A = DEBUG = True\n", [("A", False), ("DEBUG", False)]),
        ("if x:\n    DEBUG = True\nelse:\n    DEBUG = False\n", [("DEBUG", True), ("DEBUG", True)]),
        ("try:\n    DEBUG = a()\nexcept E:\n    DEBUG = False\n", [("DEBUG", True), ("DEBUG", True)]),
        (
            "from configurations import Configuration\nclass Prod(Configuration):\n    DEBUG = True\n",
            [("DEBUG", False)],
        ),
        ("class Helper:\n    DEBUG = True\n", []),
        ("debug = True\n", []),
        ("DEBUG: bool\n", []),
        ("DEBUG += 1\n", []),
        ("DEBUG['a'] = 1\n", []),
    ],
)
def test_settings_are_assigned_at_the_top_or_under_a_condition(text: str, expected: Given) -> None:
    assert [item for item in given(ROOT + text) if item[0] != "ROOT_URLCONF"] == expected


@pytest.mark.parametrize("name", ["DevelopmentConfig", "LocalSettings", "TestConfig", "dev_settings", "CI"])
def test_names_that_say_development(name: str) -> None:
    file = file_of(f"class {name}:\n    x = 1\n")
    assert is_for_development(file.tree.body[0])


@pytest.mark.parametrize(
    "name", ["ProductionConfig", "Contest", "Localization", "Latest", "Device", "Config"]
)
def test_names_that_do_not(name: str) -> None:
    file = file_of(f"class {name}:\n    x = 1\n")
    assert not is_for_development(file.tree.body[0])


def test_the_words_of_a_name() -> None:
    assert words("DevelopmentConfig") == words("development_config") == {"development", "config"}
    assert words("HTTPServer") == {"http", "server"}


def replaced(text: str, others: dict[str, str], path: str = "shop/settings/base.py") -> list[str]:
    """The paths where the first DEBUG is given anew."""
    file = file_of(text, path, others)
    setting = next(setting for setting in settings_of(file) if setting.name == "DEBUG")
    return [home.path for _, home in replacements(setting, file)]


def test_a_setting_is_given_anew_further_down_or_in_a_module_for_production() -> None:
    beside = {"shop/settings/production.py": "from .base import *\nDEBUG = False\n"}
    assert replaced("DEBUG = True\n", beside) == ["shop/settings/production.py"]
    assert replaced("DEBUG = True\nif x:\n    DEBUG = False\n", {}) == ["shop/settings/base.py"]


@pytest.mark.parametrize(
    "others",
    [
        {"shop/settings/local.py": "from .base import *\nDEBUG = False\n"},
        {"other/settings/production.py": "DEBUG = False\n"},
        {"shop/settings/production.py": "from .base import *\nUSE_TZ = True\n"},
    ],
)
def test_other_modules_give_nothing_anew(others: dict[str, str]) -> None:
    assert replaced("DEBUG = True\n", others) == []


def wrong(text: str, production: str | None = None) -> Standing | None:
    """What `standing` says of the first `X_ON`, which must not be true."""
    others = {"shop/settings/production.py": f"from .base import *\n{production}"} if production else {}
    file = file_of(f"{ROOT}{text}", "shop/settings/base.py", others)
    setting = next(item for item in django_settings(file) if item.name == "X_ON")
    return standing(setting, file, bool)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X_ON = True\n", Standing(True, False)),
        ("import os\nX_ON = os.environ.get('X', '1')\n", Standing("1", True)),
        ("X_ON = True\nif x:\n    X_ON = 1\n", Standing(True, False)),
    ],
)
def test_a_wrong_value_stands_where_nothing_replaces_it(text: str, expected: Standing) -> None:
    assert wrong(text) == expected
    assert wrong(text, "DEBUG = False\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        "X_ON = False\n",
        "X_ON = unknown()\n",
        "X_ON = not DEBUG\n",
        "if x:\n    X_ON = True\n",
        "X_ON = True\nX_ON = False\n",
        "X_ON = True\nX_ON = 1\n",
        "X_ON = True\nX_ON = unknown()\n",
        "import os\nX_ON = os.environ['X']\n",
    ],
)
def test_right_unknown_and_replaced_values_do_not_stand(text: str) -> None:
    assert wrong(text) is None


def test_a_value_that_production_replaces_does_not_stand() -> None:
    assert wrong("X_ON = True\n", "X_ON = False\n") is None
    assert wrong("X_ON = True\n", "X_ON = 2\n") == Standing(True, False)


def test_the_last_of_thousands_replaces_the_first_in_time() -> None:
    file = file_of(ROOT + "X_ON = 1\n" * 5_000, "shop/settings.py")
    settings = [setting for setting in settings_of(file) if setting.name == "X_ON"]
    before = time.perf_counter()
    assert [setting for setting in settings if standing(setting, file, bool)] == [settings[-1]]
    assert time.perf_counter() - before < 5
