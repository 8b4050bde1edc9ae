"""Whose a row is, and whether code asks."""

from __future__ import annotations

import ast

import pytest

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.login_only import asks_login_only
from checks.frameworks.owners import Owner, classes_behind, is_model, owner_of
from checks.frameworks.ownership import asks_whose
from checks.frameworks.validation import has_check, looks_at
from checks.frameworks.views import views_in
from checks.semantics.source import File

DJANGO = """\
from django.contrib.auth.models import User
from django.db import models
class Customer(models.Model):
    user = models.OneToOneField(User, models.CASCADE)
class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
class Article(models.Model):
    author = models.ForeignKey(User, models.CASCADE)
class Task(models.Model):
    approved_by = models.ForeignKey(User, models.CASCADE)
class Page(models.Model):
    owner = models.CharField(max_length=20)
"""
FLASK = """\
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
class Order(db.Model):
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))
class Line(db.Model):
    order_id = db.Column(db.Integer, db.ForeignKey("order.id"))
class Plain:
    user_id = 1
"""
OWNER = Owner("Order", ("user",), private=True)


def file_of(text: str, models: str = DJANGO) -> File:
    file = Project(DictTree({"shop/models.py": models, "shop/views.py": text})).file("shop/views.py")
    assert file is not None
    return file


@pytest.mark.parametrize(
    ("models", "name", "fields", "private"),
    [
        (DJANGO, "Customer", ("user",), True),
        (DJANGO, "Order", ("customer", "user"), True),
        (DJANGO, "Article", ("author",), False),
        (FLASK, "Order", ("user", "user_id"), True),
    ],
)
def test_an_owner_is_a_relation_to_the_user(
    models: str, name: str, fields: tuple[str, ...], private: bool
) -> None:
    found = owner_of(f"shop.models.{name}", file_of("", models))
    assert found == Owner(name, fields, private)


@pytest.mark.parametrize(
    ("models", "name"),
    [
        (DJANGO, "Line"),
        (DJANGO, "Task"),
        (DJANGO, "Page"),
        (DJANGO, "None"),
        (FLASK, "Line"),
        (FLASK, "Plain"),
    ],
)
def test_other_models_have_no_owner(models: str, name: str) -> None:
    assert owner_of(f"shop.models.{name}", file_of("", models)) is None


@pytest.mark.parametrize(("name", "expected"), [("Order", True), ("Plain", False), ("Other", False)])
def test_models_are_told_from_other_classes(name: str, expected: bool) -> None:
    assert is_model(f"shop.models.{name}", file_of("", FLASK)) is expected


@pytest.mark.parametrize(
    "lookup",
    [
        "Order.objects.filter(a=1).first()",
        "Order.query.get(1)",
        "session.query(Order).filter_by(a=1)",
        "select(Order).where(1)",
        "Order",
    ],
)
def test_a_lookup_begins_with_a_class(lookup: str) -> None:
    file = file_of(f"from shop.models import Order\nfound = {lookup}\n")
    (assigned,) = [node for node in file.tree.body if isinstance(node, ast.Assign)]
    assert list(classes_behind(assigned.value, file)) == ["shop.models.Order"]


@pytest.mark.parametrize(
    "line",
    [
        "check(request, order)",
        "order = Order.objects.get(user=request.user)",
        "ok = order.user_id == 1",
        "ok = order.filter(user__pk=1)",
        "render(request, {'user': current_user.name})",
        "raise PermissionDenied",
        "raise exceptions.PermissionDenied()",
        "abort(403)",
        "key = session['user_id']",
        "key = session.get('user_id')",
        "ok = g.user",
        "who = get_current_user()",
        "helper(request)",
    ],
)
def test_code_that_asks_whose_a_row_is(line: str) -> None:
    text = f"def helper(request):\n    return request.user.name\ndef view(request):\n    {line}\n"
    file = file_of(text)
    assert asks_whose(file.tree.body[-1], file, OWNER)


@pytest.mark.parametrize(
    "line",
    [
        "render(request, 'order.html')",
        "ok = request.user.is_authenticated",
        "order.changed_by = request.user",
        "Comment.objects.create(author=request.user)",
        "logger.info('%s', request.user.pk)",
        "abort(404)",
        "key = session['order']",
        "helper(request)",
        "order.note = 1",
    ],
)
def test_code_that_asks_for_no_more_than_a_login(line: str) -> None:
    text = f"def helper(request):\n    return request.GET\ndef view(request):\n    {line}\n"
    file = file_of(text)
    assert not asks_whose(file.tree.body[-1], file, OWNER)


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("login_required", True),
        ("permission_required('shop.view')", False),
        ("staff_member_required", False),
        ("team_admin_required", False),
        ("require_GET", False),
    ],
)
def test_a_login_is_told_from_more(decorator: str, expected: bool) -> None:
    text = (
        "from django.contrib.auth.decorators import login_required, permission_required\n"
        "from django.contrib.admin.views.decorators import staff_member_required\n"
        "from django.views.decorators.http import require_GET\n"
        "from shop.teams import team_admin_required\n"
        f"@{decorator}\ndef show(request):\n    return render(request, 'a.html')\n"
    )
    (view,) = views_in(file_of(text))
    assert asks_login_only(view) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("validate_email(mail)", True),
        ("form = OrderForm(data)", True),
        ("count = int(data)", True),
        ("if mail in ALLOWED: pass", True),
        ("if data['mail'] == other: pass", True),
        ("if mail is None: pass", False),
        ("if mail == '': pass", False),
        ("send(mail)", False),
    ],
)
def test_a_look_at_a_value(line: str, expected: bool) -> None:
    assert looks_at(ast.parse(line), "mail") is expected


def test_comparisons_are_no_calls_of_checks() -> None:
    assert not has_check(ast.parse("ok = mail in ALLOWED"))
