"""Which of the names on standard input exist in the libraries that are installed: run as a program of its own.

The input is JSON, `{"name": ["other name", ...]}`: each name with what else it may be found as. So is the output: for
each of which all libraries are installed, whether it is there. A name is there when importing and looking finds it,
or when a method of a class sets it on `self`.
"""

from __future__ import annotations

import contextlib
import dis
import importlib
import importlib.util
import inspect
import json
import sys
import warnings
from functools import cache
from types import ModuleType
from typing import Any


@cache
def is_installed(top: str) -> bool:
    """Whether a library can be imported."""
    try:
        return top == "builtins" or importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def configure() -> None:
    """Give Django the least that its modules ask for on import."""
    with contextlib.suppress(ImportError):
        django = importlib.import_module("django")
        settings = importlib.import_module("django.conf").settings
        apps = ("admin", "auth", "contenttypes", "messages", "sessions", "sites", "staticfiles")
        settings.configure(
            INSTALLED_APPS=[f"django.contrib.{app}" for app in apps],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            STATIC_URL="/static/",
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        )
        django.setup()


@cache
def found(name: str) -> tuple[Any, ...]:
    """What a dotted name is, as a tuple of one; empty where it isn't."""
    head, _, last = name.rpartition(".")
    for owner in found(head) if head else ():
        try:
            return (getattr(owner, last),)
        except BaseException:
            kind = owner if isinstance(type(owner), type) and issubclass(type(owner), type) else type(owner)
            if last in set_on_self(kind):
                return (None,)
            if not isinstance(owner, ModuleType):
                return ()
    try:
        return (importlib.import_module(name),)
    except BaseException:
        return ()


def set_on_self(owner: Any) -> set[str]:
    """The attributes that a class or one above it has, that their methods assign, or that they only annotate."""
    return set().union(*(_of_class(id(one), one) for one in owner.__mro__))


_KNOWN: dict[int, set[str]] = {}


def _of_class(key: int, owner: Any) -> set[str]:
    if key not in _KNOWN:
        _KNOWN[key] = {*vars(owner), *getattr(owner, "__annotations__", {})}
        for member in list(vars(owner).values()):
            code = getattr(inspect.unwrap(member) if callable(member) else member, "__code__", None)
            if code is not None:
                stored = (one.argval for one in dis.get_instructions(code) if one.opname == "STORE_ATTR")
                _KNOWN[key].update(stored)
    return _KNOWN[key]


def main() -> None:
    """Answer for all names on standard input."""
    warnings.simplefilter("ignore")
    asked: dict[str, list[str]] = json.load(sys.stdin)
    configure()
    answer = {
        name: any(found(one) for one in (name, *others))
        for name, others in asked.items()
        if all(is_installed(one.partition(".")[0]) for one in (name, *others))
    }
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
