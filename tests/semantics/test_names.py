"""What names stand for. In each table the text marks expressions with `mark(...)`, and beside it is what they are."""

from __future__ import annotations

import pytest

from checks.engine.project import Project, module_name
from checks.engine.tree import DictTree
from checks.semantics.names import qualified_name
from tests.files import file_of, marked

Answers = list[str | None]
GET = "from requests import get\n"
SESSION = "import requests\n"


def answers(text: str, path: str = "shop/views.py") -> Answers:
    file = file_of(text, path)
    return [file.resolve(node) for node in marked(file)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import requests\nmark(requests.get)\n", "requests.get"),
        ("import requests as r\nmark(r.get)\n", "requests.get"),
        ("from requests import get as g\nmark(g)\n", "requests.get"),
        ("import os.path\nmark(os.environ)\n", "os.environ"),
        ("import os\nimport os.path\nmark(os.path.join)\n", "os.path.join"),
        ("import xml.etree.ElementTree as ET\nmark(ET.parse)\n", "xml.etree.ElementTree.parse"),
        ("def f():\n    import requests\n    mark(requests.get)\n", "requests.get"),
        ("mark(open)\n", "builtins.open"),
        ("def f(): ...\nmark(f)\n", "shop.views.f"),
        ("class A:\n    def f(self): ...\nmark(A.f)\n", "shop.views.A.f"),
        ("fetch = __import__\nmark(fetch)\n", "builtins.__import__"),
    ],
)
def test_names_stand_for_what_binds_them(text: str, expected: str) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "mark(unknown)\n",
        "from elsewhere import *\nmark(get)\n",
        f"{GET}for get in hooks: ...\nmark(get)\n",
        f"{GET}get += 1\nmark(get)\n",
        f"{GET}del get\nmark(get)\n",
        f"{GET}def get(): ...\nmark(get)\n",
        f"{GET}with lock() as (get, put):\n    mark(get)\n",
        f"{GET}try: ...\nexcept OSError as get:\n    mark(get)\n",
        f"{GET}match hook:\n    case {{'call': get}}:\n        mark(get)\n",
        f"{GET}match hook:\n    case [first, *get]:\n        mark(get)\n",
        f"{GET}match hook:\n    case {{'a': 1, **get}}:\n        mark(get)\n",
        "import requests, httpx\nif fast:\n    c = httpx\nelse:\n    c = requests\nmark(c)\n",
        "try:\n    import simplejson as json\nexcept ImportError:\n    import json\nmark(json)\n",
        "x = x.y\nmark(x)\n",
        "a = b\nb = a\nmark(a)\n",
        "x = [print]\nmark(x[0])\n",
    ],
)
def test_names_that_may_be_something_else_stand_for_nothing(text: str) -> None:
    assert answers(text) == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("try:\n    import yaml\nexcept ImportError:\n    yaml = None\nmark(yaml.load)\n", "yaml.load"),
        ("yaml = None\ntry:\n    import yaml\nexcept ImportError: ...\nmark(yaml.load)\n", "yaml.load"),
        ("try:\n    from a import x\nexcept ImportError:\n    from a import x\nmark(x)\n", "a.x"),
        ("if TYPE_CHECKING:\n    from flask import Flask\nmark(Flask)\n", "flask.Flask"),
        (
            "if TYPE_CHECKING:\n    from flask import Flask\nelse:\n    Flask = None\nmark(Flask)\n",
            "flask.Flask",
        ),
        (f"{SESSION}s = None\nif x:\n    s = requests.Session()\nmark(s)\n", "requests.Session"),
        (f"{SESSION}if a:\n    c = requests.get\nelse:\n    c = requests.get\nmark(c)\n", "requests.get"),
    ],
)
def test_imports_under_a_condition_count_where_they_agree_and_none_is_left_aside(
    text: str, expected: str
) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("from . import models\nmark(models.Order)\n", "shop/views.py", "shop.models.Order"),
        ("from .models import Order\nmark(Order)\n", "shop/views.py", "shop.models.Order"),
        ("from ..core import Base\nmark(Base)\n", "src/shop/views.py", "src.core.Base"),
        ("from .models import Order\nmark(Order)\n", "shop/__init__.py", "shop.models.Order"),
        ("from . import models\nmark(models)\n", "shop/sub/__init__.py", "shop.sub.models"),
        ("from .. import models\nmark(models)\n", "shop/sub/__init__.py", "shop.models"),
        ("from . import models\nmark(models)\n", "views.py", "models"),
        ("from ....core import Base\nmark(Base)\n", "a/b/views.py", "core.Base"),
    ],
)
def test_relative_imports_start_from_the_package(text: str, path: str, expected: str) -> None:
    assert answers(text, path) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{GET}class A:\n    get = 1\n    def f(self):\n        mark(get)\n", "requests.get"),
        (f"{GET}class A:\n    get = 1\n    x = [mark(get) for y in z]\n", "requests.get"),
        (f"{GET}class A:\n    get = 1\n    x = [1 for y in mark(get)]\n", None),
        ("import requests\nclass A:\n    get = requests.get\n    x = mark(get)\n", "requests.get"),
        (f"{GET}class A(Base, key=mark(get)):\n    get = 1\n", "requests.get"),
        (f"{GET}@mark(get)\nclass A:\n    get = 1\n", "requests.get"),
    ],
)
def test_names_of_a_class_are_seen_in_its_body_alone(text: str, expected: str | None) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{GET}x = [mark(get) for get in hooks]\n", None),
        (f"{GET}x = {{mark(get): 1 for get in hooks}}\n", None),
        (f"{GET}x = any(y for get in hooks if mark(get))\n", None),
        (f"{GET}x = [y for get in hooks for y in mark(get)]\n", None),
        (f"{GET}x = [1 for get in mark(get)]\n", "requests.get"),
        (f"{GET}x = [get for get in hooks]\nmark(get)\n", "requests.get"),
        (f"{SESSION}[s := requests.get for i in x]\nmark(s)\n", "requests.get"),
        (f"{SESSION}while (s := requests.Session()):\n    mark(s)\n", "requests.Session"),
    ],
)
def test_a_comprehension_has_a_scope_of_its_own_but_for_walrus(text: str, expected: str | None) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{GET}def f(get=mark(get)): ...\n", "requests.get"),
        (f"{GET}def f(get: mark(get)): ...\n", "requests.get"),
        (f"{GET}def f(get) -> mark(get): ...\n", "requests.get"),
        (f"{GET}@mark(get)\ndef f(get): ...\n", "requests.get"),
        (f"{GET}f = lambda get=mark(get): 1\n", "requests.get"),
        (f"{GET}f = lambda get: mark(get)\n", None),
        (f"{GET}def f(get):\n    mark(get)\n", None),
        (f"{GET}def f(*get):\n    mark(get)\n", None),
        (f"{GET}def f(**get):\n    mark(get)\n", None),
        (f"{GET}def f():\n    mark(get)\n    get = 1\n", None),
        (f"{GET}def f():\n    def get(): ...\n    mark(get)\n", "shop.views.f.get"),
        ("def f():\n    import requests\ndef g():\n    mark(requests)\n", None),
        ("def f(open):\n    mark(open)\n", None),
        ("def open(path): ...\nmark(open)\n", "shop.views.open"),
    ],
)
def test_parameters_and_locals_belong_to_the_body(text: str, expected: str | None) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"{SESSION}s = None\ndef f():\n    global s\n    s = requests.Session()\nmark(s)\n",
            "requests.Session",
        ),
        (
            f"{SESSION}def f():\n    global s\n    s = requests.Session()\ndef g():\n    mark(s)\n",
            "requests.Session",
        ),
        (f"{SESSION}s = requests.Session()\ndef f():\n    global s\n    mark(s)\n", "requests.Session"),
        (f"{SESSION}s = requests.Session()\ndef f():\n    global s\n    s = fake()\nmark(s)\n", None),
        (
            f"{SESSION}def f():\n    s = requests.Session()\n"
            "    def g():\n        nonlocal s\n        mark(s)\n",
            "requests.Session",
        ),
        (
            f"{SESSION}def f():\n    s = requests.Session()\n    def g():\n"
            "        nonlocal s\n        s = 1\n    mark(s)\n",
            None,
        ),
        (f"{SESSION}s = requests.Session()\ndef f():\n    s = fake()\nmark(s)\n", "requests.Session"),
        ("global s\ns = print\nmark(s)\n", "builtins.print"),
    ],
)
def test_global_and_nonlocal_names_belong_to_another_scope(text: str, expected: str | None) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SESSION}mark(requests.Session().get)\n", "requests.Session.get"),
        (f"{SESSION}with requests.Session() as s:\n    mark(s.get)\n", "requests.Session.get"),
        ("class A: ...\na = A()\nmark(a.f)\n", "shop.views.A.f"),
        (
            "from flask import Flask\ndef create():\n"
            "    app = Flask('x')\n    return app\nmark(create().run)\n",
            "flask.Flask.run",
        ),
        (
            "from flask import Flask\ndef create():\n    if x:\n"
            "        return None\n    return Flask('x')\nmark(create())\n",
            "flask.Flask",
        ),
        (
            "import aiohttp\nasync def make():\n    return aiohttp.ClientSession()\n"
            "async def f():\n    s = await make()\n    mark(s)\n",
            "aiohttp.ClientSession",
        ),
        ("from flask import Flask\ndef create():\n    yield Flask('x')\nmark(create())\n", None),
        (
            "from flask import Flask\ndef create():\n    yield 1\n    return Flask('x')\nmark(create())\n",
            None,
        ),
        (
            "from flask import Flask\ndef create():\n    if x:\n"
            "        return Flask('x')\n    return object()\nmark(create())\n",
            None,
        ),
        ("def create():\n    return create()\nmark(create())\n", None),
        ("def create():\n    def inner():\n        return print\nmark(create())\n", None),
    ],
)
def test_a_call_gives_an_instance_or_what_the_function_returns(text: str, expected: str | None) -> None:
    assert answers(text) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "def __init__(self):\n        self.s = requests.Session()\n"
            "    def f(self):\n        mark(self.s)",
            "requests.Session",
        ),
        (
            "s = requests.Session()\n    @classmethod\n    def f(cls):\n        mark(cls.s)",
            "requests.Session",
        ),
        (
            "def f(self):\n        self.s = requests.Session()\n        def g():\n            mark(self.s)",
            "requests.Session",
        ),
        (
            "def __init__(self, s: requests.Session):\n"
            "        self.s = s\n    def f(self):\n        mark(self.s)",
            "requests.Session",
        ),
        ("s: requests.Session | None = None\n    def f(self):\n        mark(self.s)", "requests.Session"),
        ("s = requests.Session()\n    @staticmethod\n    def f(self):\n        mark(self.s)", None),
        ("s = requests.Session()\n    def f(self, other):\n        mark(other.s)", None),
        ("s = requests.Session()\n    def f(self):\n        self.s = 1\n        mark(self.s)", None),
        ("s = requests.Session()\n    def f(self):\n        def g(self):\n            mark(self.s)", None),
        ("def s(self): ...\n    def f(self):\n        mark(self.s)", None),
    ],
)
def test_attributes_of_self_are_what_the_class_assigns(body: str, expected: str | None) -> None:
    assert answers(f"import requests\nclass A:\n    {body}\n") == [expected]


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("Flask", "flask.Flask"),
        ("'Flask'", "flask.Flask"),
        ("'Flask | None'", "flask.Flask"),
        ("Flask | None", "flask.Flask"),
        ("Optional[Flask]", "flask.Flask"),
        ("Union[Flask, None]", "flask.Flask"),
        ("Optional['Flask']", "flask.Flask"),
        ("Annotated[Flask, 'the app']", "flask.Flask"),
        ("Flask | str", None),
        ("Union[Flask, str]", None),
        ("list[Flask]", None),
        ("type[Flask]", None),
        ("'not a hint'", None),
        ("'Flask' * 3", None),
        ("Optional", "typing.Optional"),
    ],
)
def test_a_parameter_is_an_instance_of_the_class_that_its_hint_names(hint: str, expected: str | None) -> None:
    head = "from flask import Flask\nfrom typing import Annotated, Optional, Union\n"
    assert answers(f"{head}def f(app: {hint}):\n    mark(app)\n") == [expected]
    assert answers(f"{head}app: {hint}\nmark(app)\n") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f():\n    mark(1)\n", "f"),
        ("class A:\n    def f(self):\n        mark(1)\n", "A.f"),
        ("class A:\n    async def f(self):\n        g = lambda: mark(1)\n", "A.f"),
        ("mark(1)\n", ""),
        ("if x:\n    for y in z:\n        mark(1)\n", ""),
    ],
)
def test_the_qualified_name_of_what_is_around(text: str, expected: str) -> None:
    (node,) = marked(file_of(text))
    assert qualified_name(node) == expected


