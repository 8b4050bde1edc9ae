"""What hangs on long work, and where it stands."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.work import is_handler, is_streamed, is_used
from tests.files import file_of

TRY = "try:\n    work()\nexcept OSError:\n    "


def of(text: str) -> ast.Call:
    file = file_of(text, "shop/views.py")
    return next(node for node in file.nodes if isinstance(node, ast.Call) and ast.unparse(node) == "work()")


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("work()", False),
        ("found = work()", True),
        ("print(work())", True),
        (f"{TRY}log.warning('no')", False),
        (f"{TRY}raise Wrong", True),
        (f"{TRY}found = None", True),
        (f"def view(request):\n    {TRY.replace(chr(10), chr(10) + '    ')}return 1", True),
    ],
)
def test_whether_something_hangs_on_it(text: str, used: bool) -> None:
    assert is_used(of(text)) is used


@pytest.mark.parametrize(
    ("text", "streamed"),
    [
        ("def f():\n    work()\n    yield 1", True),
        ("def f():\n    work()\n    return 1", False),
        ("work()", False),
    ],
)
def test_what_is_done_while_the_answer_is_sent(text: str, streamed: bool) -> None:
    assert is_streamed(of(text)) is streamed


@pytest.mark.parametrize(
    ("text", "handler"),
    [
        ("def order(request): ...", True),
        ("class Order(View):\n    def post(self, request): ...", True),
        ("class Order(View):\n    def find(self, word): ...", False),
    ],
)
def test_methods_that_the_framework_calls(text: str, handler: bool) -> None:
    file = file_of(text, "shop/views.py")
    node = next(node for node in file.nodes if isinstance(node, ast.FunctionDef))
    assert is_handler(node) is handler
