"""When code runs: while somebody waits for an answer, or in the background.

From Django's documentation: "How to create custom django-admin commands"; from Celery's: "Tasks"; from Django REST
framework's: "Serializers"; and how django-rq, Huey, Dramatiq and APScheduler mark their jobs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.views import view_of
from checks.semantics.definitions import bases
from checks.semantics.nodes import ancestors
from checks.semantics.roles import Role
from checks.semantics.source import File, Function, Text

REQUEST, BACKGROUND, UNKNOWN = "request", "background", ""

_BACKGROUND = re.compile(
    r"(^|/)(management/commands|commands|cli|cron|jobs|tasks|upgrades?)/|(^|/)(cli|cron|tasks|upgrade)\.py$"
)
_SHOWING = re.compile(
    r"(^|/)(admin|context_processors|forms|middlewares?|serializers|templatetags|views|viewsets)(/|\.py$)"
)
_TASKS = re.compile(
    r"(^|\.)(actor|background_task|command|(db_)?(periodic_)?task|job|register_task|scheduled_job|shared_task)$"
)
_RUN = (
    "celery.",
    "django.core.management.base.",
    "django.core.management.BaseCommand",
    "nautobot.apps.jobs.",
)
_ANSWERING = (
    "django.contrib.admin.",
    "django.contrib.syndication.",
    "django.forms.",
    "django.template.",
    "django.utils.deprecation.MiddlewareMixin",
    "django.views.",
    "django_filters.",
    "django_tables2.",
    "flask.views.",
    "flask_admin.",
    "flask_appbuilder.",
    "flask_restful.",
    "flask_wtf.",
    "graphene.",
    "graphene_django.",
    "rest_framework.",
    "wtforms.",
)
_REGISTERED = ("django.contrib.admin.", "django.template.Library.", "strawberry.")


def occasion(node: ast.AST, file: Text) -> str:
    """When the code at a node runs: for a request, in the background, or nobody knows."""
    if not isinstance(file, File):
        return REQUEST  # a template
    if file.role is Role.SCRIPT or _BACKGROUND.search(file.path):
        return BACKGROUND
    for above in (node, *ancestors(node)):
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found = _kept(above, file)
            if found:
                return found
    return REQUEST if _SHOWING.search(file.path) else UNKNOWN


def _kept(node: Function | ast.ClassDef, file: File) -> str:
    return file.once(("occasion", node), lambda: _of(node, file))


def _of(node: Function | ast.ClassDef, file: File) -> str:
    names = [name for decorator in node.decorator_list for name in _names(decorator, file)]
    if any(_TASKS.search(name) for name in names):
        return BACKGROUND
    if any(name.startswith(_REGISTERED) for name in names):
        return REQUEST
    if isinstance(node, ast.ClassDef):
        above = [name for name, _, _ in bases(node, file)]
        if any(name.startswith(_RUN) for name in above):
            return BACKGROUND
        if any(name.startswith(_ANSWERING) for name in above):
            return REQUEST
    return REQUEST if view_of(node, file) is not None else UNKNOWN


def _names(decorator: ast.expr, file: File) -> Iterator[str]:
    """The names of a decorator, and of what it is given: `@receiver(periodic_task)`."""
    given = [decorator]
    if isinstance(decorator, ast.Call):
        given = [decorator.func, *decorator.args, *(word.value for word in decorator.keywords)]
    yield from (name for node in given if (name := file.resolve(node)))
