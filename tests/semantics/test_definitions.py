"""Names followed into the project's other files."""

from __future__ import annotations

import ast

import pytest

from checks.semantics.definitions import bases, definition, is_reachable, origin
from tests.files import file_of

APP = {
    "shop/__init__.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "shop/factory.py": "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n",
    "shop/wsgi.py": "from shop.factory import create_app\n\napplication = create_app()\n",
    "shop/api.py": "from shop import app as api_app\n",
    "tools/json.py": "def loads(text): ...\n",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop.app.run", "flask.Flask.run"),
        ("shop.api.api_app.run", "flask.Flask.run"),
        ("shop.factory.create_app", "flask.Flask"),
        ("shop.app", "flask.Flask"),
    ],
)
def test_a_name_of_the_project_is_what_stands_behind_it(name: str, expected: str) -> None:
    assert origin(name, file_of("", "run.py", APP)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "requests.get",
        "json.loads",
        "shop.missing.run",
        "shop.nothing.here",
        "app",
        "os.environ.get",
        "elsewhere.shop.app",
    ],
)
def test_other_names_are_left_as_they_are(name: str) -> None:
    assert origin(name, file_of("", "run.py", APP)) == name


def test_names_that_lead_back_to_themselves_end() -> None:
    files = {"a.py": "from b import x\n", "b.py": "from a import x\n"}
    assert origin("a.x", file_of("", "run.py", files)) in ("a.x", "b.x")
    assert definition("a.x", file_of("", "run.py", files)) is None


FILES = {
    "core/base.py": "class Base: ...\n\n\nclass Other(Base): ...\n\n\ndef helper(): ...\n\n\nVALUE = 1\n",
    "core/__init__.py": "from .base import Base\nfrom .base import Base as Root\n",
    "core/all.py": "from .base import *\n",
    "core/more.py": "from .nowhere import *\nfrom .all import *\n",
}


@pytest.mark.parametrize(
    "name",
    [
        "core.base.Base",
        "core.Base",
        "core.Root",
        "core.all.Base",
        "core.more.Base",
        "core.base.helper",
        "core.more.helper",
    ],
)
def test_a_definition_is_found_through_imports_and_stars(name: str) -> None:
    found = definition(name, file_of("", "shop/views.py", FILES))
    assert found is not None
    node, home = found
    assert isinstance(node, ast.ClassDef | ast.FunctionDef)
    assert (node.name in ("Base", "helper"), home.path) == (True, "core/base.py")


@pytest.mark.parametrize(
    "name", ["django.db.models.Model", "core.base.VALUE", "core.base.Missing", "core", "Base", "core.all.x"]
)
def test_what_the_project_does_not_define_is_not_found(name: str) -> None:
    assert definition(name, file_of("", "shop/views.py", FILES)) is None


@pytest.mark.parametrize(
    ("path", "module", "reached"),
    [
        ("shared/text.py", "shared.text", True),
        ("src/shared/text.py", "shared.text", True),
        ("web/shared/text.py", "shared.text", True),
        ("common/shared/text.py", "shared.text", True),
        ("common/plain/text.py", "plain.text", False),  # no package
        ("common/shared/json.py", "json", False),
        ("core/shared/text.py", "shared.text", False),  # within another package
        ("a/b/c/shared/text.py", "shared.text", False),
    ],
)
def test_an_import_means_what_its_roots_hold(path: str, module: str, reached: bool) -> None:
    packages = ("common/shared", "core", "core/shared", "a/b/c/shared")
    others = {path: "", **{f"{package}/__init__.py": "" for package in packages}}
    assert is_reachable(path, module.split("."), file_of("", "web/shop/views.py", others)) is reached


def names_above(text: str) -> list[str]:
    file = file_of(text, "shop/views.py", FILES)
    node = next(node for node in reversed(file.nodes) if isinstance(node, ast.ClassDef))
    return [name for name, _, _ in bases(node, file)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from core.base import Other\nclass A(Other): ...\n", ["core.base.Other", "core.base.Base"]),
        ("from core import Root\nclass A(Root, object): ...\n", ["core.base.Base", "builtins.object"]),
        ("from typing import Generic\nclass A(Generic[T]): ...\n", ["typing.Generic"]),
        ("class A: ...\n", []),
        ("class A(make()): ...\n", []),
        ("class B(A): ...\nclass A(B): ...\n", ["shop.views.B"]),
        (
            "from core.base import Base, Other\nclass A(Other, Base): ...\n",
            ["core.base.Other", "core.base.Base"],
        ),
    ],
)
def test_the_classes_above_a_class_are_told_once_each(text: str, expected: list[str]) -> None:
    assert [name.replace("core.Root", "core.base.Base") for name in names_above(text)] == expected


def test_hostile_projects_end() -> None:
    stars = "".join(f"from m{number} import *\n" for number in range(40))
    files = {f"m{number}.py": stars for number in range(40)}
    assert definition("m0.missing", file_of("", "run.py", files)) is None
    classes = "class C0: ...\n" + "".join(
        f"class C{n}({', '.join(f'C{below}' for below in range(max(0, n - 40), n))}): ...\n"
        for n in range(1, 80)
    )
    assert len(names_above(classes)) > 79 // 2
