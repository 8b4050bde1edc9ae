"""Which files of a project a change can affect."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checks.engine.affected import affected
from checks.engine.project import Project
from checks.engine.revisions import diff
from checks.engine.tree import DictTree

Files = Mapping[str, str]

BASE = "class Base:\n    pass\n"
MODEL = "from django.db import models\n\n\nclass Base(models.Model):\n    pass\n"
PROJECT = {
    "core/base.py": BASE,
    "shop/models.py": "from core.base import Base\n\n\nclass Order(Base):\n    pass\n",
    "shop/special.py": "from shop.models import Order\n\n\nclass Express(\n    Order,\n):\n    pass\n",
    "shop/views.py": "from core.base import Base\n\nbase = Base()\n",
    "shop/other.py": "class Other:\n    pass\n",
    "README.md": "class Order(Base):\n",
}


def judged(before: Files, after: Files) -> tuple[set[str], set[str]]:
    old, new = DictTree(before), DictTree(after)
    return affected(Project(old), Project(new), diff(old, new))


def beyond(after: Files) -> set[str]:
    """The files that are judged although the change does not touch them."""
    return judged(PROJECT, {**PROJECT, **after})[1] - set(after)


@pytest.mark.parametrize(
    ("after", "dependents"),
    [
        ({"core/base.py": MODEL}, {"shop/models.py", "shop/special.py"}),
        ({"core/base.py": "x = 1\n"}, {"shop/models.py", "shop/special.py"}),
        ({"core/base.py": "class Base(object): ...\n"}, {"shop/models.py", "shop/special.py"}),
        ({"shop/models.py": "class Order: ...\n"}, {"shop/special.py"}),
        ({"core/base.py": "x = 1\n", "core/moved.py": MODEL}, {"shop/models.py", "shop/special.py"}),
        ({"core/base.py": "class Base(:\n"}, {"shop/models.py", "shop/special.py"}),
    ],
    ids=["other bases", "gone", "bases at last", "further down", "moved", "not parsed"],
)
def test_files_that_derive_from_what_is_redefined_are_judged_too(after: Files, dependents: set[str]) -> None:
    assert beyond(after) == dependents


@pytest.mark.parametrize(
    "after",
    [
        {"core/base.py": "class Base:\n    limit = 3\n"},
        {"core/base.py": BASE + "\n\nclass Added(Base):\n    pass\n"},
        {"core/base.py": "import os\n\n\n" + BASE},
        {"shop/special.py": "x = 1\n"},
        {"shop/views.py": "x = 1\n"},
        {"README.md": "class Base:\n"},
    ],
    ids=["body", "added", "moved down", "nobody derives", "no class", "no code"],
)
def test_else_only_what_the_change_touches_is_judged(after: Files) -> None:
    assert beyond(after) == set()


def test_an_import_that_changes_what_a_base_is_counts() -> None:
    before = {**PROJECT, "core/base.py": "from a import Model\n\n\nclass Base(Model):\n    pass\n"}
    after = {**before, "core/base.py": "from b import Model\n\n\nclass Base(Model):\n    pass\n"}
    assert judged(before, after)[1] == {"core/base.py", "shop/models.py", "shop/special.py"}


def test_manifests_and_locks_are_judged_together() -> None:
    files = {
        "pyproject.toml": "[project]\n",
        "uv.lock": "version = 1\n",
        "web/requirements.txt": "a==1\n",
        "a.py": "",
    }
    assert judged(files, {**files, "uv.lock": "version = 2\n"})[1] == files.keys() - {"a.py"}
    assert judged(files, {**files, "a.py": "b = 1\n"})[1] == {"a.py"}
    workflow = {**files, ".github/workflows/ci.yml": "on: push\n"}
    assert judged(files, workflow)[1] == {".github/workflows/ci.yml"}


URLS = """\
from django.contrib.auth.decorators import login_required
from django.urls import path

from shop import views

urlpatterns = [path("a/", login_required(views.a)), path("b/", views.B.as_view())]
"""
ROUTED = {
    "shop/urls.py": URLS,
    "shop/views.py": "from shop.more import B\n\n\ndef a(request): ...\n",
    "shop/more.py": "class B: ...\n",
}


@pytest.mark.parametrize(
    ("urls", "others"),
    [
        (URLS.replace("login_required(views.a)", "views.a"), {"shop/views.py"}),
        (URLS.replace("as_view()", "as_view(limit=5)"), {"shop/more.py"}),
        (URLS.replace('"a/"', '"<path:x>/"'), {"shop/views.py"}),
        ("", {"shop/views.py", "shop/more.py"}),
        (f"{URLS}x = 1\n", set()),
    ],
    ids=["no decorator", "other options", "other pattern", "gone", "other lines"],
)
def test_views_that_are_routed_in_another_way_are_judged_too(urls: str, others: set[str]) -> None:
    assert judged(ROUTED, {**ROUTED, "shop/urls.py": urls})[1] == {"shop/urls.py"} | others


def test_a_renamed_file_is_judged_under_its_old_and_its_new_path() -> None:
    after = {path: text for path, text in PROJECT.items() if path != "shop/views.py"}
    old, new = judged(PROJECT, {**after, "shop/pages.py": PROJECT["shop/views.py"]})
    assert old == {"shop/views.py"}
    assert new == {"shop/pages.py"}


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 3_000_000,
        "class A(" * 300_000,
        "class A(\n" * 300_000,
        "class " * 500_000,
        "class A" + " " * 3_000_000,
        "class A[" * 300_000,
    ],
    ids=["newlines", "brackets", "open classes", "words", "blanks", "type parameters"],
)
def test_hostile_files_end(text: str) -> None:
    files = {**PROJECT, "shop/hostile.py": text}
    assert judged(files, {**files, "core/base.py": MODEL})[1] >= {"shop/models.py", "shop/special.py"}
