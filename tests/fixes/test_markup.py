"""Markup that escapes what is put into it."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.apply import apply_edits
from checks.fixes.markup import as_format, translated_with_format_html, with_format_html, with_markup_format
from tests.files import file_of


@pytest.mark.parametrize(
    ("text", "made", "values"),
    [
        ("f'<b>{a.b}</b>{c}'", '"<b>{}</b>{}"', ["a.b", "c"]),
        ("f'<b x=\"1\">{a}{{}}</b>'", "'<b x=\"1\">{}{{}}</b>'", ["a"]),
        ("'<b>%s</b>{}' % a", '"<b>{}</b>{{}}"', ["a"]),
        ("'%s%s' % (a, b)", '"{}{}"', ["a", "b"]),
        ("'{}{}'.format(a, b)", '"{}{}"', ["a", "b"]),
        ("f'\\\\{a}'", '"\\\\{}"', ["a"]),
    ],
)
def test_simple_formats(text: str, made: str, values: list[str]) -> None:
    file = file_of(f"x = {text}\n")
    node = next(one.value for one in file.nodes if isinstance(one, ast.Assign))
    assert as_format(node, file) == (made, values)


@pytest.mark.parametrize(
    "text",
    [
        "'a' + b",
        "f'{a!r}'",
        "f'{a:>5}'",
        "f'a'",
        "f'{a}\\n'",
        "'%d' % a",
        "'%(a)s' % {'a': b}",
        "'%s' % f(a)",
        "'%s %%' % a",
        "'{0}'.format(a)",
        "'{a}'.format(a=b)",
        "a % b",
        "a",
    ],
)
def test_formats_that_are_left_alone(text: str) -> None:
    file = file_of(f"x = {text}\n")
    node = next(one.value for one in file.nodes if isinstance(one, ast.Assign))
    assert as_format(node, file) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from django.utils.safestring import mark_safe\nx = mark_safe(f'<b>{a}</b>')\n",
            "from django.utils.html import format_html\nfrom django.utils.safestring import mark_safe\n"
            'x = format_html("<b>{}</b>", a)\n',
        ),
        (
            "from django.utils.html import format_html as fh\nx = fh(f'<b>{a}</b>')\n",
            'from django.utils.html import format_html as fh\nx = fh("<b>{}</b>", a)\n',
        ),
    ],
)
def test_format_html_in_place_of_a_call(before: str, after: str) -> None:
    file = file_of(before)
    call = next(one for one in file.nodes if isinstance(one, ast.Call))
    edits = with_format_html(file, call, call.args[0])
    assert edits is not None and apply_edits(before, edits) == after


def test_without_a_known_import_nothing_is_offered() -> None:
    file = file_of("from shop import mark_safe, format_html\nx = mark_safe(f'<b>{a}</b>')\n")
    call = next(one for one in file.nodes if isinstance(one, ast.Call))
    assert with_format_html(file, call, call.args[0]) is None


def test_markup_is_formatted_after_it_is_made() -> None:
    before = "import markupsafe\nx = markupsafe.Markup('<b>%s</b>' % a)\n"
    file = file_of(before)
    call = next(one for one in file.nodes if isinstance(one, ast.Call))
    edits = with_markup_format(file, call, call.args[0])
    assert edits is not None
    assert apply_edits(before, edits) == 'import markupsafe\nx = markupsafe.Markup("<b>{}</b>").format(a)\n'


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("_('<b>%s</b>') % a", 'format_html(_("<b>{}</b>"), a)'),
        ("_('{} %s') % a", None),
        ("_('%s') + a", None),
        ("_('%s', 2) % a", None),
        ("b % a", None),
    ],
)
def test_translations_are_filled_by_format_html(text: str, after: str | None) -> None:
    before = f"from django.utils.html import format_html\nx = mark_safe({text})\n"
    file = file_of(before)
    call = next(one for one in file.nodes if isinstance(one, ast.Call))
    edits = translated_with_format_html(file, call, call.args[0])
    changed = None if edits is None else apply_edits(before, edits).split("x = ")[1].strip()
    assert changed == after
