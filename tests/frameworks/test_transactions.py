"""The transaction that code runs in, and where it begins."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.transactions import has_atomic_requests, transaction_around
from tests.files import file_of

HEAD = """from django.contrib import admin
from django.db import models, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.decorators import method_decorator
from django.views import View
"""
VIEW = "class V(View):\n    def post(self, request):\n        tell()"
SETTINGS = "DATABASES = {'default': {'ENGINE': 'x', 'ATOMIC_REQUESTS': True}}\n"


def kind(text: str, settings: str = "") -> str:
    others = {"shop/__init__.py": "", "shop/settings.py": settings}
    file = file_of(HEAD + text, "shop/views.py", others)
    call = next(node for node in file.nodes if isinstance(node, ast.Call) and ast.unparse(node) == "tell()")
    found = transaction_around(call, file)
    return found[0] if found is not None else ""


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("def f():\n    with transaction.atomic():\n        tell()", "block"),
        ("def f():\n    with transaction.atomic():\n        pass\n    tell()", ""),
        ("def f():\n    with transaction.atomic():\n        later(lambda: tell())", ""),
        ("@transaction.atomic\ndef f():\n    tell()", "function"),
        ("@transaction.atomic(using='other')\ndef f():\n    tell()", "function"),
        ("@method_decorator(transaction.atomic, name='post')\n" + VIEW, "function"),
        ("class A(admin.ModelAdmin):\n    def save_model(self, *a):\n        tell()", "admin"),
        ("@receiver(post_save)\ndef f(**_):\n    tell()", "caller"),
        ("class Order(models.Model):\n    def save(self):\n        tell()", "caller"),
        ("def f():\n    tell()", ""),
    ],
)  # fmt: skip
def test_where_a_transaction_begins(text: str, where: str) -> None:
    assert kind(text) == where


def test_each_request_may_have_one() -> None:
    assert kind(VIEW, SETTINGS) == "request"


@pytest.mark.parametrize(("settings", "has"), [(SETTINGS, True), (SETTINGS.replace("True", "False"), False)])
def test_settings_tie_requests_to_transactions(settings: str, has: bool) -> None:
    file = file_of(HEAD, "shop/views.py", {"shop/settings.py": settings})
    assert has_atomic_requests(file) is has
