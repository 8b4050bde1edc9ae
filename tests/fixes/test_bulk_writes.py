"""Loops that write rows one by one, rewritten."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.bulk_writes import written_at_once
from tests.files import file_of


def rewritten(code: str, how: str) -> str | None:
    """The text in place of a loop whose last statement writes a row."""
    file = file_of(f"{code}\n")
    loop = next(node for node in file.nodes if isinstance(node, ast.For))
    call = loop.body[-1].value  # type: ignore[attr-defined]
    edit = written_at_once(loop, call, how, file)
    return None if edit is None else edit.replacement


@pytest.mark.parametrize(
    ("code", "how", "text"),
    [
        ("for o in Order.objects.all():\n    o.delete()", "delete", "Order.objects.all().delete()\n"),
        ("for o in x.all():\n    o.a = 2\n    o.save()", "save", "x.update(a=2)\n"),
        ("for o in x.filter(a=1):\n    o.delete()", "delete", "x.filter(a=1).delete()\n"),
        ("for o in x.filter(a=1):\n    o.a = 2\n    o.save()", "save", "x.filter(a=1).update(a=2)\n"),
        (
            "for n in names:\n    Line.objects.create(name=n, **more)",
            "create",
            "Line.objects.bulk_create([Line(name=n, **more) for n in names])\n",
        ),
        (
            f"for n in names:\n    Line.objects.create(name=n, text='{'x' * 60}')",
            "create",
            f"Line.objects.bulk_create(\n    [Line(name=n, text='{'x' * 60}') for n in names]\n)\n",
        ),
    ],
)
def test_a_call_in_place_of_a_loop(code: str, how: str, text: str) -> None:
    assert rewritten(code, how) == text


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("for o in orders:\n    o.delete()", "delete"),
        ("for o in x.all():\n    print(o)\n    o.delete()", "delete"),
        ("for o in x.all():\n    o.delete()\nelse:\n    pass", "delete"),
        ("for a, o in x.all():\n    o.delete()", "delete"),
        ("for o in x.all():\n    o.a = o.b\n    o.save()", "save"),
        ("for o in x.all():\n    o.a += 1\n    o.save()", "save"),
        ("for o in x.all():\n    o.save()", "save"),
        ("for n in names:\n    order.lines.create(name=n)", "create"),
        ("for n in names:\n    Line.objects.create(n)", "create"),
        ("for n in names:\n    m = n.upper()\n    Line.objects.create(name=m)", "create"),
    ],
)
def test_loops_that_do_more(code: str, how: str) -> None:
    assert rewritten(code, how) is None
