"""Hostile templates are read in time that grows with their length alone."""

from __future__ import annotations

import time

import pytest

from checks.frameworks.templates import Node, language_of, parse
from checks.frameworks.templates.parse import MAX_DEPTH

SIZE = 120_000
SECONDS = 5.0
"""Each takes half a second; what is quadratic takes minutes."""

SHAPES = {
    "marks": "{",
    "holes that never end": "{{ ",
    "holes that never end on their line": "{{ \n",
    "tags that never end": "{% ",
    "comments that never end": "{# ",
    "holes": "{{ a }}",
    "blocks that never end": "{% if a %}",
    "ends": "{% endif %}",
    "quotes": '{{ " }}',
    "escaped quotes": '{{ \\" }}',
    "braces": "{{ {",
    "filters": "{{ a" + "|b:'c'" * 50 + " }}",
    "brackets": "<",
    "elements": "<a ",
    "elements with a quote": '<a ">',
    "elements that begin with an equals sign": "<a =b>",
    "comments of HTML": "<!--",
    "scripts": "<script>",
    "raw blocks": "{% raw %}",
    "labelled raw blocks": "{% verbatim a %}",
    "blanks": "{%" + " " * 500 + "\n",
}
WHOLE = {
    "blocks in blocks": "{% a %}" * (SIZE // 14) + "{% enda %}" * (SIZE // 14),
    "names": "".join(f"{{% a{i} %}}" for i in range(9000)) + "".join(f"{{% enda{i} %}}" for i in range(9000)),
    "attributes": "<a " + "b " * (SIZE // 2),
    "quoted attributes": "<a " + 'b="' * (SIZE // 3),
    "a long handler": '<a onclick="' + "{{ a }}'" * (SIZE // 8),
    "a long script": "<script>" + "/" * SIZE,
    "ends of scripts": "<script>" + "</" * (SIZE // 2),
    "strings of scripts": "<script>" + '"\\' * (SIZE // 2),
    "parentheses": "{{ " + "(" * SIZE + " }}",
    "subscripts": "{{ " + "a[" * 9000 + " }}",
    "calls": "{{ " + "a(" * 9000 + " }}",
    "signs": "{{ " + "-" * 19000 + "a }}",
    "conditions": "{{ " + "a if b else " * 1500 + "c }}",
    "arguments": "{% with " + 'a="' * 6000 + " %}",
    "a string": '{{ "' + '\\"' * (SIZE // 2) + " }}",
}


@pytest.mark.parametrize("language", ["django", "jinja"])
@pytest.mark.parametrize(
    "text", [pytest.param(shape * (SIZE // len(shape)), id=name) for name, shape in SHAPES.items()]
)
def test_what_repeats_is_read_in_bounded_time(text: str, language: str) -> None:
    check(text, language)


@pytest.mark.parametrize("language", ["django", "jinja"])
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in WHOLE.items()])
def test_what_is_deep_or_long_is_read_in_bounded_time(text: str, language: str) -> None:
    check(text, language)


def check(text: str, language: str) -> None:
    started = time.perf_counter()
    found = parse("a.html", text, language)
    language_of("a.html", text)
    assert time.perf_counter() - started < SECONDS
    assert depth(found.root) <= MAX_DEPTH + 2


def depth(node: Node) -> int:
    return 1 + max((depth(child) for child in node.children if isinstance(child, Node)), default=0)
