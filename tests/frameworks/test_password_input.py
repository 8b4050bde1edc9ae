"""What was typed, and what hashes it."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.password_input import hashes, hashes_for, is_typed
from tests.files import file_of


@pytest.mark.parametrize(
    ("expression", "typed"),
    [
        ("request.POST['password']", True),
        ("request.POST.get('password')", True),
        ("request.form['password']", True),
        ("form.cleaned_data['password']", True),
        ("form.cleaned_data.get('password')", True),
        ("serializer.validated_data['password']", True),
        ("form.password.data", True),
        ("form.title.data", False),
        ("make_password(request.POST['password'])", False),
        ("settings.PASSWORD", False),
        ("''", False),
    ],
)
def test_what_was_typed(expression: str, typed: bool) -> None:
    file = file_of(f"x = {expression}\n")
    statement = file.tree.body[0]
    assert isinstance(statement, ast.Assign)
    assert is_typed(statement.value, file) is typed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("user.set_password(x)\n", True),
        ("user.password = bcrypt.hashpw(x, salt)\n", True),
        ("user.password = x\n", False),
    ],
)
def test_what_hashes(text: str, found: bool) -> None:
    file = file_of(text)
    assert hashes(file.tree, file) is found


def test_a_function_that_names_a_class_may_hash_for_it() -> None:
    text = "class A:\n    def f(self):\n        A.set_password()\ndef f():\n    B().save()\n    user.set_password(x)\n"
    file = file_of(text)
    assert hashes_for("B", file)
    assert hashes_for("A", file)  # by its method
    assert not hashes_for("C", file)
