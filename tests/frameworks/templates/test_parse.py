"""Templates read: tokens, blocks, and what their tags say."""

from __future__ import annotations

import pytest

from checks.frameworks.templates import Hole, Node, Template, parse
from checks.model import Span


def django(*lines: str) -> Template:
    return parse("a.html", "\n".join(lines), "django")


def jinja(*lines: str) -> Template:
    return parse("a.html", "\n".join(lines), "jinja")


def outline(node: Node | Hole) -> object:
    if isinstance(node, Hole):
        return node.expression.text
    children = [outline(child) for child in node.children]
    name = node.tag.name if node.tag is not None else ""
    return (name, children) if children else name


@pytest.mark.parametrize("language", ["django", "jinja"])
def test_blocks_hold_what_stands_between_their_tags(language: str) -> None:
    text = "{% if a %}{{ b }}{% else %}{% for c in d %}{{ c }}{% endfor %}{% endif %}{{ e }}"
    found = parse("a.html", text, language)
    assert outline(found.root) == ("", [("if", ["b", "else", ("for", ["c"])]), "e"])
    assert [tag.parent.name if tag.parent else "" for tag in found.tags] == ["", "if", "if", "for", "if"]


def test_tags_need_not_be_known() -> None:
    found = django("{% cache 500 x %}{% widget a %}{{ b }}{% endcache %}{% widget c %}")
    assert outline(found.root) == ("", [("cache", ["widget", "b"]), "widget"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if a %}{{ b }}", ("", ["if", "b"])),
        ("{{ a }}{% endif %}", ("", ["a", "endif"])),
        ("{% if a %}{% for b in c %}{{ d }}{% endif %}{{ e }}", ("", [("if", ["for", "d"]), "e"])),
        ("{% for a in b %}{% if c %}{% endfor %}{% if d %}{% endif %}", ("", [("for", ["if"]), "if"])),
        ("{{ a }} {{ b", ("", ["a"])),
        ("{% a", ""),
        ("{{ a\n}} {{ b }}", ("", ["b"])),
        ("{% %}{{ a }}", ("", ["", "a"])),
    ],
)
def test_broken_templates_are_read_as_far_as_they_go(text: str, expected: object) -> None:
    assert outline(django(text).root) == expected


def test_blocks_that_are_not_read_hold_text() -> None:
    assert [
        hole.expression.text for hole in django("{% verbatim %}{{ a }}{% if %}{% endverbatim %}{{ b }}").holes
    ] == ["b"]
    assert [
        hole.expression.text
        for hole in django("{% verbatim x %}{{ a }}{% endverbatim %}{% endverbatim x %}").holes
    ] == []
    assert [
        hole.expression.text for hole in jinja("{%- raw -%}{{ a }}{% if %}{%- endraw -%}{{ b }}").holes
    ] == ["b"]
    assert [hole.expression.text for hole in django("{% raw %}{{ a }}{% endraw %}").holes] == ["a"]


def test_comments_are_left_out() -> None:
    assert (
        django("{# {{ a }} #}{% comment 'why' %}{{ b }}{% if %}{% endcomment %}{{ c }}")
        .holes[0]
        .expression.text
        == "c"
    )
    assert [hole.expression.text for hole in jinja("{# {{ a }}\n{% b %} #}{{ c }}").holes] == ["c"]
    assert [hole.expression.text for hole in django("{# {{ a }}\n #}{{ c }}").holes] == ["a", "c"]
    assert django("{% comment %}{{ a }}").holes == ()


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("{{- a -}}", "a"),
        ("{{+a+}}", "a"),
        ("{{ '}}' ~ a }}", "'}}' ~ a"),
        ("{{ {'a': {'b': 1}}['a'] }}", "{'a': {'b': 1}}['a']"),
        ("{{ {'a': 1}}}", "{'a': 1}"),
        ("{{\n  a\n}}", "a"),
        ("{{ f( }}", "f("),
        ("{{ it's }}", "it's"),
    ],
)
def test_holes_of_jinja_end_where_jinja_ends_them(text: str, inner: str) -> None:
    (hole,) = jinja(text, "{% if a %}").holes
    assert hole.expression.text == inner
    assert hole.span.column == 1


