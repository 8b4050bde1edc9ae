"""Which files are templates, and in which language."""

from __future__ import annotations

import pytest

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.documents import kind_of
from checks.frameworks.templates import TemplateFile, is_template, language_of
from checks.frameworks.templates.files import MAX_CHARACTERS
from checks.model import Problem
from checks.semantics.roles import Role

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
DJANGO = "import django.apps\n"


@pytest.mark.parametrize(
    "path",
    [
        "shop/templates/shop/order.html",
        "templates/a.htm",
        "templates/mail/a.txt",
        "mail_templates/a.email",
        "shop/templates/a.svg",
        "shop/templates/feed.xml",
        "shop/jinja2/a.html",
        "page.jinja",
        "deploy/nginx.conf.j2",
        "a.html.jinja2",
    ],
)
def test_templates_by_their_path(path: str) -> None:
    assert is_template(path)
    assert kind_of(path) == "template"


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "docs/templates/a.html",
        "shop/static/templates/a.html",
        "shop/templates/static/a.html",
        "node_modules/x/templates/a.html",
        "shop/templates/a.js",
        "shop/templates/a.py",
        "notes.txt",
        "shop/templates.py",
    ],
)
def test_other_files_are_none(path: str) -> None:
    assert not is_template(path)
    assert kind_of(path) != "template"


def test_requirements_are_requirements_but_where_they_are_a_template_of_such() -> None:
    assert kind_of("requirements.txt") == "requirements"
    assert kind_of("cookie/templates/requirements.txt") == "template"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("{% load i18n %}", "django"),
        ("{% csrf_token %}", "django"),
        ("{% url 'a' b %}", "django"),
        ("{% trans 'a' %}", "django"),
        ("{{ a|date:'Y' }}", "django"),
        ("{% with a=b %}{% endwith %}", "django"),
        ("{{ a.b }}", "django"),
        ("{%- if a %}{% endif %}", "jinja"),
        ("{{- a }}", "jinja"),
        ("{% macro a() %}{% endmacro %}", "jinja"),
        ("{% set a = 1 %}", "jinja"),
        ("{{ url_for('a') }}", "jinja"),
        ("{{ a['b'] }}", "jinja"),
        ("{{ a|default('b') }}", "jinja"),
        ("{% from 'a' import b %}", "jinja"),
    ],
)
def test_the_language_by_the_text_alone(text: str, language: str) -> None:
    assert language_of("templates/a.html", text) == language


@pytest.mark.parametrize("path", ["a.j2", "templates/a.jinja", "shop/jinja2/shop/a.html"])
def test_the_language_by_the_place(path: str) -> None:
    assert language_of(path, "{% load a %}") == "jinja"


def language_in(files: dict[str, str], path: str, frameworks: tuple[str, ...] = ()) -> str:
    found = Project(DictTree(files), lambda _path: frameworks).load(path)
    assert isinstance(found, TemplateFile)
    assert found.kind == f"{found.language}-template"
    return found.language


def test_the_language_by_what_the_project_is_built_with() -> None:
    plain = "{{ a }}"
    assert language_in({"app.py": FLASK, "templates/a.html": plain}, "templates/a.html") == "jinja"
    assert language_in({"app.py": DJANGO, "templates/a.html": plain}, "templates/a.html") == "django"
    assert language_in({"templates/a.html": plain}, "templates/a.html") == "django"


def test_the_language_by_the_nearest_of_two_frameworks() -> None:
    files = {
        "site/shop/apps.py": DJANGO,
        "site/shop/templates/a.html": "{{ a }}",
        "api/app.py": FLASK,
        "api/views/b.py": FLASK,
        "api/templates/a.html": "{{ a }}",
    }
    assert language_in(files, "site/shop/templates/a.html") == "django"
    assert language_in(files, "api/templates/a.html") == "jinja"


def test_what_a_template_says_counts_more_than_its_project() -> None:
    files = {"app.py": FLASK, "templates/a.html": "{% load x %}{{ a }}"}
    assert language_in(files, "templates/a.html") == "django"


def test_the_configuration_counts_more_than_all() -> None:
    files = {"app.py": FLASK, "templates/a.html": "{{ f(a) }}"}
    assert language_in(files, "templates/a.html", ("django",)) == "django"
    assert language_in({"templates/a.html": "{% load a %}"}, "templates/a.html", ("flask",)) == "jinja"


def test_a_template_is_parsed_once_and_has_a_role() -> None:
    found = Project(DictTree({"tests/templates/a.html": "{{ a }}"})).load("tests/templates/a.html")
    assert isinstance(found, TemplateFile)
    assert found.template is found.template
    assert found.role is Role.TEST


def test_a_template_that_is_too_large_is_a_problem() -> None:
    found = Project(DictTree({"templates/a.html": "a" * (MAX_CHARACTERS + 1)})).load("templates/a.html")
    assert isinstance(found, Problem)
    assert found.kind == "too-large"
