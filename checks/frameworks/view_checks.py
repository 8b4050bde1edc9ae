"""What is checked before a view runs: gathered from decorators, classes, attributes, settings, guards and its body."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.frameworks.access import Check, asks_who, of_base, of_decorator, of_rest_class
from checks.frameworks.drf.settings import rest_defaults, settings_mention
from checks.frameworks.flask.routes import Guard, assembly_of, guards_in
from checks.semantics.names import qualified_name
from checks.semantics.source import File, Function, Project

if TYPE_CHECKING:
    from checks.frameworks.views import View

_LOGIN_MIDDLEWARE = ("LoginRequired", "login_required", "RequireLogin", "AuthRequired", "EnforceLogin")
_BEFORE = frozenset(
    {
        "check_permissions",
        "check_object_permissions",
        "dispatch",
        "get_object",
        "get_permissions",
        "get_queryset",
        "has_permission",
        "initial",
        "initialize_request",
        "prepare",
        "setup",
        "test_func",
    }
)


def checks_of(view: View) -> Iterator[Check]:
    """Everything that is asked of a visitor on the way to a view and in it, what is declared first."""
    routed = {name for route in view.routes for name in route.wrappers}
    for name in view.decorators:
        yield from _some(of_decorator(name, "route" if name in routed else "decorator"))
    for name, node, home in view.lineage:
        yield from _some(of_base(name))
        yield from _before(node, home, name)
    yield from _before(view.node, view.file, view.name)
    if view.framework == "drf":
        yield from _rest(view)
    if view.framework == "flask":
        yield from _guards(view)
    elif settings_mention(view.file, *_LOGIN_MIDDLEWARE):
        yield Check("access", "MIDDLEWARE", "setting")
    yield from _bodies(view)


def _some(check: Check | None) -> Iterator[Check]:
    if check is not None:
        yield check


def _bodies(view: View) -> Iterator[Check]:
    """What the code itself asks; of a class also what the project's classes above it do."""
    if _asks_somewhere(view.node, view.file):
        yield Check("access", view.name, "body")
    for name, node, home in view.lineage if isinstance(view.node, ast.ClassDef) else ():
        if node is not None and _asks_somewhere(node, home):
            yield Check("access", name, "body")


def _asks_somewhere(node: ast.AST, file: File) -> bool:
    return file.once(("asks", node), lambda: asks_who([node]))


def _before(node: ast.AST | None, file: File, name: str) -> Iterator[Check]:
    """What a class asks in the methods that run before its handlers, and in decorators of all handlers."""
    for item in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name in _BEFORE:
            if item.name == "get_permissions" or _asks_somewhere(item, file):
                yield Check("access", f"{name}.{item.name}", "class")


def _rest(view: View) -> Iterator[Check]:
    """DRF's permission and throttle classes: the view's own, else those of the settings, else nobody is refused."""
    defaults = rest_defaults(view.file)
    own = view.options.get("permission_classes")
    given = own if own is not None else defaults.of("permission")
    source = "setting" if own is None else "attribute"
    for name in given or ():
        yield of_rest_class(name, source)
    if given is None and defaults.given and not defaults.complete:
        yield Check("access", "REST_FRAMEWORK", "setting")
    if own is not None and not own:
        yield Check("open", "permission_classes", "attribute")
    throttles = view.options.get("throttle_classes", defaults.of("throttle") or ())
    for name in (*throttles, *view.options.get("throttle_scope", ())):
        yield Check("throttle", name, "attribute" if "throttle_classes" in view.options else "setting")


def _guards(view: View) -> Iterator[Check]:
    """A function that runs before a blueprint's views and refuses some; one that can't be read is taken to."""
    for owner in dict.fromkeys(route.owner for route in view.routes):
        yield from _some(_guard_of(owner, view.file))


def _guard_of(owner: str, file: File) -> Check | None:
    return file.once(("guard", owner), lambda: _guard_over(owner, file))


def _guard_over(owner: str, file: File) -> Check | None:
    for guard in dict.fromkeys((*assembly_of(file.project).guards, *guards_in(file))):
        if guard.owner in ("", owner) and _asks(guard, file.project):
            return Check("access", guard.function, "guard")
    return None


def _asks(guard: Guard, project: Project) -> bool:
    """Whether a guard refuses anyone, told from its body or its name."""
    check = of_decorator(guard.function, "guard")
    return check is not None or project.once(
        f"guard:{guard.path}:{guard.function}", lambda: _body_asks(guard, project)
    )


def _body_asks(guard: Guard, project: Project) -> bool:
    module, _, name = guard.function.rpartition(".")
    for home in (project.file(guard.path), project.module(module, guard.path)):
        for node in _functions(home).get(name, ()) if home is not None else ():
            if guard.function.endswith(qualified_name(node)):
                return asks_who([node])
    return True


def _functions(file: File) -> dict[str, list[Function]]:
    """The functions of a file by name, wherever they stand."""
    return file.once("functions", lambda: _by_name(file))


def _by_name(file: File) -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    for node in file.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.setdefault(node.name, []).append(node)
    return found
