"""What is known of values without running the code."""

from __future__ import annotations

import pytest

from checks.semantics.constants import Constant
from tests.files import file_of, marked


def constant(text: str) -> Constant | None:
    file = file_of(text)
    (node,) = marked(file)
    return file.constant(node)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'a'", "a"),
        ("b'a'", b"a"),
        ("1.5", 1.5),
        ("None", None),
        ("'a' 'b'", "ab"),
        ("'a' + 'b'", "ab"),
        ("1 + 2", 3),
        ("-1", -1),
        ("60 * 60 * 24", 86_400),
        ("not 0", True),
        ("not 'x'", False),
        ("['a', 1] + ['b']", ["a", 1, "b"]),
        ("('a',) + ('b',)", ("a", "b")),
        ("{'a': [1], 2: None}", {"a": [1], 2: None}),
        ("{'a'}", ["a"]),
        ("f'{1}-{\"a\"}'", "1-a"),
        ("f'plain'", "plain"),
        ("[]", []),
        ("f''", ""),
    ],
)
def test_plain_expressions_are_folded(expression: str, value: object) -> None:
    assert constant(f"mark({expression})\n") == Constant(value)


@pytest.mark.parametrize(
    "expression",
    [
        "unknown",
        "f()",
        "x.y",
        "[1, unknown]",
        "{'a': unknown}",
        "{**other}",
        "{(1, 2): 3}",
        "[*other]",
        "'a' * 3",
        "True * 3",
        f"{1 << 70} * {1 << 70}",
        "'a' % b",
        "'a' + 1",
        "'a' + unknown",
        "-'a'",
        "~1",
        "f'{unknown}'",
        "f'{1!r}'",
        "f'{1:>3}'",
        "f'{1.5}'",
        "a if b else c",
        "lambda: 1",
        "[x for x in 'ab']",
    ],
)
def test_what_is_not_certain_is_no_constant(expression: str) -> None:
    assert constant(f"mark({expression})\n") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A = 'a'\nmark(A)\n", "a"),
        ("A = 'a'\nB = A\nmark(B + '/b')\n", "a/b"),
        ("A = 'a'\ndef f():\n    mark(f'{A}!')\n", "a!"),
        ("A: str = 'a'\nmark(A)\n", "a"),
        ("class C:\n    A = 1\n    mark([A])\n", [1]),
    ],
)
def test_names_that_are_bound_once_are_followed(text: str, value: object) -> None:
    assert constant(text) == Constant(value)


@pytest.mark.parametrize(
    "text",
    [
        "A = 'a'\nA = 'b'\nmark(A)\n",
        "A = 'a'\nA += 'b'\nmark(A)\n",
        "for A in 'ab':\n    mark(A)\n",
        "def f(A='a'):\n    mark(A)\n",
        "def f():\n    A = 'a'\nmark(A)\n",
        "A = A + 'a'\nmark(A)\n",
        "A = B\nB = A\nmark(A)\n",
        "A = 'a'\ndef f():\n    global A\n    A = 'b'\nmark(A)\n",
        "x = [mark(A) for A in 'ab']\n",
    ],
)
def test_names_that_may_be_something_else_are_not(text: str) -> None:
    assert constant(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "x0 = ''\n" + "".join(f"x{n + 1} = x{n} + x{n}\n" for n in range(60)) + "mark(x60)\n",
        "x0 = 1\n" + "".join(f"x{n + 1} = [{f'x{n}, ' * 50}]\n" for n in range(20)) + "mark(x20)\n",
        "x0 = 'aa'\n" + "".join(f"x{n + 1} = f'{{x{n}}}{{x{n}}}'\n" for n in range(22)) + "mark(x22)\n",
        f"x0 = {10**400}\n" + "".join(f"x{n + 1} = x{n} + x{n}\n" for n in range(20)) + "mark(f'{x20}')\n",
        "mark([" + "1, " * 100_000 + "])\n",
    ],
    ids=["sums", "lists", "texts", "numbers", "elements"],
)
def test_hostile_values_end_and_are_not_known(text: str) -> None:
    assert constant(text) is None
