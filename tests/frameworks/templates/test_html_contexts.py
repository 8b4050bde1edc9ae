"""The HTML context of each hole."""

from __future__ import annotations

import pytest

from checks.frameworks.templates import Context, Kind, parse


def contexts(text: str, language: str = "django") -> list[Context]:
    return [hole.context for hole in parse("a.html", text, language).holes]


def kinds(text: str) -> list[Kind]:
    return [context.kind for context in contexts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ x }}", Context(Kind.TEXT)),
        ("<p class='a'>{{ x }}</p>", Context(Kind.TEXT)),
        ("1 < 2 {{ x }}", Context(Kind.TEXT)),
        ("<!DOCTYPE html>{{ x }}", Context(Kind.TEXT)),
        ('<p class="a {{ x }}">', Context(Kind.ATTRIBUTE, "p", "class", '"', "a ")),
        ("<p class='{{ x }}'>", Context(Kind.ATTRIBUTE, "p", "class", "'")),
        ("<P CLASS = '{{ x }}'>", Context(Kind.ATTRIBUTE, "p", "class", "'")),
        ("<p class={{ x }}>", Context(Kind.ATTRIBUTE, "p", "class", "")),
        ("<p class=a{{ x }}>", Context(Kind.ATTRIBUTE, "p", "class", "", "a")),
        ("<p\n  id=b\n  class=\n{{ x }}>", Context(Kind.ATTRIBUTE, "p", "class", "")),
        ("<p {{ x }}>", Context(Kind.TAG, "p")),
        ("<p data-{{ x }}=''>", Context(Kind.TAG, "p")),
        ("<{{ x }}>", Context(Kind.TAG_NAME)),
        ("<h{{ x }}>", Context(Kind.TAG_NAME)),
        ("</h{{ x }}>", Context(Kind.TAG_NAME)),
        ('<a href="{{ x }}">', Context(Kind.URL, "a", "href", '"')),
        ('<a href=" {{ x }}">', Context(Kind.URL, "a", "href", '"', " ")),
        ('<a href="/a/{{ x }}">', Context(Kind.ATTRIBUTE, "a", "href", '"', "/a/")),
        ('<img src="{{ x }}">', Context(Kind.URL, "img", "src", '"')),
        ('<button formaction="{{ x }}">', Context(Kind.URL, "button", "formaction", '"')),
        (
            "<a href=\"javascript:go('{{ x }}')\">",
            Context(Kind.HANDLER, "a", "href", '"', "javascript:go('", "'"),
        ),
        (
            '<a href="JavaScript: go({{ x }})">',
            Context(Kind.HANDLER, "a", "href", '"', "JavaScript: go(", ""),
        ),
        ("<b onclick=\"go('{{ x }}')\">", Context(Kind.HANDLER, "b", "onclick", '"', "go('", "'")),
        ("<b onclick='go({{ x }})'>", Context(Kind.HANDLER, "b", "onclick", "'", "go(", "")),
        ("<p style='color: {{ x }}'>", Context(Kind.STYLE, "p", "style", "'", "color: ")),
        ("<style>a { color: {{ x }} }</style>", Context(Kind.STYLE, "style")),
        ("<script>go({{ x }})</script>", Context(Kind.SCRIPT, "script")),
        ("<script>go('{{ x }}')</script>", Context(Kind.SCRIPT, "script", string="'")),
        ('<script type="module">go("a\\"{{ x }}")</script>', Context(Kind.SCRIPT, "script", string='"')),
        ("<script>go(`{{ x }}`)</script>", Context(Kind.SCRIPT, "script", string="`")),
        ("<script>// it's\ngo({{ x }})</script>", Context(Kind.SCRIPT, "script")),
        ("<script>// {{ x }}\n</script>", Context(Kind.SCRIPT, "script", string="//")),
        ("<script>/* ' */ go({{ x }})</script>", Context(Kind.SCRIPT, "script")),
        ("<script>a.replace(/['\"]/g, {{ x }})</script>", Context(Kind.SCRIPT, "script")),
        ("<script>b = a / 2; c = '{{ x }}' / 3</script>", Context(Kind.SCRIPT, "script", string="'")),
        ('<script type="application/json">{{ x }}</script>', Context(Kind.DATA, "script")),
        ("<script type='text/template'>{{ x }}</script>", Context(Kind.DATA, "script")),
        ("<script src='a.js'></script>{{ x }}", Context(Kind.TEXT)),
        ("<script>if (a < b) '</scripted>{{ x }}'</script>", Context(Kind.SCRIPT, "script", string="'")),
        ("<!-- {{ x }} -->", Context(Kind.COMMENT)),
        ("<!-- <script> -->{{ x }}", Context(Kind.TEXT)),
        ("<textarea><b {{ x }}</textarea>", Context(Kind.RCDATA, "textarea")),
        ("<title>{{ x }}</title>", Context(Kind.RCDATA, "title")),
        ("<textarea></textarea><p {{ x }}>", Context(Kind.TAG, "p")),
        ("<a =x>{{ x }}", Context(Kind.TEXT)),
        ("<a b='>' c=\">\" d=e>{{ x }}", Context(Kind.TEXT)),
        ("<a b=>{{ x }}", Context(Kind.TEXT)),
        ("<a b/>{{ x }}", Context(Kind.TEXT)),
        ("<a 'b'>{{ x }}", Context(Kind.TEXT)),
    ],
)
def test_a_hole_has_the_context_of_its_place(text: str, expected: Context) -> None:
    assert contexts(text) == [expected]


