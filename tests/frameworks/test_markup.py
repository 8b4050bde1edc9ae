"""What a piece of markup is made of."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.markup import Parts, is_filter, is_marked, is_written
from checks.semantics.source import File
from tests.files import file_of

HEAD = """
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
ICON = "<i></i>"
ICONS = {}
def dot():
    return "<i>.</i>"
def named(thing):
    return "<i>" + thing.name
class Badge:
    text = "<b>%s</b>"
    def mark(self, user, rows, level, html):
        return EXPRESSION
"""


def parsed(expression: str) -> tuple[ast.expr, File]:
    file = file_of(HEAD.replace("EXPRESSION", expression))
    return next(
        node.value for node in reversed(file.nodes) if isinstance(node, ast.Return) and node.value
    ), file


@pytest.mark.parametrize(
    ("expression", "loose"),
    [
        ("user", ["user"]),
        ("user.name", ["user.name"]),
        ("f'<b>{user.name}</b>{user.pk}'", ["user.name"]),
        ("'<b>%s</b>' % user.name", ["user.name"]),
        ("'<b>%s</b>%s' % (escape(user), rows)", ["rows"]),
        ("'<b>{}{a}</b>'.format(user, a=rows)", ["user", "rows"]),
        ("'<b>' + user.name + ICON", ["user.name"]),
        ("', '.join(row.name for row in rows)", ["row.name"]),
        ("', '.join([escape(row), user])", ["user"]),
        ("user.name.strip().replace('a', 'b')", ["user.name"]),
        ("user if rows else ICON", ["user"]),
        ("str(user)", ["user"]),
        ("named(user)", ["named(user)"]),
        ("other(user)", ["other(user)"]),
        ("self.html", ["self.html"]),
        ("_('a') % user", ["user"]),
    ],
)
def test_the_parts_that_may_hold_markup(expression: str, loose: list[str]) -> None:
    node, file = parsed(expression)
    assert [file.segment(one) for one in Parts(file).loose(node)] == loose


@pytest.mark.parametrize(
    "expression",
    [
        "'<b></b>'",
        "ICON",
        "ICON + '<br>' * level",
        "ICONS[level]",
        "settings.BANNER",
        "escape(user)",
        "format_html('<b>{}</b>', user)",
        "f'{user.pk} {user.created_at} {len(rows)} {user.score:.2f} {user.slug}'",
        "''.join(format_html('{}', row) for row in rows)",
        "user.get_state_display()",
        "rows.as_p()",
        "self.render(user)",
        "dot()",
        "self.text",
        "_('<b></b>')",
        "bleach.clean(user)",
        "user == rows",
    ],
)
def test_what_is_known_to_be_harmless(expression: str) -> None:
    node, file = parsed(expression)
    assert Parts(file).loose(node) == []


@pytest.mark.parametrize(
    ("expression", "built", "translated"),
    [
        ("user", False, False),
        ("f'{user}'", True, False),
        ("_('a')", False, True),
        ("_('a') + user", True, True),
        ("'{}'.format(_('a'))", True, True),
    ],
)
def test_whether_a_text_is_put_together_or_translated(expression: str, built: bool, translated: bool) -> None:
    node, file = parsed(expression)
    parts = Parts(file)
    parts.loose(node)
    assert (parts.built, parts.translated) == (built, translated)


def test_names_that_are_made_of_each_other_end() -> None:
    lines = "\n".join(f"a{n} = a{n - 1} + a{n - 1}" for n in range(1, 60))
    file = file_of(
        "def f(a0):\n" + "\n".join(f"    {line}" for line in lines.split("\n")) + "\n    return a59\n"
    )
    node = next(one.value for one in file.nodes if isinstance(one, ast.Return) and one.value)
    assert len(Parts(file).loose(node)) <= 500


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("user.name", True),
        ("title", True),
        ("self.first_name", True),
        ("row['body']", True),
        ("user.state", False),
        ("tag_name", False),
        ("field.name", False),
        ("model._meta.name", False),
        ("name()", False),
        ("html", False),
    ],
)
def test_what_is_named_like_what_people_write(expression: str, expected: bool) -> None:
    assert is_written([ast.parse(expression, mode="eval").body]) is expected


@pytest.mark.parametrize(
    ("definition", "marked", "filters"),
    [
        ("def __html__(self): ...", "__html__", False),
        ("from django.utils.safestring import mark_safe\n@mark_safe\ndef f(): ...", "mark_safe", False),
        ("@register.filter(is_safe=True)\ndef f(a): ...", "", True),
        ("@register.filter('f', is_safe=True)\ndef f(a): ...", "", True),
        ("@register.filter(is_safe=False)\ndef f(a): ...", "", False),
        ("@register.filter(is_safe=True, needs_autoescape=True)\ndef f(a): ...", "", False),
        ("@register.filter\ndef f(a): ...", "", False),
    ],
)
def test_functions_whose_result_is_trusted(definition: str, marked: str, filters: bool) -> None:
    file = file_of(definition)
    node = next(one for one in file.nodes if isinstance(one, ast.FunctionDef))
    assert (is_marked(node, file), is_filter(node, file)) == (marked, filters)
