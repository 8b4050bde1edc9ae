"""The pages that people open in a browser: one module per topic, each found by walking this folder.

A page is a function under its method and path. It gets the visit of `State.visitor`, who is signed in.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from tests.github.model import User
from tests.github.rest import Answer
from tests.github.state import State


@dataclass
class Visit:
    """A request of a browser. `violations` are ways in which it is not what GitHub describes."""

    state: State
    url: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    violations: list[str] = field(default_factory=list)

    @property
    def visitor(self) -> User:
        return self.state.user(self.state.visitor)

    def violated(self, fault: str) -> None:
        self.violations.append(f"{self.path}: {fault}")


Page = Callable[..., Answer]
_PAGES: list[tuple[str, re.Pattern[str], Page]] = []


def page(method: str, path: str) -> Callable[[Page], Page]:
    """Registers a page; `{name}` in the path becomes an argument."""

    def register(function: Page) -> Page:
        _PAGES.append((method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), function))
        return function

    return register


@cache
def _pages() -> list[tuple[str, re.Pattern[str], Page]]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return _PAGES


def _found(method: str, path: str) -> tuple[Page, dict[str, str]] | None:
    for verb, pattern, function in _pages():
        if verb == method and (match := pattern.fullmatch(path)):
            return function, match.groupdict()
    return None


def is_there(method: str, path: str) -> bool:
    return _found(method, path) is not None


def answer(method: str, visit: Visit) -> Answer:
    found = _found(method, visit.path)
    assert found is not None
    function, arguments = found
    return function(visit, **arguments)


def html(title: str, *parts: str, status: int = 200) -> Answer:
    text = f"<!doctype html><title>{escape(title)}</title><h1>{escape(title)}</h1>{''.join(parts)}"
    return Answer(status, text.encode(), content_type="text/html; charset=utf-8")


def form(action: str, button: str, **hidden: str) -> str:
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items()
    )
    return f'<form method="post" action="{escape(action)}">{fields}<button>{escape(button)}</button></form>'


def redirect(url: str, **query: str) -> Answer:
    return Answer(302, b"", {"Location": f"{url}?{urlencode({k: v for k, v in query.items() if v})}"})


def as_json(body: Any) -> Answer:
    return Answer(200, json.dumps(body).encode())
