"""Calls that change rows."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.writes import is_write, writes_in


def call(text: str) -> ast.Call:
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


@pytest.mark.parametrize(
    "text",
    [
        "order.save()",
        "order.save(update_fields=['total'])",
        "form.save()",
        "self.object.delete()",
        "Order.objects.create(total=1)",
        "Order.objects.bulk_create(orders)",
        "user.order_set.create(total=1)",
        "Order.objects.filter(pk=1).delete()",
        "Order.objects.filter(pk=1).update(paid=True)",
        "User.objects.create_user('a')",
        "db.session.add(order)",
        "session.commit()",
        "db.session.delete(order)",
        "get_order(pk).delete()",
    ],
)
def test_what_changes_rows(text: str) -> None:
    assert is_write(call(text))


@pytest.mark.parametrize(
    "text",
    [
        "form.save(commit=False)",
        "image.save(path)",
        "super().save()",
        "super().delete()",
        "cache.delete('key')",
        "request.session.delete()",
        "request.session.add(1)",
        "data.update(total=1)",
        "digest.update(b'')",
        "context.create(total=1)",
        "Order.objects.get_or_create(total=1)",
        "Order.objects.filter(pk=1)",
        "save()",
        "names.add('a')",
        "cache_key.delete()",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not is_write(call(text))


def test_the_writes_of_a_function_in_order() -> None:
    tree = ast.parse("def f():\n    order.save()\n    print(1)\n    line.delete()\n")
    assert [found.lineno for found in writes_in(tree)] == [2, 4]
