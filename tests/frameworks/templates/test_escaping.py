"""What is known of values by their filters and names."""

from __future__ import annotations

import pytest

from checks.frameworks.templates import Hole, parse
from checks.frameworks.templates.escaping import is_harmless, is_request_data, trusted_by


def hole(inner: str, language: str = "django") -> Hole:
    (found,) = parse("a.html", "{{ " + inner + " }}", language).holes
    return found


@pytest.mark.parametrize(
    "inner",
    [
        "a|safe",
        "a.b|upper|safe",
        "a|safeseq",
        "a|safe|upper",
        "a|markdown|safe",
        "'x'|add:a|safe",
        "a|date:'Y'|add:b|safe",
    ],
)
def test_values_that_are_trusted(inner: str) -> None:
    found = trusted_by(hole(inner).expression)
    assert found is not None and found.name in ("safe", "safeseq")


@pytest.mark.parametrize(
    "inner",
    [
        "a",
        "a|escape|safe",
        "a|linebreaks|safe",
        "a|safe|force_escape",
        "a|safe|length",
        "'x'|safe",
        "_('x')|safe",
        "field.help_text|safe",
        "form.media|safe",
        "a|bleach|safe",
        "a|sanitize_html|safe",
        "a|date:'Y'|safe",
        "a|yesno:'<b>yes</b>,no'|safe",
    ],
)
def test_values_that_are_escaped_or_the_projects_own(inner: str) -> None:
    assert trusted_by(hole(inner).expression) is None


def test_where_escaping_is_off_filters_that_escape_by_themselves_do_not() -> None:
    assert trusted_by(hole("a|linebreaks|safe").expression, escaped=False) is not None


@pytest.mark.parametrize(
    ("inner", "trusted"),
    [
        ("(a ~ b)|safe", True),
        ("a|safe ~ b", True),
        ("a|safe if b else ''", True),
        ("'<b>' ~ '</b>'|safe", False),
        ("(a == b)|safe", False),
        ("a|tojson|safe", False),
        ("f(a)|safe", True),
    ],
)
def test_trusted_parts_in_jinja(inner: str, trusted: bool) -> None:
    assert (trusted_by(hole(inner, "jinja").expression) is not None) is trusted


@pytest.mark.parametrize(
    "inner",
    [
        "order.id",
        "order.pk",
        "order.customer_id",
        "a|floatformat",
        "a|date:'Y'",
        "a|urlencode",
        "1",
        "forloop.counter",
        "page_count",
    ],
)
def test_values_that_can_do_no_harm(inner: str) -> None:
    assert is_harmless(hole(inner).expression)


@pytest.mark.parametrize(
    "inner", ["order", "order.name", "a|upper", "valid", "a|default:'x'", "a|truncatechars:10"]
)
def test_values_that_may(inner: str) -> None:
    assert not is_harmless(hole(inner).expression)


@pytest.mark.parametrize(
    ("inner", "language", "expected"),
    [
        ("request.GET.next", "django", True),
        ("view.request.POST.next", "django", True),
        ("request.args.get('next')", "jinja", True),
        ("request.args['next']", "jinja", True),
        ("request.user.name", "django", False),
        ("request.path", "django", False),
        ("args.next.a", "jinja", False),
        ("request.GET", "django", False),
    ],
)
def test_parts_of_the_request(inner: str, language: str, expected: bool) -> None:
    assert is_request_data(hole(inner, language).expression) is expected
