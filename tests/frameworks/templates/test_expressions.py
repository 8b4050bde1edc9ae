"""What stands in a hole, in either language."""

from __future__ import annotations

import pytest

from checks.frameworks.templates import Expression, parse
from checks.model import Span


def expression(inner: str, language: str) -> Expression:
    (hole,) = parse("a.html", "{{ " + inner + " }}", language).holes
    return hole.expression


@pytest.mark.parametrize("language", ["django", "jinja"])
@pytest.mark.parametrize(
    ("inner", "path", "filters"),
    [
        ("order", ("order",), []),
        ("order.customer.name", ("order", "customer", "name"), []),
        ("order.name|safe", ("order", "name"), ["safe"]),
        ("order.name | upper | safe", ("order", "name"), ["upper", "safe"]),
        ("'a'|safe", (), ["safe"]),
    ],
)
def test_names_and_filters(inner: str, language: str, path: tuple[str, ...], filters: list[str]) -> None:
    found = expression(inner, language)
    assert (found.path, [one.name for one in found.filters]) == (path, filters)
    assert found.text == inner


@pytest.mark.parametrize(
    ("inner", "arguments"),
    [
        ('a|date:"Y|m:d"', [("date", ["Y|m:d"])]),
        ("a|default:b.c|add:-1", [("default", ["b.c"]), ("add", ["-1"])]),
        ("a|default:_('none')", [("default", ["none"])]),
        ("a|cut:' '|lower", [("cut", [" "]), ("lower", [])]),
    ],
)
def test_the_arguments_of_filters_in_django(inner: str, arguments: list[tuple[str, list[str]]]) -> None:
    found = expression(inner, "django")
    assert [
        (one.name, [given.text if given.value is None else given.value for given in one.arguments])
        for one in found.filters
    ] == arguments


@pytest.mark.parametrize(
    ("inner", "path"),
    [
        ("a['b'].c", ("a", "b", "c")),
        ("a[0].b", ("a", "0", "b")),
        ("a.b()", ("a", "b")),
        ("a[b]", ()),
        ("a.b().c", ()),
        ("(a)", ("a",)),
        ("-a", ("a",)),
    ],
)
def test_names_with_subscripts_and_calls_in_jinja(inner: str, path: tuple[str, ...]) -> None:
    assert expression(inner, "jinja").path == path


def test_calls_and_filters_keep_their_arguments_in_jinja() -> None:
    found = expression("url_for('a', id=b.c)|replace('x', y)|m.n", "jinja")
    assert found.called and found.path == ("url_for",)
    assert [one.value or one.path for one in found.arguments] == ["a", ("b", "c")]
    assert [(one.name, len(one.arguments)) for one in found.filters] == [("replace", 2), ("m.n", 0)]


@pytest.mark.parametrize(
    ("inner", "parts"),
    [
        ("a ~ b", ["a", "b"]),
        ("a.b + 'c' + d", ["a.b", "'c'", "d"]),
        ("a if b else c", ["a", "c"]),
        ("a or b and c", ["a", "b", "c"]),
        ("a if b is not defined else c == d", ["a", "c == d"]),
        ("[a, b]", ["a", "b"]),
        ("{'x': a}", ["'x'", "a"]),
    ],
)
def test_the_operands_that_become_the_result_in_jinja(inner: str, parts: list[str]) -> None:
    assert [one.text for one in expression(inner, "jinja").parts] == parts


@pytest.mark.parametrize(
    ("inner", "language"),
    [
        ("'a'", "django"),
        ('_("a")', "django"),
        ("1.5", "django"),
        ("True", "django"),
        ("'a' ~ 'b'", "jinja"),
        ("a == b", "jinja"),
        ("not a", "jinja"),
        ("a in b", "jinja"),
        ("none", "jinja"),
        ("[1, 'x']", "jinja"),
    ],
)
def test_literals_hold_nothing_from_the_context(inner: str, language: str) -> None:
    assert expression(inner, language).literal


@pytest.mark.parametrize("inner", ["a", "a.b()", "a ~ 'b'", "'x' if a else b", "_('a', b=c)"])
def test_other_expressions_are_no_literals(inner: str) -> None:
    assert not expression(inner, "jinja").literal


@pytest.mark.parametrize("language", ["django", "jinja"])
@pytest.mark.parametrize(
    "inner",
    [
        "",
        "|",
        "a|",
        "|safe",
        "a..b",
        "'",
        '"a',
        "((((",
        "a[",
        "a.b(",
        "%",
        "a|b:",
        "=",
        "if",
        "a if",
        "~~",
        "]",
    ],
)
def test_what_is_no_expression_is_read_all_the_same(inner: str, language: str) -> None:
    parse("a.html", "{{ " + inner + " }}x", language)


def test_a_filter_knows_its_place() -> None:
    (hole,) = parse("a.html", "<p>\n  {{ a.b|upper|date:'Y' }}\n", "django").holes
    assert hole.span == Span(2, 3, 2, 27)
    assert [one.span for one in hole.expression.filters] == [Span(2, 10, 2, 15), Span(2, 16, 2, 24)]
    (hole,) = parse("a.html", "é {{-  a|f(1)|safe -}}", "jinja").holes
    assert hole.span == Span(1, 3, 1, 23)
    assert [one.span for one in hole.expression.filters] == [Span(1, 10, 1, 14), Span(1, 15, 1, 19)]
