"""When code runs: for a request, or in the background."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.occasions import occasion
from tests.files import file_of

PATHS = [
    ("shop/management/commands/tidy.py", "background"),
    ("shop/tasks.py", "background"),
    ("shop/tasks/mail.py", "background"),
    ("shop/cli.py", "background"),
    ("shop/jobs/export.py", "background"),
    ("scripts/load.py", "background"),
    ("shop/templatetags/shop.py", "request"),
    ("shop/context_processors.py", "request"),
    ("shop/views.py", "request"),
    ("shop/api/serializers.py", "request"),
    ("shop/services.py", ""),
    ("shop/models.py", ""),
]
CODE = [
    ("from celery import shared_task\n@shared_task\ndef f(): mark", "background"),
    ("from celery import Celery\napp = Celery()\n@app.task(bind=True)\ndef f(self): mark", "background"),
    ("from dramatiq import actor\n@actor\ndef f(): mark", "background"),
    ("from x import receiver, periodic_task\n@receiver(signal=periodic_task)\ndef f(s): mark", "background"),
    ("import click\n@click.command()\ndef f(): mark", "background"),
    ("from celery import Task\nclass T(Task):\n    def run(self): mark", "background"),
    ("from django.views import View\nclass V(View):\n    def get(self, request): mark", "request"),
    ("from django.contrib import admin\nclass A(admin.ModelAdmin):\n    def total(self, o): mark", "request"),
    ("from rest_framework import serializers as s\nclass S(s.Serializer):\n    def f(self): mark", "request"),
    ("from django import forms\nclass F(forms.Form):\n    def clean(self): mark", "request"),
    (
        "from django import template\nregister = template.Library()\n@register.filter\ndef f(x): mark",
        "request",
    ),
    ("from django.urls import path\ndef f(r): mark\nurlpatterns = [path('', f)]", "request"),
    ("def f(): mark", ""),
    ("class Service:\n    def f(self): mark", ""),
]


@pytest.mark.parametrize(("path", "when"), PATHS)
def test_by_the_path(path: str, when: str) -> None:
    file = file_of("def f():\n    mark\n", path)
    assert occasion(file.tree.body[0], file) == when


@pytest.mark.parametrize(("code", "when"), CODE)
def test_by_what_stands_around(code: str, when: str) -> None:
    file = file_of(f"{code}\n", "shop/things.py")
    mark = next(node for node in file.nodes if isinstance(node, ast.Name) and node.id == "mark")
    assert occasion(mark, file) == when
