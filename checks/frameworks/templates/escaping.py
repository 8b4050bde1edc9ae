"""What filters and names of templates make of a value: markup that is trusted, or text that can do no harm."""

from __future__ import annotations

import re

from checks.frameworks.templates.model import Expression, Filter

TRUSTING = frozenset({"safe", "safeseq"})
"""Filters that have a value printed as it is."""

# What comes out holds no markup of a visitor's: it is escaped, a number, a date, or one of two texts.
ESCAPING = frozenset(
    {"e", "escape", "force_escape", "forceescape", "escapejs", "tojson", "json_script", "urlencode"}
)
NUMBERS = frozenset(
    {
        "abs",
        "count",
        "divisibleby",
        "filesizeformat",
        "float",
        "floatformat",
        "get_digit",
        "int",
        "intcomma",
        "intword",
        "length",
        "length_is",
        "localtime",
        "ordinal",
        "pluralize",
        "round",
        "stringformat",
        "sum",
        "unlocalize",
        "widthratio",
        "wordcount",
        "yesno",
    }
)
_DATES = frozenset(
    {"date", "time", "timesince", "timeuntil", "naturalday", "naturaltime", "isoformat", "strftime"}
)
_WORDS = frozenset({"slugify", "xmlattr", "iriencode"})
# Django's own that escape what they are given, where escaping is on.
_ESCAPE_FIRST = frozenset(
    {"linebreaks", "linebreaksbr", "linenumbers", "unordered_list", "urlize", "urlizetrunc"}
)
HARMLESS = ESCAPING | NUMBERS | _DATES | _WORDS
_CLEANING = re.compile(r"bleach|sanitiz|sanitis|nh3|purif|clean_?html|html_?clean|escape")
# Parts of forms that the project's own code writes, and that hold markup by design; and what renders itself.
_OWN_MARKUP = frozenset(
    {"as_div", "as_p", "as_table", "as_ul", "as_widget", "errors", "help_text", "label", "label_tag", "media"}
)
# Names that say that markup is meant: what is in them was made to be printed as it is.
_MARKUP = re.compile(r"(^|_)(html|svg|icons?|iframe|embed|attrs|media|rendered)(_|$)")
_TRANSLATING = frozenset({"_", "gettext", "ngettext", "npgettext", "pgettext"})
_KEYS = frozenset(
    {"auto_id", "csrf_token", "html_name", "id", "id_for_label", "pk", "uuid", "counter", "counter0", "index"}
)
_KEY = re.compile(
    r"(^|_)(id|pk|uuid|slug|count|counter|number|num|total|size|width|height|max|maximum|min|minimum|timeout|interval"
    r"|date|time|datetime|timestamp|year|month|day|hour|at)$"
)
# Settings and configuration: the project's own.
_OWN_NAMES = frozenset({"settings", "config", "current_app"})
_SHORTENING = frozenset({"slice", "striptags", "truncate", "truncatechars", "truncatewords"})
_REQUEST_DATA = frozenset({"GET", "POST", "COOKIES", "args", "form", "values", "cookies", "query_string"})


def is_harmless_filter(name: str) -> bool:
    """Whether no markup that a visitor wrote comes out of a filter."""
    return name in HARMLESS or _CLEANING.search(name) is not None


def trusted_by(expression: Expression, *, escaped: bool = True) -> Filter | None:
    """The filter by which a value is printed unescaped, `None` where none is or no harm can come of it.

    `escaped` says that escaping is on around it.
    """
    for part in expression.parts:
        found = trusted_by(part, escaped=escaped)
        if found is not None and not any(is_harmless_filter(one.name) for one in expression.filters):
            return found
    harmless = expression.literal or (bool(expression.path) and expression.path[-1] in _OWN_MARKUP)
    harmless = harmless or is_key(expression) or _is_setting(expression) or is_markup(expression)
    harmless = harmless or (_translates(expression) and all(one.literal for one in expression.arguments))
    trusting = None
    for one in expression.filters:
        if is_harmless_filter(one.name) or (escaped and one.name in _ESCAPE_FIRST and trusting is None):
            harmless, trusting = True, None
        elif one.name in TRUSTING:
            trusting = trusting or one
        elif any(not (is_harmless(argument) or _is_own_address(argument)) for argument in one.arguments):
            harmless = False
    return None if harmless else trusting


def is_translation(expression: Expression) -> bool:
    """Whether it is a text that Jinja2 translates, `_("...")`, or is made of one."""
    return _translates(expression) or any(is_translation(part) for part in expression.parts)


def _translates(expression: Expression) -> bool:
    return expression.called and len(expression.path) == 1 and expression.path[0] in _TRANSLATING


def is_harmless(expression: Expression) -> bool:
    """Whether a value is known to hold no text of a visitor's: a literal, a number, an id, what a filter made so."""
    if any(is_harmless_filter(one.name) for one in expression.filters):
        return True
    if expression.literal or is_address(expression) or _is_setting(expression):
        return True
    if expression.parts:
        return all(is_harmless(part) for part in expression.parts)
    return is_key(expression)


def escapes_for_script(expression: Expression) -> bool:
    """Whether a value is made fit to stand in JavaScript: within a string by `escapejs`, anywhere by `tojson`."""
    return expression.has("escapejs", "tojson", "json_script", "force_escape_js", "jsonify", "json")


def is_switch(expression: Expression) -> bool:
    """Whether a name says that it is a truth value, as `is_open` and `editing_enabled` do."""
    last = expression.path[-1].lower() if expression.path else ""
    return last.startswith(("is_", "has_", "can_", "use_", "show_")) or last.endswith(
        ("enabled", "disabled", "allowed")
    )


def is_key(expression: Expression) -> bool:
    """Whether a name says that it is an identifier or a number: `order.id`, `page_count`, `forloop.counter`."""
    last = expression.path[-1].lower() if expression.path else ""
    return last in _KEYS or _KEY.search(last) is not None


def is_markup(expression: Expression) -> bool:
    """Whether a name says that markup is meant: `body_html`, `icon`."""
    return bool(expression.path) and _MARKUP.search(expression.path[-1].lower()) is not None


def _is_setting(expression: Expression) -> bool:
    return len(expression.path) > 1 and expression.path[0] in _OWN_NAMES


def _is_own_address(expression: Expression) -> bool:
    """Whether a view or tag has put an address into a name of its own, `login_url`."""
    return len(expression.path) == 1 and expression.path[0].endswith("url")


def is_address(expression: Expression) -> bool:
    """Whether it is an address that the framework builds of the project's own routes."""
    return bool(expression.path) and expression.path[-1] in (
        "url_for",
        "static",
        "get_absolute_url",
        "reverse",
    )


def is_shortened(expression: Expression) -> bool:
    """Whether a value is cut or stripped of tags after being trusted: it is text, and markup in it may break."""
    trusted = False
    for one in expression.filters:
        trusted = trusted or one.name in TRUSTING
        if trusted and one.name in _SHORTENING:
            return True
    return False


def is_request_data(expression: Expression) -> bool:
    """Whether it is a part of the request as it came: `request.GET.next`, `request.args.get("q")`."""
    path = expression.path
    return len(path) > 2 and "request" in path[:2] and not _REQUEST_DATA.isdisjoint(path[1:3])
