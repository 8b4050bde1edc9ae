"""A project's files, found by path and by module name."""

from __future__ import annotations

import pytest

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.model import Problem
from checks.semantics.source import Document, File


def project(*paths: str) -> Project:
    return Project(DictTree(dict.fromkeys(paths, "")))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("shop/views.py", File),
        ("shop/stubs.pyi", File),
        ("Dockerfile", Document),
        ("deploy/Dockerfile.web", Document),
        ("README.md", type(None)),
        ("shop/missing.py", type(None)),
    ],
)
def test_a_path_gives_what_rules_can_read(path: str, kind: type) -> None:
    files = project("shop/views.py", "shop/stubs.pyi", "Dockerfile", "deploy/Dockerfile.web", "README.md")
    assert type(files.load(path)) is kind


@pytest.mark.parametrize(
    ("content", "kind"), [(b"def f(:\n", "syntax"), (b"\0", "encoding"), (b"x" * 9_000_000, "too-large")]
)
def test_a_file_that_cannot_be_read_is_a_problem_and_for_others_not_there(content: bytes, kind: str) -> None:
    files = Project(DictTree({"a.py": content}))
    found = files.load("a.py")
    assert isinstance(found, Problem)
    assert found.kind == kind
    assert files.file("a.py") is None


def test_a_document_s_text_need_not_be_utf8() -> None:
    found = Project(DictTree({"Dockerfile": b"FROM caf\xe9\n"})).load("Dockerfile")
    assert isinstance(found, Document)
    assert found.instructions[0].value == "caf\ufffd"


@pytest.mark.parametrize(
    ("name", "near", "path"),
    [
        ("shop.models", "shop/views.py", "shop/models.py"),
        ("shop", "manage.py", "shop/__init__.py"),
        ("core.base", "backend/core/views.py", "backend/core/base.py"),
        ("models", "shop/views.py", "shop/models.py"),
        ("models", "backend/core/views.py", "backend/core/models.py"),
        ("manage", "shop/views.py", "manage.py"),
    ],
)
def test_a_module_is_found_by_its_name_nearest_to_who_asks(name: str, near: str, path: str) -> None:
    files = project(
        "shop/models.py",
        "shop/__init__.py",
        "backend/core/base.py",
        "backend/core/models.py",
        "manage.py",
        "shop/views.py",
    )
    assert files.path_of_module(name, near) == path


@pytest.mark.parametrize("name", ["os", "shop.views.deep", "op", "models.py", "", ".", "shop.", "mod*ls"])
def test_a_module_that_is_not_there_is_not_found(name: str) -> None:
    assert project("shop/models.py", "workshop.py").module(name, "shop/models.py") is None


def test_what_is_asked_for_is_recorded_also_where_there_is_nothing() -> None:
    files = project("a.py", "b.py")
    files.file("b.py")
    files.file("missing.py")
    files.module("a", "b.py")
    assert files.uses == {"a.py", "b.py", "missing.py"}


def test_a_file_is_parsed_once() -> None:
    files = project("a.py")
    assert files.file("a.py") is files.file("a.py")


def test_many_files_are_too_many_to_keep() -> None:
    files = Project(DictTree({"a.py": "x = f()\n", "b.py": "y = g()\n"}))
    files.room = 10
    first = files.file("a.py")
    seen = [files.is_full]
    files.file("b.py")
    seen.append(files.is_full)
    files.let_go()
    seen.append(files.is_full)
    assert seen == [False, True, False]
    assert files.file("a.py") is not first


@pytest.mark.parametrize(
    ("endings", "found"),
    [
        (("urls.py",), ("shop/urls.py", "urls.py")),
        (("_urls.py",), ("shop/api_urls.py",)),
        (("views.py", "urls.py"), ("shop/urls.py", "shop/views.py", "urls.py")),
        ((".html",), ("a.html",)),
        (("/v1/views.py",), ()),
        (("/shop/*.py",), ("shop/api_urls.py", "shop/curls.py", "shop/urls.py", "shop/views.py")),
        ((), ()),
    ],
)
def test_files_are_found_by_name_and_by_suffix(endings: tuple[str, ...], found: tuple[str, ...]) -> None:
    files = project("a.html", "shop/api_urls.py", "shop/curls.py", "shop/urls.py", "shop/views.py", "urls.py")
    assert files.named(*endings) == found
    assert files.uses == {f"/*{'|'.join(endings)}"}


def test_files_are_found_by_what_they_mention() -> None:
    files = Project(DictTree({"a.py": "route", "b.py": "other", "c.py": "router", "d.txt": "route"}))
    assert files.mentioning(("route",), ".py") == ("a.py", "c.py")


def test_a_fact_is_computed_once_and_what_it_asked_for_is_remembered_with_it() -> None:
    files = project("a.py", "b.py")
    calls: list[str] = []

    def fact() -> int:
        calls.append("")
        files.file("a.py")
        return len(calls)

    assert files.once("fact", fact) == files.once("fact", fact) == 1
    assert files.uses == {"/once:fact"}
    assert files.facts == {"/once:fact": frozenset({"a.py"})}


def test_a_fact_that_failed_leaves_what_was_asked_as_it_was() -> None:
    files = project("a.py")
    files.file("a.py")
    with pytest.raises(ZeroDivisionError):
        files.once("fact", lambda: 1 // 0)
    assert files.uses == {"a.py"}


def test_a_fact_about_a_file_is_a_use_of_all_that_ask_for_it() -> None:
    files = project("a.py", "b.py")
    file = files.file("a.py")
    assert file is not None
    for _ in range(2):
        files.uses = set()
        assert file.once("fact", lambda: files.file("b.py")) is files.file("b.py")
        assert files.uses == {"b.py"}


def test_what_is_the_same_beside_is_parsed_once() -> None:
    one = Project(DictTree({"a.py": "x = 1\n", "b.py": "y = 2\n"}))
    other = Project(DictTree({"a.py": "x = 1\n", "b.py": "y = 3\n"}))
    one.beside, other.beside = other, one
    first, second = one.file("a.py"), other.file("a.py")
    changed = one.file("b.py"), other.file("b.py")
    assert first is not None and second is not None
    assert second.tree is first.tree
    assert (first.project, second.project) == (one, other)
    assert changed[0] is not None and changed[1] is not None
    assert changed[0].tree is not changed[1].tree
