"""Django pages run on SQLite in memory: `python -m tests.orm.django_runner` serves measurements.

The server sets Django up with the contributed applications and their tables; a page's process adds the page's own. A
page's `config/settings.py` is laid over the settings here, but for what the shared part already depends on.
The client is logged in as a superuser.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail, management
from django.db import connection, transaction
from django.template.backends.django import get_installed_libraries
from django.test import Client

from tests.orm.forks import (
    FEW,
    MANY,
    Job,
    Measurement,
    Request,
    Run,
    answer_of,
    call_dotted,
    read_request,
    serve,
)

_INSTALLED = [f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")]
_BOOKKEEPING = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
_OURS = frozenset(
    {
        "ALLOWED_HOSTS",
        "AUTH_USER_MODEL",
        "DATABASES",
        "EMAIL_BACKEND",
        "MIGRATION_MODULES",
        "PASSWORD_HASHERS",
        "REST_FRAMEWORK",
        "SECRET_KEY",
    }
)
# What most pages import sooner or later, imported once for all of them.
_AHEAD = (
    "django.contrib.auth.context_processors",
    "django.contrib.auth.middleware",
    "django.contrib.auth.views",
    "django.contrib.messages.context_processors",
    "django.contrib.messages.middleware",
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.middleware",
    "django.contrib.sitemaps.views",
    "django.contrib.syndication.views",
    "django.core.mail.backends.locmem",
    "django.core.paginator",
    "django.template.loader",
    "django.template.loaders.app_directories",
    "django.template.loaders.cached",
    "django.views.generic",
    "rest_framework.decorators",
    "rest_framework.generics",
    "rest_framework.pagination",
    "rest_framework.routers",
    "rest_framework.viewsets",
)


class _WithoutMigrations(dict[str, None]):
    """Says of every application that its tables are made without migrations."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> None:
        return None


_SETTINGS: dict[str, Any] = {
    "ALLOWED_HOSTS": ["testserver"],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "INSTALLED_APPS": [*_INSTALLED, "rest_framework"],
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    "MIGRATION_MODULES": _WithoutMigrations(),
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "ROOT_URLCONF": "shop.urls",
    "SECRET_KEY": "only for these pages",
    "STATIC_URL": "static/",
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": ["templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    "USE_TZ": True,
}


def set_up() -> Client:
    """Django with what all pages share, the tables of it, and a client that is logged in."""
    settings.configure(**_SETTINGS)
    django.setup()
    management.call_command("migrate", run_syncdb=True, verbosity=0)
    for name in _AHEAD:
        importlib.import_module(name)
    get_installed_libraries()
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root", "root@example.com", ""))
    return client


def measure(client: Client, job: Job) -> Measurement:
    """The queries of a project at few rows and at many, after a run that fills the caches of the process."""
    _add_project(job)
    _run(job, client, FEW)
    return {"few": _run(job, client, FEW), "many": _run(job, client, MANY)}


def _add_project(job: Job) -> None:
    folders = sorted(
        {path.partition("/")[0] for path in job["files"] if "/" in path} - {"config", "templates"}
    )
    wanted = {"INSTALLED_APPS": [*settings.INSTALLED_APPS, *folders], **_own_settings()}
    if "config/urls.py" in job["files"]:
        wanted.setdefault("ROOT_URLCONF", "config.urls")
    for name, value in wanted.items():
        setattr(settings, name, value)
    apps.set_installed_apps(settings.INSTALLED_APPS)
    apps.clear_cache()  # the relations that the page adds to the models that were there
    management.get_commands.cache_clear()
    _make_tables()


def _make_tables() -> None:
    """The tables of what the page adds, and its content types, which is less work than to migrate."""
    from django.contrib.contenttypes.management import create_contenttypes

    own = [model for model in apps.get_models() if model._meta.can_migrate(connection) and _is_own(model)]
    with connection.schema_editor() as editor:
        for model in own:
            editor.create_model(model)
    for label in {model._meta.app_label for model in own}:
        create_contenttypes(apps.get_app_config(label), verbosity=0)


def _own_settings() -> dict[str, Any]:
    if not Path("config/settings.py").exists():
        return {}
    module = importlib.import_module("config.settings")
    return {name: value for name, value in vars(module).items() if name.isupper() and name not in _OURS}


def _run(job: Job, client: Client, rows: int) -> Run:
    """One count. The rows, and what the page does to them, are rolled back."""
    with _rolled_back():
        importlib.import_module("rows").populate(rows)
        mail.outbox = []
        with _recorded() as statements:
            if job["call"]:
                answers = [call_dotted(job["call"])]
            else:
                answers = [_answer(client, read_request(line)) for line in job["requests"]]
        answers += [f"{message.to} {message.subject}\n{message.body}" for message in mail.outbox]
        return {"statements": statements, "answers": answers, "state": _state()}


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _recorded() -> Iterator[list[str]]:
    statements: list[str] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(_BOOKKEEPING):
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield statements


def _answer(client: Client, request: Request) -> str:
    data = request["data"]
    kind = "application/json" if data.startswith(("{", "[")) else "application/x-www-form-urlencoded"
    response: Any = client.generic(request["method"], request["path"], data, content_type=kind)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    body = re.sub(
        rb"<lastBuildDate>[^<]*", b"<lastBuildDate>", body
    )  # a feed without dates says what time it is
    return answer_of(response.status_code, body, request)


def _state() -> str:
    """The rows of the project's own tables, but for what the framework keeps."""
    own = [model for model in apps.get_models(include_auto_created=True) if _is_own(model)]
    with connection.cursor() as cursor:
        return json.dumps({table: _rows(cursor, table) for table in sorted(m._meta.db_table for m in own)})


def _is_own(model: Any) -> bool:
    meta = model._meta
    return meta.managed and not meta.proxy and not meta.app_config.name.startswith("django.contrib.")


def _rows(cursor: Any, table: str) -> Sequence[str]:
    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
    return [repr(row) for row in cursor.fetchall()]


if __name__ == "__main__":
    serve(partial(measure, set_up()))