def test_what_stands_before_in_a_value_holds_other_holes_as_a_mark() -> None:
    assert [one.before for one in contexts('<a href="/{{ a }}/{{ b }}?c={{ d }}">')] == [
        "/",
        "/\0/",
        "/\0/\0?c=",
    ]


def test_an_attribute_may_end_behind_a_hole() -> None:
    assert kinds('<a class="{{ a }}" href="{{ b }}" {{ c }} id={{ d }}>{{ e }}</a>') == [
        Kind.ATTRIBUTE,
        Kind.URL,
        Kind.TAG,
        Kind.ATTRIBUTE,
        Kind.TEXT,
    ]


def test_a_tag_that_prints_makes_a_value_begin() -> None:
    (one,) = contexts("<a href={% url 'a' %}?next={{ x }}>")
    assert (one.kind, one.quote, one.before) == (Kind.ATTRIBUTE, "", "\0?next=")


def test_a_name_made_of_a_hole_still_has_a_value() -> None:
    assert kinds('<a data-{{ a }}="{{ b }}">{{ c }}') == [Kind.TAG, Kind.ATTRIBUTE, Kind.TEXT]


def test_each_branch_begins_where_the_block_began() -> None:
    text = '<a {% if a %}class="{{ b }}{% elif d %}class=\'{{ e }}{% else %}id="{{ f }}{% endif %}">{{ g }}'
    assert [(one.attribute, one.quote) for one in contexts(text)] == [
        ("class", '"'),
        ("class", "'"),
        ("id", '"'),
        ("", ""),
    ]


def test_what_a_macro_holds_begins_anew_and_what_stood_before_goes_on() -> None:
    text = "<script>{% macro a() %}{{ b }}{% endmacro %}go({{ c }})</script>"
    assert [one.kind for one in contexts(text, "jinja")] == [Kind.TEXT, Kind.SCRIPT]


def test_a_script_whose_type_is_computed_may_be_code() -> None:
    assert kinds('<script type="{{ a }}">{{ b }}</script>') == [Kind.ATTRIBUTE, Kind.SCRIPT]


def test_tags_have_a_context_too() -> None:
    tags = parse("a.html", "<a href='{% url 'x' %}'>{% trans 'y' %}</a>", "django").tags
    assert [tag.context.kind for tag in tags] == [Kind.URL, Kind.TEXT]
