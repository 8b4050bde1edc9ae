"""What Django makes of models: columns, relations, options, managers."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.django.schema import Schema, app_label, relations_to, schema_named, schema_of
from checks.semantics.source import File
from tests.files import file_of

HEAD = "from django.conf import settings\nfrom django.contrib.auth import get_user_model\n"
HEAD += "from django.db import models\n"
SHOP = {
    "shop/__init__.py": "",
    "crm/models.py": f"{HEAD}class Customer(models.Model):\n    name = models.CharField(max_length=80)\n",
    "stock/models/__init__.py": "from .item import Item\n",
    "stock/models/item.py": f"{HEAD}class Item(models.Model): ...\n",
}


def schemas(text: str, others: Mapping[str, str] = SHOP) -> list[Schema]:
    file = file_of(HEAD + text, "shop/models.py", others)
    found = [schema_of(node, file) for node in file.tree.body if isinstance(node, ast.ClassDef)]
    return [schema for schema in found if schema is not None]


def last(text: str, others: Mapping[str, str] = SHOP) -> Schema:
    return schemas(text, others)[-1]


def order(fields: str) -> Schema:
    return last(f"class Order(models.Model):\n    {fields}\n")


def file_at(path: str, files: Mapping[str, str]) -> File:
    file = Project(DictTree(files)).file(path)
    assert file is not None
    return file


def test_what_a_column_is() -> None:
    column = order("code = models.SlugField(max_length=20, null=True, unique=True, choices=CODES)").columns[
        "code"
    ]
    assert (column.kind, column.dotted) == ("SlugField", "django.db.models.SlugField")
    assert (column.max_length, column.null, column.unique, column.choices) == (20, True, True, True)
    assert (column.source, column.path, column.line) == ("shop.models.Order", "shop/models.py", 5)


@pytest.mark.parametrize(
    ("field", "to"),
    [
        ("models.ForeignKey('self', models.CASCADE)", "shop.models.Order"),
        ("models.ForeignKey('Line', models.CASCADE)", "shop.models.Line"),
        ("models.ForeignKey('shop.Line', models.CASCADE)", "shop.models.Line"),
        ("models.ForeignKey('crm.Customer', models.CASCADE)", "crm.models.Customer"),
        ("models.ForeignKey(to='crm.Customer', on_delete=models.CASCADE)", "crm.models.Customer"),
        ("models.ForeignKey('stock.Item', models.CASCADE)", "stock.models.item.Item"),
        ("models.ForeignKey('gone.Item', models.CASCADE)", "gone.Item"),
        ("models.ForeignKey(Customer, models.CASCADE)", "crm.models.Customer"),
        ("models.ForeignKey(Item, models.CASCADE)", "stock.models.item.Item"),
        ("models.ManyToManyField(Item)", "stock.models.item.Item"),
        ("models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)", "auth.User"),
        ("models.ForeignKey(get_user_model(), models.CASCADE)", "auth.User"),
        ("models.CharField('Item')", ""),
    ],
)
def test_the_model_that_a_relation_names(field: str, to: str) -> None:
    text = "from crm.models import Customer\nfrom stock.models import Item\nclass Line(models.Model): ...\n"
    assert last(f"{text}class Order(models.Model):\n    other = {field}\n").columns["other"].to == to


def test_the_user_of_the_settings() -> None:
    others = {
        "site/settings.py": "AUTH_USER_MODEL = 'crm.Person'\n",
        "crm/models.py": f"{HEAD}class Person(models.Model): ...\n",
    }
    text = (
        "class Order(models.Model):\n    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)\n"
    )
    assert last(text, others).columns["user"].to == "crm.models.Person"


@pytest.mark.parametrize(
    ("field", "many", "one"),
    [
        ("models.ForeignKey('self', models.CASCADE)", False, False),
        ("models.OneToOneField('self', models.CASCADE)", False, True),
        ("models.ManyToManyField('self', through='Line')", True, False),
    ],
)
def test_how_many_a_relation_leads_to(field: str, many: bool, one: bool) -> None:
    column = last(f"class Line(models.Model): ...\nclass Order(models.Model):\n    x = {field}\n").columns[
        "x"
    ]
    assert (column.many, column.one_to_one) == (many, one)
    assert column.through == ("shop.models.Line" if many else "")


@pytest.mark.parametrize(
    ("text", "names", "parents"),
    [
        (
            "class A(models.Model):\n    a = models.IntegerField()\n    class Meta:\n        abstract = True\n",
            {"a", "b"},
            (),
        ),
        ("class A(models.Model):\n    a = models.IntegerField()\n", {"a", "b"}, ("shop.models.A",)),
        (
            "class M:\n    a = models.IntegerField()\nclass A(M, models.Model): ...\n",
            {"a", "b"},
            ("shop.models.A",),
        ),
    ],
)
def test_columns_of_the_classes_above(text: str, names: set[str], parents: tuple[str, ...]) -> None:
    found = last(f"{text}class B(A):\n    b = models.IntegerField()\n")
    assert set(found.columns) == names
    assert found.parents == parents


def test_a_nearer_class_s_column_counts() -> None:
    text = "class A(models.Model):\n    a = models.IntegerField()\n    class Meta:\n        abstract = True\n"
    assert last(f"{text}class B(A):\n    a = models.TextField()\n").columns["a"].kind == "TextField"


META = """\
class Order(models.Model):
    code = models.CharField()
    shop = models.ForeignKey('self', models.CASCADE)
    day = models.DateField()
    at = models.DateTimeField(db_index=True)
    class Meta:
        app_label = "store"
        ordering = ["-day", models.F("code").desc()]
        unique_together = [["shop", "code"]]
        index_together = ("day", "code")
        indexes = [models.Index(fields=["-total"]), models.Index(fields=["paid"], condition=models.Q())]
        constraints = [models.UniqueConstraint(fields=["number", "shop"], name="n"), models.CheckConstraint()]
