"""Methods put behind expressions."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.chains import behind
from tests.files import file_of


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("len(orders)", "orders.count()"),
        ("len(Order.objects.filter(a=1))", "Order.objects.filter(a=1).count()"),
        (
            "len(\n    Order.objects.filter(\n        a=1\n    )\n)",
            "Order.objects.filter(\n        a=1\n    ).count()",
        ),
        ("len(\n    Order.objects\n    .all()\n)", "(Order.objects\n    .all()).count()"),
        ("len(a | b)", "(a | b).count()"),
        ("len(orders[0])", "orders[0].count()"),
    ],
)
def test_a_call_behind_an_expression(code: str, text: str) -> None:
    file = file_of(f"{code}\n")
    call = next(node for node in file.nodes if isinstance(node, ast.Call))
    assert behind(file, call.args[0], "count()") == text
