"""What a file sets, for either framework, and the environment that it is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from checks.frameworks.django.modules import PRODUCTION
from checks.frameworks.django.settings import django_settings
from checks.frameworks.environment import reads_environment, unset_value
from checks.frameworks.flask.settings import flask_settings
from checks.frameworks.setting import Setting
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.source import File

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
DEVELOPMENT = frozenset(
    {"ci", "debug", "demo", "dev", "devel", "develop", "development", "example", "local", "mock"}
)
TESTING = frozenset({"test", "testing", "tests"})
_DEBUG = frozenset({"debug", "is_debug", "is_secure", "testing"})
_MAX_MODULES = 20
_MAX_REPLACEMENTS = 20  # the last ones count; a hostile file gives one setting thousands of times


# What a file gives is asked for at each of its settings: kept as long as the file itself.
_KNOWN: WeakKeyDictionary[File, tuple[Setting, ...]] = WeakKeyDictionary()
_BY_NAME: WeakKeyDictionary[File, dict[str, list[Setting]]] = WeakKeyDictionary()


def settings_of(file: File) -> Iterator[Setting]:
    """The settings that a file gives, of either framework; of one alone where the configuration names only that."""
    if file not in _KNOWN:
        _KNOWN[file] = tuple(_settings(file))
    yield from _KNOWN[file]


def settings_named(name: str, file: File) -> list[Setting]:
    """The settings of one name that a file gives, in the order of `settings_of`."""
    if file not in _BY_NAME:
        found: dict[str, list[Setting]] = {}
        for setting in settings_of(file):
            found.setdefault(setting.name, []).append(setting)
        _BY_NAME[file] = found
    return _BY_NAME[file].get(name, [])


def _settings(file: File) -> Iterator[Setting]:
    named = file.project.frameworks_at(file.path)
    if not named or not named.isdisjoint({"django", "drf"}):
        yield from django_settings(file)
    if not named or "flask" in named:
        yield from flask_settings(file)


def is_for_development(node: ast.AST) -> bool:
    """Whether a class or function around a node says that it is for development or tests: `DevelopmentConfig`."""
    names = (
        above.name
        for above in (node, *ancestors(node))
        if isinstance(above, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    )
    return any(not (DEVELOPMENT | TESTING).isdisjoint(words(name)) for name in names)


def words(name: str) -> frozenset[str]:
    """The words of a name in lower case: of `DevelopmentConfig` and `development_config`, development and config."""
    return frozenset(word.lower() for word in _WORD.findall(name))


def replacements(setting: Setting, file: File) -> Iterator[tuple[Setting, File]]:
    """Where the setting is given anew: further down, or in a class or a neighbouring module for production."""
    for other in settings_named(setting.name, file)[-_MAX_REPLACEMENTS:]:
        if other.node is not setting.node and _follows(other, setting):
            yield other, file
    if setting.framework == "django":
        folder = file.path.rpartition("/")[0]
        for name in PRODUCTION:
            beside = file.project.file(f"{folder}/{name}.py" if folder else f"{name}.py")
            if beside is not None and beside.path != file.path:
                yield from (
                    (other, beside) for other in settings_named(setting.name, beside)[-_MAX_REPLACEMENTS:]
                )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a setting is in production: its value, and whether a variable of the environment may give another one."""

    value: object
    unless_told: bool


def standing(setting: Setting, file: File, is_wrong: Callable[[object], bool]) -> Standing | None:
    """A wrong value that a setting has in production; `None` where it is right, or where that is not certain.

    A variable counts by its default. Quiet are values set within an `if`, for development, by debug mode, those that
    production gives anew by one that is right or unknown, and those that a later one of the same file replaces.
    """
    if setting.conditional or is_for_development(setting.node) or depends_on_debug(setting.value):
        return None
    value = unset_value(setting.value, file)
    if value is None or not is_wrong(value.value):
        return None
    for other, home in replacements(setting, file):
        given = unset_value(other.value, home)
        if given is None or not is_wrong(given.value) or (home is file and not other.conditional):
            return None
    return Standing(value.value, reads_environment(setting.value, file))


def is_given(name: str, file: File) -> bool:
    """Whether a settings module mentions a setting, itself or in a module that it takes all names of.

    Where such a module can't be found it may: the answer is yes.
    """
    waiting, seen = [file], {file.path}
    while waiting:
        home = waiting.pop()
        if re.search(rf"\b{name}\b", home.text):
            return True
        for module in home.names.star_modules():
            base = home.project.module(module, home.path)
            if base is None or len(seen) > _MAX_MODULES:
                return True
            if base.path not in seen:
                seen.add(base.path)
                waiting.append(base)
    return False


def depends_on_debug(node: ast.AST) -> bool:
    """Whether an expression tells development from production: by `DEBUG`, `app.debug`, `request.is_secure()`."""
    for inner in descendants(node):
        name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", None)
        if isinstance(name, str) and name.lower() in _DEBUG:
            return True
    return False


def is_under_debug(node: ast.AST) -> bool:
    """Whether a node stands in a branch that depends on debug mode."""
    return any(
        isinstance(above, (ast.If, ast.IfExp)) and depends_on_debug(above.test) for above in ancestors(node)
    )


def is_replaced(node: ast.AST, file: File) -> bool:
    """Whether a setting that a node belongs to is given anew in any case, by what is no literal."""
    holders = {node, *ancestors(node)}
    for setting in settings_of(file):
        if setting.value in holders:
            others = replacements(setting, file)
            return any(not other.conditional and home.constant(other.value) is None for other, home in others)
    return False


def _follows(other: Setting, setting: Setting) -> bool:
    own, theirs = _class_of(setting.node), _class_of(other.node)
    if own is theirs:
        return other.node.lineno > setting.node.lineno  # type: ignore[attr-defined,no-any-return]
    return theirs is not None and not is_for_development(other.node)


def _class_of(node: ast.AST) -> ast.ClassDef | None:
    return next((above for above in ancestors(node) if isinstance(above, ast.ClassDef)), None)
