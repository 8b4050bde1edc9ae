"""What stands for frameworks, drivers and clients while programs run: sinks that record, requests that are given."""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import pathlib
import pickle
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

BUILTINS: dict[str, Any] = {}
"""The built-in functions that programs get instead of Python's own."""

Record = Callable[[str, Any], None]


class Parameters(dict[str, str]):
    """Parameters whose every name has the same value."""

    def __init__(self, text: str) -> None:
        super().__init__(q=text)
        self.text = text

    def __getitem__(self, key: str) -> str:
        return self.text

    def get(self, key: str, default: Any = None) -> Any:
        """The value that was sent."""
        return self.text

    def getlist(self, key: str) -> list[str]:
        """The values that were sent."""
        return [self.text]

    def copy(self) -> Parameters:
        """The same parameters."""
        return Parameters(self.text)


class Request:
    """A request of either framework that carries one text everywhere."""

    method = "GET"
    user = SimpleNamespace(pk="7")
    text = ""

    def __getattr__(self, name: str) -> Any:
        if name in ("GET", "POST", "COOKIES", "headers", "args", "form", "values", "json", "cookies"):
            return Parameters(self.text)
        if name == "META":
            return {"HTTP_X_Q": self.text, "REMOTE_ADDR": "10.0.0.1"}
        if name == "body":
            return json.dumps({"q": self.text}).encode()
        if name == "data":
            return self.text.encode()
        raise AttributeError(name)

    def get_json(self) -> Any:
        """The body."""
        return {"q": self.text}


request = Request()


def receive(text: str) -> None:
    """The request carries this text from now on."""
    request.text = text


class Response:
    """A response whose cookies are recorded."""

    def __init__(self, record: Record) -> None:
        self._record = record

    @property
    def headers(self) -> Response:
        """Itself: it takes headers."""
        return self

    def __setitem__(self, key: str, value: Any) -> None:
        """Frameworks refuse line breaks here."""

    def set_cookie(self, key: str, value: Any = "", **options: Any) -> None:
        """Record a cookie."""
        self._record("cookie", value)


class Database:
    """A connection that is its own cursor."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def cursor(self) -> Database:
        """Itself."""
        return self

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def execute(self, query: Any, _parameters: Any = ()) -> Database:
        """Record a query; a driver sends parameters beside it."""
        self._record("sql", query)
        return self


def install(record: Record) -> None:
    """Put the stand-ins where imports find them, and recorders where the standard library does harm."""
    importlib.import_module("django.utils.html")
    importlib.import_module("django.utils.http")
    importlib.import_module("django.utils.text")
    importlib.import_module("django.core.validators")
    importlib.import_module("werkzeug.utils")
    importlib.import_module("markupsafe")
    _standard(record)
    _django(record)
    _flask(record)
    _clients(record)


def _module(name: str, **members: Any) -> None:
    made = ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    above, _, last = name.rpartition(".")
    if above:
        if above not in sys.modules:
            _module(above)
        setattr(sys.modules[above], last, made)


def _recorded(record: Record, kind: str, result: Any = None) -> Callable[..., Any]:
    def sink(value: Any = "", *_: Any, **__: Any) -> Any:
        record(kind, value)
        return result

    return sink


def _standard(record: Record) -> None:
    def started(args: Any, **options: Any) -> None:
        if options.get("shell"):
            record("shell", args)
        elif list(args[:2]) == ["sh", "-c"]:
            record("shell", args[2])
        else:
            record("command", args[0])

    for name in ("run", "call", "check_output", "check_call", "Popen"):
        setattr(subprocess, name, started)
    os.system = _recorded(record, "shell", 0)
    opened = _recorded(record, "path", io.StringIO())
    BUILTINS.update(open=opened, eval=_recorded(record, "code"), exec=_recorded(record, "code"))
    os.listdir = _recorded(record, "path", [])
    pathlib.Path.read_text = _recorded(record, "path", "")  # type: ignore[method-assign]
    pickle.loads = _recorded(record, "deserialize")
    urllib.request.urlopen = _recorded(record, "url")
    sys.modules["importlib"] = SimpleNamespace(import_module=_recorded(record, "code"))  # type: ignore[assignment]
    sys.modules["re"] = _patterns(record)

    class Mail:
        def __setitem__(self, _name: str, value: Any) -> None:
            record("header", value)

        def add_header(self, _name: str, value: Any) -> None:
            record("header", value)

    mails = importlib.import_module("email.message")
    mails.Message = Mail  # type: ignore[attr-defined]
    _module("sqlite3", connect=lambda _name: Database(record))

    class Handler(logging.Handler):
        def emit(self, entry: logging.LogRecord) -> None:
            record("log", entry.getMessage())

    logging.basicConfig(handlers=[Handler()], level=logging.INFO)


def _patterns(record: Record) -> ModuleType:
    """The module `re`, recording the patterns that it is given."""
    made = ModuleType("re")
    made.__dict__.update(vars(re))

    def recorded(name: str) -> Callable[..., Any]:
        def function(pattern: Any, *rest: Any, **options: Any) -> Any:
            record("regex", pattern)
            return getattr(re, name)(pattern, *rest, **options)

        return function

    for name in ("search", "match", "fullmatch", "compile", "sub", "split"):
        setattr(made, name, recorded(name))
    return made


def _django(record: Record) -> None:
    def answer(content: Any = "", content_type: str = "text/html") -> Response:
        if content_type == "text/html":
            record("html", content)
        return Response(record)

    redirect = _recorded(record, "redirect")
    _module("django.http", HttpResponse=answer, HttpResponseRedirect=redirect)
    _module("django.shortcuts", redirect=redirect)
    _module("django.db", connection=Database(record))
    strings = importlib.import_module("django.utils.safestring")
    safe = strings.mark_safe

    def mark_safe(text: Any) -> Any:
        record("html", text)
        return safe(text)

    _module("django.utils.safestring", **{**vars(strings), "mark_safe": mark_safe})


def _flask(record: Record) -> None:
    class App:
        def __init__(self, _name: str) -> None:
            pass

        def route(self, *_: Any) -> Callable[[Any], Any]:
            return lambda view: view

    def make_response(content: Any = "") -> Response:
        record("html", content)
        return Response(record)

    _module(
        "flask",
        Flask=App,
        request=request,
        make_response=make_response,
        redirect=_recorded(record, "redirect"),
        render_template_string=_recorded(record, "template"),
    )
    real = importlib.import_module("markupsafe")

    def markup(text: Any = "") -> Any:
        record("html", text)
        return real.Markup(text)

    _module("markupsafe", escape=real.escape, Markup=markup)


def _clients(record: Record) -> None:
    asked = _recorded(record, "url")
    _module("requests", get=asked, post=asked)

    class Directory:
        def __init__(self, _server: str) -> None:
            pass

        def search(self, _base: str, search_filter: str) -> None:
            record("ldap", search_filter)

    _module("ldap3", Connection=Directory)
    escapes = str.maketrans({"\\": "\\5c", "*": "\\2a", "(": "\\28", ")": "\\29", "\0": "\\00"})
    _module("ldap3.utils.conv", escape_filter_chars=lambda text: text.translate(escapes))

    class Tree:
        def xpath(self, path: str, **_: Any) -> list[Any]:
            record("xpath", path)
            return []

    _module("lxml.etree", parse=lambda _name: Tree())

    class Environment:
        def from_string(self, source: str) -> None:
            record("template", source)

    _module("jinja2", Environment=Environment)