"""


def test_options_of_a_model() -> None:
    found = last(META)
    assert found.label == "store.Order"
    assert found.meta.ordering == ("-day", "-code")
    assert found.meta.unique == (("shop", "code"), ("number", "shop"))
    assert found.meta.indexes == (("day", "code"), ("total",))


@pytest.mark.parametrize(
    ("name", "indexed"),
    [
        ("id", True),
        ("pk", True),
        ("shop", True),
        ("shop_id", True),
        ("at", True),
        ("day", True),
        ("total", True),
        ("number", True),
        ("code", False),
        ("paid", False),
        ("gone", False),
    ],
)
def test_fields_that_the_database_finds_by_an_index(name: str, indexed: bool) -> None:
    assert last(META).is_indexed(name) is indexed


def test_options_of_abstract_classes_are_inherited_but_that_they_are_abstract() -> None:
    base = "class A(models.Model):\n    class Meta:\n        abstract = True\n        ordering = ['x']\n"
    assert last(f"{base}class B(A): ...\n").meta.ordering == ("x",)
    assert not last(f"{base}class B(A): ...\n").meta.abstract
    assert last(f"{base}class B(A):\n    class Meta:\n        proxy = True\n").meta.proxy


@pytest.mark.parametrize(
    ("manager", "kind"),
    [
        ("models.Manager()", "django.db.models.Manager"),
        ("Orders.as_manager()", "shop.models.Orders"),
        ("models.Manager.from_queryset(Orders)()", "shop.models.Orders"),
        ("OrderManager()", "shop.models.OrderManager"),
        ("Made()", "shop.models.Orders"),
    ],
)
def test_managers(manager: str, kind: str) -> None:
    text = (
        "class Orders(models.QuerySet): ...\nclass OrderManager(models.Manager): ...\n"
        "Made = models.Manager.from_queryset(Orders)\n"
    )
    assert last(f"{text}class Order(models.Model):\n    objects = {manager}\n").managers == {"objects": kind}


@pytest.mark.parametrize(
    ("field", "accessor", "many"),
    [
        ("models.ForeignKey('crm.Customer', models.CASCADE)", "order_set", True),
        ("models.ForeignKey('crm.Customer', models.CASCADE, related_name='orders')", "orders", True),
        ("models.ForeignKey('crm.Customer', models.CASCADE, related_name='%(class)s_x')", "order_x", True),
        ("models.OneToOneField('crm.Customer', models.CASCADE)", "order", False),
        ("models.ManyToManyField('crm.Customer')", "order_set", True),
        ("models.ForeignKey('crm.Customer', models.CASCADE, related_name='+')", None, True),
        ("models.ForeignKey('stock.Item', models.CASCADE)", None, True),
    ],
)
def test_accessors_from_the_other_end(field: str, accessor: str | None, many: bool) -> None:
    orders = f"{HEAD}class Order(models.Model):\n    customer = {field}\n"
    file = file_at("crm/models.py", {**SHOP, "shop/models.py": orders})
    customer = schema_named("crm.models.Customer", file)
    assert customer is not None
    found = relations_to(customer, file.project)
    assert list(found) == ([accessor] if accessor else [])
    if accessor:
        relation = found[accessor]
        assert (relation.model, relation.field, relation.many) == ("shop.models.Order", "customer", many)


def test_accessors_of_the_user_model_and_from_abstract_models() -> None:
    files = {
        "site/settings.py": "AUTH_USER_MODEL = 'crm.Person'\n",
        "crm/models.py": f"{HEAD}class Person(models.Model): ...\n",
        "shop/models.py": f"{HEAD}class Owned(models.Model):\n"
        "    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)\n"
        "    class Meta:\n        abstract = True\n"
        "class Order(Owned): ...\n",
    }
    file = file_at("crm/models.py", files)
    person = schema_named("crm.Person", file)
    assert person is not None
    assert list(relations_to(person, file.project)) == ["order_set"]


@pytest.mark.parametrize("name", ["crm.Customer", "crm.models.Customer"])
def test_a_model_is_found_by_its_label_and_its_dotted_name(name: str) -> None:
    found = schema_named(name, file_at("stock/models/item.py", SHOP))
    assert found is not None
    assert (found.name, found.label, found.primary_key) == ("crm.models.Customer", "crm.Customer", "id")


@pytest.mark.parametrize("name", ["crm.Order", "gone.Customer", "Customer", "django.db.models.Model"])
def test_what_is_no_model_of_the_project(name: str) -> None:
    assert schema_named(name, file_at("stock/models/item.py", SHOP)) is None


def test_labels_of_applications() -> None:
    files = {
        "src/crm/models/a.py": "",
        "src/crm/apps.py": "class Config(AppConfig):\n    name = 'crm'\n    label = 'people'\n",
        "shop/models.py": "",
    }
    assert app_label(file_at("src/crm/models/a.py", files)) == "people"
    assert app_label(file_at("shop/models.py", files)) == "shop"


def test_a_primary_key_of_its_own() -> None:
    assert order("code = models.CharField(primary_key=True)").primary_key == "code"
