"""Words in the files of a tree: the same answers however many words were asked for before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.engine.search import WORTHWHILE, Search
from checks.engine.tree import DictTree

NAMES = [f"name{number}" for number in range(WORTHWHILE + 3)]


def search(**texts: str) -> Search:
    return Search(DictTree({f"{name}.py": text for name, text in texts.items()}))


def told(found: Search, word: str) -> list[str]:
    return [path.removesuffix(".py") for path in found.mentioning((word,), (".py",))]


def after_many(found: Search, form: str) -> Search:
    """The search after words of the form were asked for that are nowhere."""
    for number in range(WORTHWHILE):
        assert not told(found, form.replace("NAME", f"nowhere{number}"))
    return found


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("form", "word", "expected"),
    [
        ("class NAME(", "class Order(", ["a"]),
        ("class NAME(", "class Orde(", []),
        ("class NAME(", "class Line(", ["a", "b"]),
        ("request.NAME =", "request.shop =", ["a", "b"]),
        ("request.NAME =", "request.page =", ["b"]),
        ("NAME(", "total(", ["a"]),
        ("NAME(", "subtotal(", ["b"]),
        ("NAME(", "bill(", []),
    ],
)
def test_a_word_is_found_wherever_it_stands(form: str, word: str, expected: list[str], many: bool) -> None:
    found = search(
        a="class Order(Model): pass\nclass Line(Model): pass\nmy_request.shop = total(1)\nbill = 2\n",
        b="class Line(Model): pass\nrequest.request.page = 1\nrequest.shop = subtotal(2)\nrequest.page == 3\n",
    )
    assert told(after_many(found, form) if many else found, word) == expected


def test_names_with_letters_of_any_language_are_found() -> None:
    found = after_many(search(a="class Größe(Model): pass\n", b="class Gr(Model): pass\n"), "class NAME(")
    assert (told(found, "class Größe("), told(found, "class Gr(")) == (["a"], ["b"])


def test_files_of_other_endings_are_left_out() -> None:
    found = Search(DictTree({"a.py": "class Order(", "a.html": "class Order(", "views.py": "class Order("}))
    for _ in range(WORTHWHILE + 1):
        assert found.mentioning(("class Order(",), ("views.py",)) == ("views.py",)
    assert found.mentioning(("class Order(",), (".py",)) == ("a.py", "views.py")


TEXT = st.text("ab.( \nclass", max_size=60)


@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(st.text("abs", min_size=1, max_size=3), max_size=40))
def test_answers_do_not_depend_on_what_was_asked_before(texts: list[str], names: list[str]) -> None:
    found = Search(DictTree({f"{number}.py": text for number, text in enumerate(texts)}))
    for name in names:
        for word in (f"class {name}(", f"a.{name} =", f"b.{name}."):
            expected = tuple(f"{number}.py" for number, text in enumerate(texts) if word in text)
            assert found.mentioning((word,), (".py",)) == expected
        called = tuple(f"{number}.py" for number, text in enumerate(texts) if re.search(rf"\b{name}\(", text))
        assert found.mentioning((f"{name}(",), (".py",)) == called
