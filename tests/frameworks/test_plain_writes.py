"""Models whose rows may be written many at once."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.django.plain_writes import is_plain, sets_times
from checks.semantics.interpret.targets import Class
from checks.semantics.values import UNKNOWN
from tests.files import file_of

HEAD = "from django.db import models\nfrom model_utils.models import TimeStampedModel\n"
PLAIN = "class Order(models.Model):\n    paid = models.BooleanField()\n"
RECEIVER = "from django.db.models.signals import post_save\nfrom django.dispatch import receiver\n"


def order(text: str, others: dict[str, str] | None = None) -> Class:
    """The last model of a text."""
    file = file_of(HEAD + text, "shop/models.py", {"shop/__init__.py": "", **(others or {})})
    node = next(node for node in reversed(file.tree.body) if isinstance(node, ast.ClassDef))
    methods = {item.name: UNKNOWN for item in node.body if isinstance(item, ast.FunctionDef)}
    return Class(node, file, node.name, (), methods)


@pytest.mark.parametrize("how", ["create", "save", "delete"])
def test_a_model_that_does_nothing_of_its_own(how: str) -> None:
    assert is_plain(order(PLAIN), how)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (f"{PLAIN}    def save(self): ...\n", "save"),
        (f"{PLAIN}    def save(self): ...\n", "create"),
        (f"{PLAIN}    def delete(self): ...\n", "delete"),
        ("class Base(models.Model):\n    def save(self): ...\nclass Order(Base): ...\n", "save"),
        ("class Base(models.Model): ...\nclass Order(Base): ...\n", "create"),
        ("class Order(TimeStampedModel): ...\n", "save"),
        ("class Order: ...\n", "save"),
    ],
)
def test_models_that_do(text: str, how: str) -> None:
    assert not is_plain(order(text), how)


@pytest.mark.parametrize(
    ("receiver", "plain"),
    [
        ("@receiver(post_save, sender=Order)\ndef f(**_): ...\n", False),
        ("@receiver([post_save], sender=Order)\ndef f(**_): ...\n", False),
        ("@receiver(post_save)\ndef f(**_): ...\n", False),
        ("post_save.connect(print, sender=Order)\n", False),
        ("post_save.connect(print)\n", False),
        ("@receiver(post_save, sender=Line)\ndef f(**_): ...\n", True),
    ],
)
def test_receivers_of_its_signals(receiver: str, plain: bool) -> None:
    text = f"{RECEIVER}from shop.models import Line, Order\n{receiver}"
    model = order(f"class Line(models.Model): ...\n{PLAIN}", {"shop/signals.py": text})
    assert is_plain(model, "save") is plain
    assert is_plain(model, "delete")


def test_a_time_that_each_save_sets() -> None:
    base = "class Base(models.Model):\n    at = models.DateTimeField(auto_now=True)\n"
    abstract = "    class Meta:\n        abstract = True\n"
    assert sets_times(order(f"{base}{abstract}class Order(Base): ...\n"))
    assert not sets_times(order(PLAIN))
