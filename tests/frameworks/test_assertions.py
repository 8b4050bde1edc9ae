"""What in a test can fail: told from words, followed to definitions, and perhaps where neither says."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.assertions import Answer, asserts
from checks.frameworks.collected import is_collected
from checks.semantics.source import Function
from tests.files import file_of

PATH = "tests/test_shop.py"


def answer(body: str, others: dict[str, str] | None = None) -> Answer:
    """Whether a test with this body asserts."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return asserted(f"def test_shop(client, thing):\n{lines}", others)


def asserted(text: str, others: dict[str, str] | None = None) -> Answer:
    """Whether the last test of a file asserts."""
    file = file_of(text, PATH, others=others)
    return asserts(last_test(file.nodes), file)


def last_test(nodes: list[ast.AST]) -> Function:
    """The last test among nodes."""
    found = [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return next(node for node in reversed(found) if node.name.startswith("test"))


@pytest.mark.parametrize(
    "body",
    [
        "assert client",
        "raise AssertionError('no')",
        "thing.mock.assert_called_once()",
        "thing.assertEqual(1, 1)",
        "_check_links(client)",
        "verify(client)",
        "expect(thing).to_have_title('Shop')",
        "thing.should.equal(1)",
        "client.get('/').raise_for_status()",
        "client.get('/', status=200)",
        "run(thing, check=True)",
        "thing.is_valid(raise_exception=True)",
        "thing.full_clean()",
        "Book.objects.get(title='Emma')",
        "(row,) = thing.rows()",
        "with raises(ValueError):\n    thing()",
    ],
)
def test_what_can_fail_asserts(body: str) -> None:
    assert answer(body) is Answer.YES


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "client.get('/')",
        "client.get('/', status='open')",
        "thing.status == 1",
        "book = Book.objects.get(title='Emma')",
        "thing.run(check=False)",
        "first, second = thing.rows()",
        "print(thing)",
        "def stop():\n    raise ValueError\nthing.on_stop(stop)",
    ],
)
def test_what_only_runs_does_not_assert(body: str) -> None:
    assert answer(body) is Answer.NO


@pytest.mark.parametrize("body", ["thing(client)", "unknown(client)", "with thing:\n    client.get('/')"])
def test_what_cannot_be_followed_may_assert(body: str) -> None:
    assert answer(body) is Answer.MAYBE


def test_helpers_are_followed_through_files() -> None:
    helpers = {
        "tests/helpers.py": "from tests.deeper import look\n\ndef open_page(client):\n    look(client)\n",
        "tests/deeper.py": "def look(client):\n    assert client\n",
    }
    text = "from tests.helpers import open_page\n\n\ndef test_page(client):\n    open_page(client)\n"
    assert asserted(text, helpers) is Answer.YES
    assert (
        asserted(text, {**helpers, "tests/deeper.py": "def look(client):\n    client.get('/')\n"})
        is Answer.NO
    )


def test_assertions_of_the_code_under_test_do_not_count() -> None:
    text = "from shop.orders import total\n\n\ndef test_total():\n    total([])\n"
    assert asserted(text, {"shop/orders.py": "def total(items):\n    assert items\n"}) is Answer.NO


def test_helpers_that_call_each_other_come_to_an_end() -> None:
    text = "def one():\n    two()\n\n\ndef two():\n    one()\n\n\ndef test_both():\n    one()\n"
    assert asserted(text) is Answer.NO


def test_many_helpers_are_given_up() -> None:
    calls = "".join(f"def step_{n}():\n    step_{n + 1}()\n    step_{n + 2}()\n\n\n" for n in range(400))
    assert asserted(f"{calls}def test_all():\n    step_0()\n") is Answer.MAYBE


@pytest.mark.parametrize(
    ("path", "text", "collected"),
    [
        (PATH, "def test_shop():\n    print()\n", True),
        ("shop/tests.py", "def test_shop():\n    print()\n", True),
        ("tests/views.py", "def test_shop():\n    print()\n", False),
        (PATH, "def test_shop():\n    return 1\n", False),
        (PATH, "def test_shop():\n    def inner():\n        return 1\n", True),
        (PATH, "@app.route('/')\ndef test_shop():\n    print()\n", False),
        (PATH, "class TestShop:\n    def test_shop(self):\n        print()\n", True),
        (PATH, "class Shop:\n    def test_shop(self):\n        print()\n", False),
        (PATH, "class TestShop:\n    __test__ = False\n    def test_shop(self):\n        print()\n", False),
        (
            PATH,
            "from unittest import TestCase\nclass Shop(TestCase):\n    def test_shop(self):\n        print()\n",
            True,
        ),
        (PATH, "import pytest\npytestmark = pytest.mark.skip\ndef test_shop():\n    print()\n", False),
    ],
)
def test_a_runner_collects_by_name_place_and_class(path: str, text: str, collected: bool) -> None:
    file = file_of(text, path)
    assert is_collected(last_test(file.nodes), file) is collected