def test_tags_of_jinja_may_have_strings_lines_and_control() -> None:
    found = jinja("{%- set a = '%}' -%}", "{% if a", "   == b +%}{% endif %}")
    assert [(tag.name, tag.arguments) for tag in found.tags] == [
        ("set", "a = '%}'"),
        ("if", "a\n   == b"),
        ("endif", ""),
    ]
    assert [tag.span for tag in found.tags] == [Span(1, 1, 1, 21), Span(2, 1, 3, 12), Span(3, 12, 3, 23)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_everywhere(newline: str) -> None:
    (hole,) = parse("a.html", newline.join(["<p>", "", "é{{ a }}"]), "django").holes
    assert hole.span == Span(3, 2, 3, 9)


def test_what_a_template_stands_on() -> None:
    found = django('{% extends "base.html" %}', "{% load static i18n %}{% load a b from shop_tags %}")
    assert (found.extends, found.loads) == ("base.html", ("static", "i18n", "shop_tags"))
    assert django("{% extends parent %}").extends == ""
    assert django("{{ a }}").extends is None
    assert jinja("{% from 'forms.html' import field %}{% import \"m.html\" as m %}").loads == (
        "forms.html",
        "m.html",
    )


def test_includes() -> None:
    one, other = django('{% include "a b.html" with x=y.z|upper w="1" only %}{% include name %}').includes
    assert (one.name, one.only) == ("a b.html", True)
    assert [(name, value.text) for name, value in one.bindings] == [("x", "y.z|upper"), ("w", '"1"')]
    assert (other.name, other.expression.path, other.only) == (None, ("name",), False)
    (third,) = jinja("{% include 'a.html' ignore missing without context %}").includes
    assert (third.name, third.only) == ("a.html", True)


def test_blocks() -> None:
    found = django("{% block a %}", "{% block b %}x{% endblock b %}{% endblock %}")
    assert [(one.name, one.body) for one in found.blocks] == [
        ("a", Span(1, 14, 2, 31)),
        ("b", Span(2, 14, 2, 15)),
    ]


def test_loops() -> None:
    found = django("{% for a, b in c.d|dictsort:'e' reversed %}{{ a }}{% empty %}{{ f }}{% endfor %}")
    (loop,) = found.loops
    assert (loop.names, loop.iterated.path) == (("a", "b"), ("c", "d"))
    assert loop.body == Span(1, 44, 1, 51)
    (loop,) = jinja("{% for k, v in a.b.items() if k recursive %}{% endfor %}").loops
    assert (loop.names, loop.iterated.path, loop.iterated.called) == (("k", "v"), ("a", "b", "items"), True)


def test_loops_and_blocks_stand_in_the_order_of_their_source() -> None:
    found = django("{% for a in b %}{% for c in a %}{% endfor %}{% endfor %}{% for d in e %}{% endfor %}")
    assert [loop.iterated.text for loop in found.loops] == ["b", "a", "e"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("{% with a=b.c d='e' %}{% endwith %}", "django", [(("a",), "b.c"), (("d",), "'e'")]),
        ("{% with b.c as a %}{% endwith %}", "django", [(("a",), "b.c")]),
        (
            "{% blocktrans trimmed with a=b|safe count c=d %}{% endblocktrans %}",
            "django",
            [(("a",), "b|safe"), (("c",), "d")],
        ),
        ("{% with a = b.c, d = e|f %}{% endwith %}", "jinja", [(("a",), "b.c"), (("d",), "e|f")]),
        ("{% set a = b if c == d else e %}", "jinja", [(("a",), "b if c == d else e")]),
        ("{% set a, b = c %}", "jinja", [(("a", "b"), "c")]),
        ("{% set ns.a = b %}", "jinja", [(("ns.a",), "b")]),
        ("{% trans a=b, c %}{% endtrans %}", "jinja", [(("a",), "b"), (("c",), "c")]),
        ("{% set a %}b{% endset %}", "jinja", []),
    ],
)
def test_names_that_are_given_a_value(
    text: str, language: str, expected: list[tuple[tuple[str, ...], str]]
) -> None:
    found = parse("a.html", text, language)
    assert [(one.names, one.value.text) for one in found.assignments] == expected


def test_a_set_with_a_body_is_a_block_and_one_with_a_value_is_none() -> None:
    found = jinja("{% set a = 1 %}{{ a }}{% set b %}{{ c }}{% endset %}")
    assert outline(found.root) == ("", ["set", "a", ("set", ["c"])])


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("a.html", "django", True),
        ("a.txt", "django", True),
        ("a.html", "jinja", True),
        ("a.SVG", "jinja", True),
        ("a.txt", "jinja", False),
        ("a.html.j2", "jinja", False),
    ],
)
def test_what_is_escaped_by_the_name_of_the_file(path: str, language: str, expected: bool) -> None:
    (hole,) = parse(path, "{{ a }}", language).holes
    assert hole.autoescaped is expected


def test_what_is_escaped_by_the_tags_around() -> None:
    text = "{% autoescape off %}{{ a }}{% autoescape on %}{{ b }}{% endautoescape %}{{ c }}{% endautoescape %}{{ d }}"
    assert [hole.autoescaped for hole in django(text).holes] == [False, True, False, True]
    assert [
        hole.autoescaped for hole in jinja("{% autoescape false %}{{ a }}{% endautoescape %}{{ b }}").holes
    ] == [False, True]


def test_a_hole_knows_the_blocks_around_it() -> None:
    (hole,) = django("{% for a in b %}{% if a %}{{ a }}{% endif %}{% endfor %}").holes
    assert hole.is_within("if") and hole.is_within("for") and not hole.is_within("with")
