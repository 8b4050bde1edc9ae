"""What tables say that functions clean, held against the functions themselves, run on hostile texts.

Every function of a table that is installed here, takes one text and cleans something, is run; what it makes must not
be able to do the kinds of harm that the table says it can't.
"""

from __future__ import annotations

import contextlib
import importlib
import os.path
import re
import shlex
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from checks.frameworks.libraries import all_libraries
from checks.semantics.library import INJECTIONS, Entry

HOSTILE = (
    "<script>alert(1)</script>",
    "\"onload='x' `y`",
    "'; DROP TABLE users; --",
    "x; rm -rf ~ && $(id) | `id` > out",
    "../../etc/passwd",
    "/etc/passwd",
    "//evil.example/x",
    "https://evil.example/x",
    "javascript:alert(1)",
    "line\r\nSet-Cookie: a=b",
    "*)(uid=*",
    "cn=x,dc=y+z\\",
    "' or '1'='1",
    "{{ 7 * 7 }}{% debug %}",
    "(a+)+$",
    "=cmd|' /C calc'!A0",
    "nobody",
)
TEXTS: tuple[str, ...] = (
    *HOSTILE,
    *("17", "-3.5", "nan", "inf", "2024-05-06", "2024-05-06T07:08:09", "07:08:09", "1 00:00:07"),
    *("192.0.2.7", "12345678-1234-5678-1234-567812345678"),
)
_PLAIN = re.compile(r"[\w.,:+/() -]*")


def _in_shell(text: str) -> bool:
    if not set(text) & set(" \t\r\n$`\"'\\|&;<>(){}*?[]!#"):
        return True
    with contextlib.suppress(ValueError):
        return shlex.quote(shlex.split(text)[0]) == text
    return False


def _in_query(text: str) -> bool:
    quoted = re.fullmatch(r"'((?:[^'\\]|''|\\\\)*)'|\s?E'((?:[^'\\]|''|\\\\)*)'", text)
    return quoted is not None or not set(text) & set("'\"\\;` \t\r\n")


def _stays(text: str) -> bool:
    return os.path.normpath(os.path.join("/base", text)).startswith("/base")  # noqa: PTH118


def _own_address(text: str) -> bool:
    parts = urlsplit(text)
    return not parts.netloc and not parts.scheme


def _lacks(characters: str) -> Callable[[str], bool]:
    return lambda text: not set(text) & set(characters)


HARMLESS: dict[str, Callable[[str], bool]] = {
    "csv": lambda text: text[:1] not in tuple("=+-@\t\r"),
    "header": _lacks("\r\n"),
    "html": _lacks("<>\"'"),
    "html-email": _lacks("<>"),
    "ldap": _lacks("*()\\\0"),
    "ldap-dn": _lacks(',=+<>#;"\\'),
    "log": _lacks("\r\n"),
    "path": _stays,
    "redirect": _own_address,
    "regex": lambda text: not set(re.sub(r"\\.", "", text)) & set("*+?{}()[]|^$"),
    "script": _lacks("<\"'\r\n`"),
    "shell": _in_shell,
    "sql": _in_query,
    "template": _lacks("{}"),
    "xml": _lacks("<"),
    "xpath": _lacks("'\""),
}
"""Whether a text can do no harm of a kind, put where such text is due."""


def _function(name: str) -> Callable[[str], Any] | None:
    """The function of a dotted name; a method of texts as one of its receiver."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:end]))
        except Exception:
            continue
        for part in parts[end:]:
            found = getattr(found, part, None)
        return found if callable(found) else None
    return None


OTHERWISE = {
    "django.template.": "it takes a context",
    "django.utils.html.json_script": "it gives a whole element",
    "django.utils.timezone.": "it asks for settings",
    "fnmatch.translate": "its own signs are those of expressions",
    "shlex.join": "it takes a list",
    "xml.sax.saxutils.quoteattr": "it gives the quotes too",
}
"""What is not run here, and why."""


_TOPS = frozenset(
    [
        "arrow",
        "base64",
        "binascii",
        "builtins",
        "datetime",
        "dateutil",
        "decimal",
        "django",
        "email",
        "fnmatch",
        "fractions",
        "glob",
        "html",
        "ipaddress",
        "jinja2",
        "json",
        "markupsafe",
        "math",
        "os",
        "pprint",
        "psycopg",
        "re",
        "reprlib",
        "requests",
        "shlex",
        "urllib",
        "uuid",
        "werkzeug",
        "xml",
    ]
)


def _cleaning() -> list[tuple[str, Entry]]:
    entries = [(name, entry) for library in all_libraries() for name, entry in library.entries.items()]
    first = 0, (0, "filename"), (0, "address"), (0, "value")
    return [
        (name, entry)
        for name, entry in entries
        if entry.cleans
        and name.partition(".")[0] in _TOPS
        and entry.passes in [(place,) for place in first]
        and not name.startswith(tuple(OTHERWISE))
    ]


def _made(function: Callable[[str], Any], text: str) -> str | None:
    """What a function makes of a text, as text; None where it refuses it."""
    for given in (text, text.encode()):
        with contextlib.suppress(Exception):
            made = function(given)  # type: ignore[arg-type]
            return made.decode("latin-1") if isinstance(made, bytes) else str(made)
    return None


RUN = [
    (name, entry, function)
    for name, entry in _cleaning()
    if (function := _function(name)) is not None and any(_made(function, text) is not None for text in TEXTS)
]
"""Those that are here and take a text by itself."""


@pytest.mark.parametrize(("name", "entry", "function"), RUN, ids=[name for name, _, _ in RUN])
def test_what_is_cleaned_does_no_harm(name: str, entry: Entry, function: Callable[[str], Any]) -> None:
    harmful = []
    for text in TEXTS:
        made = _made(function, text)
        if made is None:
            continue
        if entry.cleans == INJECTIONS and not _PLAIN.fullmatch(made):
            harmful.append(("number", text, made))
        elif entry.cleans != INJECTIONS:
            kinds = entry.cleans & HARMLESS.keys()
            harmful += [(kind, text, made) for kind in sorted(kinds) if not HARMLESS[kind](made)]
    assert harmful == []


def test_the_functions_that_count_are_run() -> None:
    names = {name for name, _, _ in RUN}
    assert names >= {
        "html.escape",
        "urllib.parse.quote",
        "urllib.parse.quote_plus",
        "shlex.quote",
        "re.escape",
        "os.path.basename",
        "django.utils.html.escape",
        "django.utils.html.escapejs",
        "django.utils.text.slugify",
        "django.utils.text.get_valid_filename",
        "markupsafe.escape",
        "werkzeug.utils.secure_filename",
        "builtins.int",
        "uuid.UUID",
        "decimal.Decimal",
    }


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", ["html", "path", "redirect", "shell", "sql"])
def test_hostile_texts_are_hostile_to_something(kind: str, text: str) -> None:
    assert any(not HARMLESS[kind](one) for one in HOSTILE)
    assert text == "nobody" or any(not harmless(text) for harmless in HARMLESS.values())
