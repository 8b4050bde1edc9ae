"""Django's settings modules: recognised by what they set, else by their place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.setting import Setting
from checks.semantics.nodes import children
from checks.semantics.source import File

# Names that hardly any module but a settings module assigns at its top.
TELLING = frozenset(
    {
        "ALLOWED_HOSTS",
        "AUTHENTICATION_BACKENDS",
        "AUTH_PASSWORD_VALIDATORS",
        "AUTH_USER_MODEL",
        "CSRF_COOKIE_SECURE",
        "DATABASES",
        "DEBUG",
        "DEFAULT_AUTO_FIELD",
        "INSTALLED_APPS",
        "LANGUAGE_CODE",
        "MIDDLEWARE",
        "ROOT_URLCONF",
        "SECRET_KEY",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "STATIC_URL",
        "TEMPLATES",
        "USE_TZ",
        "WSGI_APPLICATION",
    }
)
_STRONG = frozenset(
    {"INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "DATABASES", "WSGI_APPLICATION", "ALLOWED_HOSTS"}
)
_FLASKS = re.compile(r"(SQLALCHEMY|WTF|REMEMBER_COOKIE)_\w+|MAX_CONTENT_LENGTH|SESSION_PERMANENT")
_PLACE = re.compile(r"(^|/)(settings|local_settings|settings_\w+|\w+_settings)\.py$|(^|/)settings/[^/]+\.py$")


def is_settings_module(file: File) -> bool:
    """Whether a module holds Django settings: by its telling names, fewer of them where its place says so too."""
    if "flask" in file.imports:
        return False
    names = {name for statement in file.tree.body for name in _assigned(statement)}
    telling = len(names & TELLING)
    if not names & _STRONG and any(map(_FLASKS.fullmatch, names)):
        return False
    if _PLACE.search(file.path):
        return telling >= 1 or "django" in file.project.frameworks_at(file.path) or _imports_settings(file)
    return telling >= 3 and bool(names & _STRONG)


def django_settings(file: File) -> Iterator[Setting]:
    """The settings that a Django settings module gives, within `if`, `try` and configuration classes too."""
    if not is_settings_module(file):
        return
    stack: list[tuple[ast.stmt, bool]] = [(statement, False) for statement in reversed(file.tree.body)]
    while stack:
        statement, conditional = stack.pop()
        yield from _given(statement, conditional)
        inside = [child for child in children(statement) if isinstance(child, ast.stmt)]
        if isinstance(statement, (ast.If, ast.With, ast.Try)):
            handled = [inner for handler in getattr(statement, "handlers", []) for inner in handler.body]
            stack.extend((child, True) for child in reversed([*inside, *handled]))
        elif isinstance(statement, ast.ClassDef) and _is_configuration(statement, file):
            stack.extend((child, conditional) for child in reversed(inside))


def _given(statement: ast.stmt, conditional: bool) -> Iterator[Setting]:
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name) and target.id.isupper():
                yield Setting(target.id, statement.value, statement, "django", conditional)
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        if statement.value is not None and statement.target.id.isupper():
            yield Setting(statement.target.id, statement.value, statement, "django", conditional)


def _assigned(statement: ast.stmt) -> Iterator[str]:
    for setting in _given(statement, conditional=False):
        yield setting.name
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id


def _imports_settings(file: File) -> bool:
    """Whether the module takes another settings module's names, as `from .base import *` does."""
    return any(
        isinstance(statement, ast.ImportFrom) and any(alias.name == "*" for alias in statement.names)
        for statement in file.tree.body
    )


def _is_configuration(node: ast.ClassDef, file: File) -> bool:
    """Whether a class is one of django-configurations."""
    return any((file.resolve(base) or "").startswith("configurations.") for base in node.bases) or any(
        isinstance(base, ast.Name) and base.id in ("Common", "Base", "Production", "Development", "Local")
        for base in node.bases
    )
