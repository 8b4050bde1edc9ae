"""Flask's configuration: `app.config[...]`, `update`, `from_mapping`, attributes of the app; classes and modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.django.settings import is_settings_module
from checks.frameworks.setting import Setting, is_main_guard
from checks.semantics.definitions import origin
from checks.semantics.names import ancestors
from checks.semantics.source import File

_APPS = ("flask.Flask", "quart.Quart")
_ATTRIBUTES = {"debug": "DEBUG", "testing": "TESTING", "secret_key": "SECRET_KEY"}
_CLASS = re.compile(r"(Config|Configuration|Settings)$|^Config")
_MODULE = re.compile(r"(^|/)(\w+_)?(config|settings)(_\w+)?\.py$|(^|/)(config|configs|settings)/[^/]+\.py$")
_CONFIG_KEYS = frozenset(
    {
        "DEBUG",
        "MAX_CONTENT_LENGTH",
        "PERMANENT_SESSION_LIFETIME",
        "REMEMBER_COOKIE_HTTPONLY",
        "REMEMBER_COOKIE_SECURE",
        "SECRET_KEY",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "SESSION_COOKIE_SECURE",
        "SQLALCHEMY_DATABASE_URI",
        "SQLALCHEMY_TRACK_MODIFICATIONS",
        "TESTING",
        "WTF_CSRF_ENABLED",
    }
)


def flask_settings(file: File) -> Iterator[Setting]:
    """The configuration that a file gives to a Flask application."""
    yield from _module_names(file)
    if "config" not in file.text and "flask" not in file.imports and "class " not in file.text:
        return
    for node in file.nodes:
        if isinstance(node, ast.Assign):
            yield from _assigned(node, file)
        elif isinstance(node, ast.Call):
            yield from _called(node, file)
        elif isinstance(node, ast.ClassDef):
            yield from _class_attributes(node, file)


def _assigned(node: ast.Assign, file: File) -> Iterator[Setting]:
    for target in node.targets:
        if isinstance(target, ast.Subscript) and is_flask_config(target.value, file):
            key = file.constant(target.slice)
            if key is not None and isinstance(key.value, str):
                yield Setting(key.value, node.value, node, "flask", _is_conditional(node))
        elif (
            isinstance(target, ast.Attribute)
            and target.attr in _ATTRIBUTES
            and is_flask_app(target.value, file)
        ):
            yield Setting(_ATTRIBUTES[target.attr], node.value, node, "flask", _is_conditional(node))


def _called(node: ast.Call, file: File) -> Iterator[Setting]:
    method = node.func
    if not isinstance(method, ast.Attribute) or method.attr not in ("update", "from_mapping", "setdefault"):
        return
    if not is_flask_config(method.value, file):
        return
    if method.attr == "setdefault":
        key = file.constant(node.args[0]) if len(node.args) == 2 else None
        if key is not None and isinstance(key.value, str):
            yield Setting(key.value, node.args[1], node, "flask", _is_conditional(node))
        return
    for keyword in node.keywords:
        if keyword.arg:
            yield Setting(keyword.arg, keyword.value, keyword, "flask", _is_conditional(node))
    for mapping in node.args:
        if isinstance(mapping, ast.Dict):
            for key_node, value in zip(mapping.keys, mapping.values, strict=True):
                if isinstance(key_node, ast.Constant) and isinstance(key_node.value, str):
                    yield Setting(key_node.value, value, value, "flask", _is_conditional(node))


def _class_attributes(node: ast.ClassDef, file: File) -> Iterator[Setting]:
    """The attributes of a configuration class, as `app.config.from_object` reads them."""
    if not _CLASS.search(node.name) or "django" in file.imports:
        return
    assigned = [
        item for item in node.body if isinstance(item, ast.Assign | ast.AnnAssign) and item.value is not None
    ]
    named = [(target.id, item) for item in assigned for target in _names(item)]
    if "flask" not in file.imports and not any(name in _CONFIG_KEYS for name, _ in named):
        return
    for name, item in named:
        if name.isupper() and item.value is not None:
            yield Setting(name, item.value, item, "flask")


def _module_names(file: File) -> Iterator[Setting]:
    """The names of a module that `app.config.from_object` or `from_pyfile` reads: told from its place and its names."""
    if not _MODULE.search(file.path) or "django" in file.imports or is_settings_module(file):
        return
    assigned = [
        (target.id, node)
        for node in file.nodes
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_top_level(node)
        for target in _names(node)
        if target.id.isupper()
    ]
    if len({name for name, _ in assigned} & _CONFIG_KEYS) < (1 if "flask" in file.imports else 2):
        return
    for name, node in assigned:
        if node.value is not None:
            yield Setting(name, node.value, node, "flask", _is_conditional(node))


def _is_top_level(node: ast.AST) -> bool:
    return all(isinstance(above, (ast.If, ast.Module, ast.Try, ast.With)) for above in ancestors(node))


def _names(item: ast.Assign | ast.AnnAssign) -> list[ast.Name]:
    targets = item.targets if isinstance(item, ast.Assign) else [item.target]
    return [target for target in targets if isinstance(target, ast.Name)]


def is_flask_app(node: ast.AST, file: File) -> bool:
    """Whether an expression is a Flask application: by its origin, else by the name that Flask's own docs use."""
    resolved = file.resolve(node)
    if resolved is not None:
        return resolved in _APPS or resolved == "flask.current_app" or origin(resolved, file) in _APPS
    return (
        "flask" in file.imports
        and isinstance(node, ast.Name)
        and node.id in ("app", "application", "flask_app")
    )


def is_flask_config(node: ast.AST, file: File) -> bool:
    """Whether an expression is the `config` of a Flask application."""
    return isinstance(node, ast.Attribute) and node.attr == "config" and is_flask_app(node.value, file)


def _is_conditional(node: ast.AST) -> bool:
    return any(
        isinstance(above, (ast.If, ast.Try, ast.IfExp)) and not is_main_guard(above)
        for above in ancestors(node)
    )
