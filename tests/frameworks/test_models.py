"""Which classes are Django models, and what they declare."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from checks.frameworks.django.models import Model, model_of
from tests.files import file_of

HEAD = "from django.db import models\n\n\n"
PROJECT = {
    "core/base.py": f"{HEAD}class Stamped(models.Model):\n    at = models.DateTimeField()\n",
    "core/__init__.py": "from .base import Stamped\n",
    "core/all.py": "from .base import *\n",
    "core/plain.py": "class Plain: ...\n",
}


def last_model(text: str, others: Mapping[str, str] = PROJECT) -> Model | None:
    file = file_of(text, "shop/models.py", others)
    classes = [node for node in file.tree.body if isinstance(node, ast.ClassDef)]
    return model_of(classes[-1], file)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}class Order(models.Model): ...\n",
        "from django.db.models import Model\nclass Order(Model): ...\n",
        "from django.contrib.gis.db import models\nclass Place(models.Model): ...\n",
        "from django.contrib.auth.models import AbstractUser\nclass User(AbstractUser): ...\n",
        f"{HEAD}class Base(models.Model): ...\nclass Order(Base): ...\n",
        f"{HEAD}class Mixin: ...\nclass Order(Mixin, models.Model): ...\n",
        "from core.base import Stamped\nclass Order(Stamped): ...\n",
        "from core import Stamped as Base\nclass Order(Base): ...\n",
        "from core.all import Stamped\nclass Order(Stamped): ...\n",
        "import core\nclass Order(core.Stamped): ...\n",
    ],
)
def test_models_by_their_bases_wherever_these_are(text: str) -> None:
    assert last_model(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "class Order: ...\n",
        "class Order(models.Model): ...\n",
        "from pydantic import BaseModel\nclass Order(BaseModel): ...\n",
        "from elsewhere import Stamped\nclass Order(Stamped): ...\n",
        "from core.plain import Plain\nclass Order(Plain): ...\n",
        f"{HEAD}class Orders(models.Manager): ...\n",
        f"{HEAD}class Orders(models.QuerySet): ...\n",
        "from django.forms import ModelForm\nclass OrderForm(ModelForm): ...\n",
        "class Order(Order): ...\n",
        "class A(B): ...\nclass B(A): ...\n",
        f"{HEAD}class Status(models.TextChoices): ...\n",
    ],
)
def test_other_classes_are_none(text: str) -> None:
    assert last_model(text) is None


def test_fields_are_told_with_their_kind_and_arguments() -> None:
    text = (
        f"{HEAD}from mptt.fields import TreeForeignKey\n\n\nclass Order(models.Model):\n"
        "    name = models.CharField(max_length=9, null=True)\n"
        "    shop: 'Shop' = models.ForeignKey('Shop', models.CASCADE)\n"
        "    tree = TreeForeignKey('self', models.CASCADE)\n"
        "    objects = models.Manager()\n"
        "    limit = 3\n"
        "    total = property(lambda self: 1)\n"
    )
    model = last_model(text)
    assert model is not None
    fields = {field.name: field for field in model.fields}
    assert {name: fields[name].kind for name in ("name", "shop", "tree")} == {
        "name": "CharField",
        "shop": "ForeignKey",
        "tree": "TreeForeignKey",
    }
    assert {"limit", "total"}.isdisjoint(fields)
    null = fields["name"].argument("null")
    assert isinstance(null, ast.Constant)
    assert null.value is True
    assert fields["name"].argument("blank") is None


@pytest.mark.parametrize(
    ("meta", "abstract", "managed"),
    [
        ("abstract = True", True, True),
        ("abstract = False", False, True),
        ("managed = False", False, False),
        ("ordering = ['name']", False, True),
        ("abstract = SETTING", False, True),
    ],
)
def test_options_stand_in_meta(meta: str, abstract: bool, managed: bool) -> None:
    model = last_model(f"{HEAD}class Order(models.Model):\n    class Meta:\n        {meta}\n")
    assert model is not None
    assert (model.abstract, model.managed) == (abstract, managed)


def test_hostile_hierarchies_end() -> None:
    classes = "".join(
        f"class C{n}({', '.join(f'C{below}' for below in range(max(0, n - 30), n)) or 'object'}): ...\n"
        for n in range(100)
    )
    assert last_model(classes) is None