def test_modules_whose_names_are_taken_are_told_and_bind_no_name() -> None:
    file = file_of("from .base import *\nfrom os import path\nif x:\n    from local import *\n", "a/b.py")
    assert file.names.star_modules() == ("a.base", "local")
    assert set(file.names.bindings(file.tree)) == {"path"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/models.py", "shop.models"),
        ("shop/__init__.py", "shop"),
        ("manage.py", "manage"),
        ("shop/stubs.pyi", "shop.stubs"),
        ("__init__.py", "__init__"),
    ],
)
def test_module_names(path: str, expected: str) -> None:
    assert module_name(path) == expected


def _chain(links: int, text: str, first: str) -> str:
    return first + "".join(text.replace("NEXT", f"x{n + 1}").replace("X", f"x{n}") for n in range(links))


@pytest.mark.parametrize(
    "text",
    [
        _chain(30, "def NEXT():\n" + "    if y: return X()\n" * 20, "def x0(): return print\n")
        + "mark(x30())\n",
        _chain(30, "NEXT = X\n" * 8, "x0 = print\n") + "mark(x30)\n",
        "def f(a: Union[" + "A, " * 20_000 + "B]):\n" + "    mark(a)\n" * 2_000,
        "def f():\n" + "    mark(a)\n" * 20_000,
        "class A:\n" + "    mark(a)\n" * 20_000,
        "def f():\n    a = 1\n" + "    def g():\n        nonlocal a\n" * 5_000 + "    mark(a)\n",
    ],
    ids=["functions", "values", "hint", "body", "class", "nonlocal"],
)
def test_hostile_files_end(text: str) -> None:
    assert len(answers(text)) == text.count("mark(")


def test_nothing_keeps_a_released_tree_alive() -> None:
    project = Project(DictTree({"a.py": "def f(a: 'int'):\n    mark(a)\n"}))
    file = project.file("a.py")
    assert file is not None
    assert [file.resolve(node) for node in marked(file)] == ["builtins.int"]
    file.release()
    assert not any(hasattr(node, "_parent") for node in file.nodes)
