"""What was typed, and what hashes it."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.password_input import hashes, is_typed
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


def test_what_hashes() -> None:
    assert hashes(ast.parse("user.set_password(x)"))
    assert hashes(ast.parse("user.password = bcrypt.hashpw(x, salt)"))
    assert not hashes(ast.parse("user.password = x"))


def test_a_function_that_names_a_class_may_hash_for_it() -> None:
    text = "class A: ...\ndef f():\n    A().save()\n    user.set_password(x)\ndef g():\n    B().save()\n"
    assert hashes(ast.parse(text), near="A")
    assert not hashes(ast.parse(text), near="B")
