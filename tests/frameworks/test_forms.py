"""Forms, serializers and schemas: fields, and the models behind them."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from checks.frameworks.forms import Form, form_of
from checks.frameworks.serializers import Serializer, serializer_of
from tests.files import file_of

FORMS = "from django import forms\nfrom shop.models import Order\n"
WTF = "from flask_wtf import FlaskForm\nfrom wtforms import StringField\n"
REST = "from rest_framework import serializers\nfrom shop.models import Order\n"
SCHEMA = "from marshmallow import Schema, fields\n"


def form(text: str, others: Mapping[str, str] | None = None) -> Form:
    file = file_of(text, "shop/forms.py", others)
    found = form_of([node for node in file.tree.body if isinstance(node, ast.ClassDef)][-1], file)
    assert found is not None
    return found


def serializer(text: str) -> Serializer:
    file = file_of(text, "shop/serializers.py")
    found = serializer_of([node for node in file.tree.body if isinstance(node, ast.ClassDef)][-1], file)
    assert found is not None
    return found


def test_a_django_form_and_its_fields() -> None:
    found = form(f"{FORMS}class A(forms.Form):\n    name = forms.CharField()\n    x = 1\n")
    assert (found.framework, found.names, found.model) == ("django", frozenset({"name"}), "")


def test_a_model_form_and_what_it_lets_be_written() -> None:
    found = form(
        f"{FORMS}class A(forms.ModelForm):\n    class Meta:\n        model = Order\n        fields = ['a', 'b']\n"
    )
    assert (found.model, found.fields, found.exclude) == ("shop.models.Order", ("a", "b"), None)
    everything = form(f"{FORMS}class A(forms.ModelForm):\n    class Meta:\n        fields = '__all__'\n")
    assert everything.fields == ("__all__",)
    but_one = form(f"{FORMS}class A(forms.ModelForm):\n    class Meta:\n        exclude = ('a',)\n")
    assert (but_one.fields, but_one.exclude) == (None, ("a",))


def test_fields_and_options_of_the_classes_above() -> None:
    base = f"{FORMS}class Base(forms.ModelForm):\n    a = forms.CharField()\n    class Meta:\n        model = Order\n"
    text = (
        "from django import forms\nfrom shop.base import Base\nclass A(Base):\n    b = forms.IntegerField()\n"
    )
    text += "    class Meta(Base.Meta):\n        fields = ['c']\n"
    found = form(text, {"shop/base.py": base})
    assert found.names == {"a", "b", "c"}


def test_a_wtform_and_its_fields() -> None:
    found = form(f"{WTF}class A(FlaskForm):\n    name = StringField('Name')\n")
    assert (found.framework, found.names) == ("wtforms", frozenset({"name"}))


@pytest.mark.parametrize(
    "text",
    [
        "class A: ...\n",
        "from django.db import models\nclass A(models.Model): ...\n",
        "class OrderForm(Base): ...\n",
    ],
)
def test_what_is_neither(text: str) -> None:
    file = file_of(text)
    node = next(node for node in file.tree.body if isinstance(node, ast.ClassDef))
    assert form_of(node, file) is None
    assert serializer_of(node, file) is None


def test_a_serializer_shows_what_its_fields_name() -> None:
    text = "class A(serializers.ModelSerializer):\n    x = serializers.CharField()\n"
    text += "    class Meta:\n        model = Order\n"
    found = serializer(f"{REST}{text}        fields = ('id', 'x')\n")
    assert (found.framework, found.model, list(found.shown)) == ("drf", "shop.models.Order", ["id", "x"])


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("password = serializers.CharField()", ["password"]),
        ("password = serializers.CharField(write_only=True)", []),
        (
            "class Meta:\n        fields = ['a', 'b']\n        extra_kwargs = {'a': {'write_only': True}}",
            ["b"],
        ),
        (
            "class Meta:\n        fields = ['a', 'b']\n        extra_kwargs = {'a': {'write_only': True, 'x': y}}",
            ["b"],
        ),
        ("class Meta:\n        fields = '__all__'", []),
        ("owner = serializers.HiddenField(default=1)", []),
    ],
)
def test_fields_that_are_only_written_are_not_shown(body: str, shown: list[str]) -> None:
    assert list(serializer(f"{REST}class A(serializers.ModelSerializer):\n    {body}\n").shown) == shown


def test_fields_that_are_never_written() -> None:
    body = "a = serializers.CharField(read_only=True)\n    class Meta:\n        read_only_fields = ('b',)\n"
    body += "        extra_kwargs = {'c': {'read_only': True}}\n"
    found = serializer(f"{REST}class A(serializers.ModelSerializer):\n    {body}")
    assert found.read_only == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("password = fields.Str()", ["password"]),
        ("password = fields.Str(load_only=True)", []),
        ("password = fields.Str()\n    class Meta:\n        exclude = ('password',)", []),
        ("password = fields.Str()\n    class Meta:\n        load_only = ('password',)", []),
        ("class Meta:\n        fields = ('id', 'password')", ["id", "password"]),
    ],
)
def test_a_schema_of_marshmallow(body: str, shown: list[str]) -> None:
    found = serializer(f"{SCHEMA}class A(Schema):\n    {body}\n")
    assert (found.framework, list(found.shown)) == ("marshmallow", shown)
