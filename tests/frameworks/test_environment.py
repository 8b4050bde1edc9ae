"""Reads of environment variables, and the value that holds where none is set."""

from __future__ import annotations

import pytest

from checks.frameworks.environment import environment_read, reads_environment, unset_value
from checks.semantics.constants import Constant
from tests.files import file_of, marked

OS = "import os\n"
DECOUPLE = "from decouple import Csv, config\n"
ENVIRON = "import environ\nenv = environ.Env()\n"
ENVIRONS = "from environs import Env\nenv = Env()\n"


def unset(text: str) -> Constant | None:
    file = file_of(text, "shop/settings.py")
    (node,) = marked(file)
    return unset_value(node, file)


@pytest.mark.parametrize(
    ("text", "name", "required"),
    [
        (f"{OS}mark(os.environ['A'])\n", "A", True),
        (f"{OS}mark(os.environ.get('A'))\n", "A", False),
        (f"{OS}mark(os.getenv('A', 'b'))\n", "A", False),
        ("from os import environ\nmark(environ['A'])\n", "A", True),
        ("from os import getenv as get\nmark(get('A'))\n", "A", False),
        (f"{DECOUPLE}mark(config('A'))\n", "A", True),
        (f"{DECOUPLE}mark(config('A', default='b'))\n", "A", False),
        (f"{ENVIRON}mark(env('A'))\n", "A", True),
        (f"{ENVIRON}mark(env.bool('A', False))\n", "A", False),
        (f"{ENVIRON}mark(env('A', default=1))\n", "A", False),
        ("import environ\nenv = environ.Env(A=(bool, False))\nmark(env('A'))\n", "A", False),
        (f"{ENVIRONS}mark(env.str('A'))\n", "A", True),
        (f"{ENVIRONS}mark(env.int('A', 3))\n", "A", False),
        (f"{OS}NAME = 'A'\nmark(os.environ[NAME])\n", "A", True),
        (f"{OS}mark(os.environ[name])\n", None, True),
    ],
)
def test_reads_by_the_library_and_by_packages(text: str, name: str | None, required: bool) -> None:
    file = file_of(text)
    (node,) = marked(file)
    read = environment_read(node, file)
    assert read is not None
    assert (read.name, read.required) == (name, required)


@pytest.mark.parametrize(
    "text",
    [
        "mark(os.environ['A'])\n",
        "mark(config('A'))\n",
        f"{OS}mark(os.environ)\n",
        f"{OS}mark(os.environ.keys())\n",
        "settings = {}\nmark(settings['A'])\n",
        "from constance import config\nmark(config('A'))\n",
        f"{ENVIRON}mark(env)\n",
        f"{OS}mark(os.path.join('A', 'b'))\n",
        "mark('A')\n",
    ],
)
def test_other_expressions_are_no_reads(text: str) -> None:
    file = file_of(text)
    (node,) = marked(file)
    assert environment_read(node, file) is None
    assert not reads_environment(node, file)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"{OS}mark(os.environ.get('A', 'b'))\n", "b"),
        (f"{OS}mark(os.environ.get('A'))\n", None),
        (f"{OS}mark(os.environ.get('A') or 'b')\n", "b"),
        (f"{OS}mark(os.environ.get('A') and 'b')\n", None),
        (f"{OS}mark(os.environ.get('A', 'True') == 'True')\n", True),
        (f"{OS}mark(os.environ.get('A', 'no') != 'no')\n", False),
        (f"{OS}mark(os.environ.get('A', '').lower() in ('1', 'true'))\n", False),
        (f"{OS}mark(os.environ.get('A', '1') in '1 true')\n", True),
        (f"{OS}mark(bool(os.environ.get('A', 'False')))\n", True),
        (f"{OS}mark(int(os.environ.get('A', '0')))\n", 0),
        (f"{OS}mark(bool(int(os.getenv('A', 1))))\n", True),
        (f"{OS}mark(not os.environ.get('A'))\n", True),
        (f"{OS}mark('x' if os.environ.get('A') else 'y')\n", "y"),
        (f"{OS}mark(os.environ.get('A', 'a b').split())\n", ["a", "b"]),
        (f"{OS}mark(os.environ.get('A', 'a,b').split(','))\n", ["a", "b"]),
        (f"{OS}DEFAULT = 'b'\nmark(os.environ.get('A', DEFAULT))\n", "b"),
        (f"{OS}A = os.environ.get('A', 'b')\nmark(A)\n", "b"),
        ("import os\nfrom distutils.util import strtobool\nmark(strtobool(os.getenv('A', 'on')))\n", True),
        (f"{DECOUPLE}mark(config('A', default='yes', cast=bool))\n", True),
        (f"{DECOUPLE}mark(config('A', default='a, b', cast=Csv()))\n", ["a", "b"]),
        (f"{ENVIRON}mark(env.bool('A', default=False))\n", False),
        ("import environ\nenv = environ.Env(A=(bool, True))\nmark(env('A'))\n", True),
        (f"{ENVIRONS}mark(env.list('A', 'a,b'))\n", ["a", "b"]),
        ("mark('plain')\n", "plain"),
    ],
)
def test_the_value_where_no_variable_is_set(text: str, value: object) -> None:
    assert unset(text) == Constant(value)


@pytest.mark.parametrize(
    "text",
    [
        f"{OS}mark(os.environ['A'])\n",
        f"{OS}mark(os.environ['A'] == 'True')\n",
        f"{OS}mark(os.environ.get('A', default()))\n",
        f"{OS}mark(os.environ['A'] or 'b')\n",
        f"{OS}mark(parse(os.environ.get('A', 'b')))\n",
        f"{OS}mark(int(os.environ.get('A', 'many')))\n",
        f"{OS}mark(os.environ.get('A', 'b').encode())\n",
        f"{OS}mark('a' < os.environ.get('A', 'b'))\n",
        f"{DECOUPLE}mark(config('A'))\n",
        f"{ENVIRON}mark(env('A'))\n",
        "mark(unknown)\n",
    ],
)
def test_it_is_unknown_where_a_read_fails_or_anything_may_come(text: str) -> None:
    assert unset(text) is None


def test_an_env_that_another_settings_module_made_is_followed() -> None:
    others = {"shop/env.py": "import environ\n\nenv = environ.Env()\n"}
    file = file_of("from shop.env import env\nmark(env.bool('A', True))\n", "shop/settings.py", others)
    (node,) = marked(file)
    assert unset_value(node, file) == Constant(True)


@pytest.mark.parametrize(
    "text",
    [
        "x0 = ''\n"
        + "".join(f"x{n + 1} = {' or '.join([f'x{n}'] * 60)}\n" for n in range(11))
        + "mark(x11)\n",
        "x0 = ''\n"
        + "".join(f"x{n + 1} = x{n}.split({', '.join([f'x{n}'] * 60)})\n" for n in range(11))
        + "mark(x11)\n",
        "mark(" + "not " * 150 + "x)\n",
    ],
    ids=["or", "arguments", "not"],
)
def test_hostile_settings_end(text: str) -> None:
    assert unset(text) is None
