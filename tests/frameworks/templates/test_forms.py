"""The forms of a template."""

from __future__ import annotations

import pytest

from checks.frameworks.templates import TemplateFile
from checks.frameworks.templates.forms import MAX_FORMS, Form, forms_of
from checks.model import Span


def forms(text: str, language: str = "django") -> list[Form]:
    return list(forms_of(TemplateFile("templates/a.html", text, language)))


@pytest.mark.parametrize(
    ("opening", "method", "action"),
    [
        ("<form>", "get", ""),
        ("<form method=post>", "post", ""),
        ("<FORM METHOD = 'POST' ACTION='/a'>", "post", "/a"),
        ('<form action="{{ a.b }}" method="post">', "post", "{{ a.b }}"),
        ("<form\n  method='post'\n  action=/a>", "post", "/a"),
        ("<form {% if a > b %}method='post'{% endif %} action=\"{% url 'a' %}\">", "post", "{% url 'a' %}"),
        ('<form method="{{ a }}">', "", ""),
        ("<form data-method='post'>", "get", ""),
    ],
)
def test_how_and_where_a_form_sends(opening: str, method: str, action: str) -> None:
    (found,) = forms(f"{opening}<input></form>")
    assert (found.method, found.action, found.body, found.closed) == (method, action, "<input>", True)


def test_where_a_form_is_and_what_stands_in_it() -> None:
    document = TemplateFile(
        "templates/a.html", "<p>\n<form\n method=post>{{ a }}\n{% b %}</form>{{ c }}{% d %}", "django"
    )
    (found,) = forms_of(document)
    assert found.span == Span(2, 1, 3, 14)
    assert [found.holds(hole) for hole in document.template.holes] == [True, False]
    assert [found.holds(tag) for tag in document.template.tags] == [True, False]


def test_a_form_that_does_not_end_here() -> None:
    (found,) = forms("<form method=post><input>")
    assert not found.closed and found.body == "<input>"


@pytest.mark.parametrize(
    "text",
    [
        "<formula>",
        "{# <form></form> #}",
        "{% comment %}<form></form>{% endcomment %}",
        "<!-- <form></form> -->",
        "<script>a = '<form></form>'</script>",
        "<form",
        "form",
    ],
)
def test_what_is_no_form(text: str) -> None:
    assert forms(text) == []


def test_comments_and_scripts_are_no_part_of_a_form() -> None:
    (found,) = forms("<form>{# {% csrf_token %} #}<script>csrf</script><!-- csrf --></form>")
    assert "csrf" not in found.body


def test_of_many_forms_the_first_are_read() -> None:
    assert len(forms("<form></form>" * (MAX_FORMS + 50))) == MAX_FORMS
