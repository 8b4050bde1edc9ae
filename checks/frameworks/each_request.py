"""Code that runs with every request, or with every page: context processors, middleware, template tags, Flask's hooks.

From Django's documentation: "Writing your own context processors", "Middleware", "How to create custom template tags
and filters"; from Flask's: "API" (`before_request`, `context_processor`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.context_processors import is_listed
from checks.frameworks.django.middleware import SETTINGS, middleware_in
from checks.frameworks.drf.settings import SETTINGS_FILES
from checks.frameworks.settings import settings_named
from checks.semantics.bindings import returned
from checks.semantics.names import parent, qualified_name
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import File, Function, Project

_TAGS = frozenset({"assignment_tag", "inclusion_tag", "simple_block_tag", "simple_tag"})
_FLASK = {
    "app_context_processor": "page",
    "before_app_request": "request",
    "before_request": "request",
    "context_processor": "page",
}
_HOOKS = frozenset(
    {
        "__acall__",
        "__call__",
        "process_request",
        "process_response",
        "process_template_response",
        "process_view",
    }
)


def occasion_of(node: Function, file: File) -> str:
    """How often a function runs: with each `request`, each `page`, or each page that uses a `tag`; else empty."""
    for mark in node.decorator_list:
        called = mark.func if isinstance(mark, ast.Call) else mark
        word = called.attr if isinstance(called, ast.Attribute) else ""
        if word in _TAGS and (file.resolve(called) or "").startswith(("django.template.", "*.")):
            return "tag"
        if word in _FLASK and "flask" in file.imports:
            return _FLASK[word]
    if _is_processor(node, file):
        return "page"
    return "request" if _is_middleware(node, file) else ""


def _is_processor(node: Function, file: File) -> bool:
    """Whether it is a context processor: one that the settings name, or one of a module of such."""
    if not isinstance(parent(node), ast.Module):
        return False
    if is_listed(f"{file.module}.{node.name}", file.project):
        return True
    given = [argument.arg for argument in node.args.args]
    own = file.path.endswith(
        ("/context_processors.py", "/context_processor.py")
    ) and not node.name.startswith("_")
    return (
        own
        and given == ["request"]
        and any(isinstance(value, (ast.Dict, ast.Name)) for value in returned(node))
    )


def _is_middleware(node: Function, file: File) -> bool:
    """Whether it handles each request in a class or function that the settings list as middleware."""
    owner = parent(node)
    match owner:
        case ast.ClassDef():
            known = node.name in _HOOKS
        case ast.FunctionDef():
            known = any(one.arg == "get_response" for one in owner.args.args)
        case _:
            return False
    if not known:
        return False
    name = f"{file.module}.{qualified_name(owner)}"
    return any(name == listed or name.endswith(f".{listed}") for listed in _middleware(file.project))


def _middleware(project: Project) -> tuple[str, ...]:
    return project.once("each-request-middleware", lambda: tuple(_listed(project)))


def _listed(project: Project) -> Iterator[str]:
    for path in project.mentioning(("MIDDLEWARE",), *SETTINGS_FILES):
        file = project.file(path) if role_of(path) in RUNNING else None
        if file is not None:
            for setting in (one for name in SETTINGS for one in settings_named(name, file)):
                yield from (entry.name for entry in middleware_in(setting.value, file).entries)
