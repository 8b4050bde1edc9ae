"""Flask's routes, the guards that run before them, and where blueprints are registered.

Besides Flask's own decorators and `add_url_rule`: Flask-RESTful, Flask-RESTX, flask-smorest, APIFlask, Quart, and
Flask-AppBuilder's and Flask-Admin's `expose`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from checks.frameworks.route import Route, converters
from checks.frameworks.routed import dotted, unwrapped
from checks.frameworks.routing import Views
from checks.semantics.definitions import origin
from checks.semantics.names import parent, qualified_name
from checks.semantics.source import File, Function, Project

_CONVERTERS = {"string": "str", "float": "int", "any": "slug"}
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_OWNERS = (
    "apiflask.",
    "flask.",
    "flask_openapi3.",
    "flask_restful.",
    "flask_restx.",
    "flask_smorest.",
    "quart.",
)
_OWNER_WORDS = frozenset({"app", "application", "api", "blueprint", "bp", "blp", "ns", "namespace"})
_RECORDS = frozenset({"before_request", "before_app_request"})
_DEFINERS = ("Blueprint", "APIBlueprint")
_GIVE_VIEW = frozenset({"add_url_rule", "add_resource"})
_HINTS = (
    "route(",
    "add_url_rule",
    "add_resource",
    "view_func",
    "expose(",
    ".get(",
    ".post(",
    ".put(",
    ".delete(",
)
_REEXPORTS = 4
_MOST = 5_000  # routes of one file
_ASSEMBLING = ("before_request", "before_app_request", "register_blueprint", "Blueprint(")

# Where applications are put together: to look at every file would cost more than it finds.
_FILES = (
    "__init__.py",
    "_api.py",
    "_app.py",
    "_routes.py",
    "_views.py",
    "api.py",
    "apis.py",
    "app.py",
    "application.py",
    "blueprints.py",
    "extensions.py",
    "factory.py",
    "main.py",
    "plugin.py",
    "resources.py",
    "routes.py",
    "routing.py",
    "run.py",
    "server.py",
    "urls.py",
    "views.py",
    "wsgi.py",
)


@dataclass(frozen=True, slots=True)
class Guard:
    """A function that runs before the views of a blueprint, or of the application where `owner` is empty.

    `function` is its dotted name.
    """

    function: str
    owner: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Assembly:
    """How an application is put together: guards, and the URL prefix of each blueprint by its dotted name."""

    guards: tuple[Guard, ...]
    prefixes: Mapping[str, str]

    def over(self, route: Route) -> tuple[Guard, ...]:
        """The guards that run before a route's view."""
        return tuple(guard for guard in self.guards if not guard.owner or guard.owner == route.owner)


def views_of(project: Project) -> Views:
    """The routes that the files which put an application together give to views of any file, computed once."""
    return project.once("flask-routes", lambda: Views(_all(project)))


def assembly_of(project: Project) -> Assembly:
    """The guards and prefixes of a project, computed once."""
    return project.once("flask-assembly", lambda: _assembly(project))


def routes_in(file: File) -> Views:
    """The routes that stand in a file: those of its own functions and classes, and those it gives to others'."""
    return file.once(
        "flask-routes", lambda: Views(_prefixed(file) if any(hint in file.text for hint in _HINTS) else ())
    )


def guards_in(file: File) -> tuple[Guard, ...]:
    """The functions that a file has run before requests."""
    if not any(word in file.text for word in _RECORDS):
        return ()
    return file.once("guards", lambda: tuple(islice(_guards(file), _MOST)))


def _all(project: Project) -> Iterator[Route]:
    for path in project.mentioning(("add_url_rule", "add_resource", "view_func"), *_FILES):
        file = project.file(path)
        if file is not None:
            yield from routes_in(file).routes


def _assembly(project: Project) -> Assembly:
    guards: list[Guard] = []
    prefixes: dict[str, str] = {}
    registered: dict[str, str] = {}
    for path in project.mentioning(_ASSEMBLING, *_FILES):
        file = project.file(path)
        if file is not None:
            guards += guards_in(file)
            _note_prefixes(file, prefixes, registered)
    return Assembly(tuple(guards), {**prefixes, **registered})


def _note_prefixes(file: File, made: dict[str, str], registered: dict[str, str]) -> None:
    """Enter the prefixes that blueprints are made or registered with; the latter replace the former."""
    for node in file.nodes:
        prefix = _text(_keyword(node, "url_prefix"), file) if isinstance(node, ast.Call) else None
        if prefix is None or not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "register_blueprint" and node.args:
            registered[owner_of(node.args[0], file)] = prefix
        elif (file.resolve(node.func) or "").rpartition(".")[2] in _DEFINERS:
            above = parent(node)
            if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name):
                made[f"{file.module}.{above.targets[0].id}"] = prefix


def _prefixed(file: File) -> list[Route]:
    """The routes of a file, each behind its blueprint's prefix."""
    found = list(islice(_routes(file), _MOST))
    if not any(route.owner for route in found):
        return found
    own: dict[str, str] = {}
    _note_prefixes(file, own, own)
    prefixes = {**own, **assembly_of(file.project).prefixes}
    return [replace(route, pattern=prefixes.get(route.owner, "") + route.pattern) for route in found]


def _routes(file: File) -> Iterator[Route]:
    for node in file.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for decorator in node.decorator_list:
                yield from _decorated(decorator, node, file)
        elif isinstance(node, ast.Call):
            yield from _given(node, file)


def _decorated(decorator: ast.expr, node: Function | ast.ClassDef, file: File) -> Iterator[Route]:
    """The route that a decorator makes: `@app.route("/orders")`, `@bp.post("/orders")`, `@expose("/orders")`."""
    if not isinstance(decorator, ast.Call):
        return
    called = decorator.func
    patterns = [text for value in decorator.args if (text := _text(value, file)) is not None]
    rule = _text(_keyword(decorator, "rule"), file)
    patterns += [rule] if rule is not None else []
    view = f"{file.module}.{qualified_name(node)}"
    if isinstance(called, ast.Attribute) and (called.attr == "route" or called.attr in _METHODS):
        if not patterns or not _is_owner(called.value, file):
            return
        methods = frozenset({called.attr.upper()}) if called.attr in _METHODS else _methods(decorator, file)
        if methods is None and not isinstance(node, ast.ClassDef):
            methods = frozenset({"GET"})
        owner = owner_of(called.value, file)
    elif (file.resolve(called) or "").endswith(".expose") and isinstance(called, (ast.Name, ast.Attribute)):
        patterns = patterns or ["/"]
        owner, methods = "", _methods(decorator, file) or frozenset({"GET"})
    else:
        return
    for pattern in patterns:
        yield _route(view, pattern, decorator, file, methods, owner)


def _given(call: ast.Call, file: File) -> Iterator[Route]:
    """The routes that a call gives to a view: `add_url_rule`, `add_resource`, and helpers that take a `view_func`."""
    view = _keyword(call, "view_func")
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    arguments = list(call.args)
    if view is None and name == "add_url_rule" and len(arguments) > 2:
        view = arguments.pop(2)
    elif view is None and name == "add_resource" and arguments:
        view = arguments.pop(0)
    if view is None:
        return
    owner = ""
    if name in _GIVE_VIEW and isinstance(call.func, ast.Attribute):
        owner = owner_of(call.func.value, file)
    elif arguments and isinstance(arguments[0], (ast.Name, ast.Attribute)):
        owner = owner_of(arguments[0], file)
    values = [
        *arguments,
        *(value for word in ("rule", "routes") if (value := _keyword(call, word)) is not None),
    ]
    texts = [text for value in values for text in _texts(value, file) if text.startswith("/") or not text]
    target, _, wrappers, options, _ = unwrapped(view, file)
    for pattern in texts or [""] if target else ():
        route = _route(target, pattern, call, file, _methods(call, file), owner)
        yield replace(route, wrappers=wrappers, options=options)


def _route(
    view: str, pattern: str, node: ast.AST, file: File, methods: frozenset[str] | None, owner: str
) -> Route:
    return Route(
        view=view,
        pattern=pattern,
        path=file.path,
        span=file.span(node),
        framework="flask",
        parameters=converters(pattern, _CONVERTERS),
        methods=methods,
        owner=owner,
    )


def _guards(file: File) -> Iterator[Guard]:
    for node in file.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Attribute) and decorator.attr in _RECORDS:
                    yield _guard(decorator, f"{file.module}.{qualified_name(node)}", file)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _RECORDS and len(node.args) == 1:
                name = dotted(node.args[0], file)
                if name is not None:
                    yield _guard(node.func, name, file)


def _guard(record: ast.Attribute, function: str, file: File) -> Guard:
    """A guard of a blueprint; of the application where it is recorded with that."""
    kind = origin(file.resolve(record.value) or "", file)
    text = record.value.id if isinstance(record.value, ast.Name) else getattr(record.value, "attr", "")
    whole = record.attr == "before_app_request" or kind.endswith(".Flask") or text in ("app", "application")
    owner = "" if whole else owner_of(record.value, file)
    return Guard(function, owner, file.path, record.lineno)


def owner_of(node: ast.expr, file: File) -> str:
    """The dotted name of the variable that holds a blueprint or an application, where that is defined."""
    name = _variable(node, file)
    for _ in range(_REEXPORTS):
        module, _, last = name.rpartition(".")
        home = file.project.module(module, file.path) if module else None
        behind = home.names.bindings(home.tree).get(last) if home is not None else None
        if home is None or behind is None or behind.kind != "import":
            return name if home is None else f"{home.module}.{last}"
        name = behind.target
    return name


def _variable(node: ast.expr, file: File) -> str:
    """The dotted name by which a file knows a variable; what it holds is not asked for."""
    if isinstance(node, ast.Attribute):
        above = _variable(node.value, file)
        return f"{above}.{node.attr}" if above else ""
    if not isinstance(node, ast.Name):
        return ""
    found = file.names.binding(node.id, node)
    return found.target if found is not None and found.kind == "import" else f"{file.module}.{node.id}"


def _is_owner(node: ast.expr, file: File) -> bool:
    """Whether an expression is an application, a blueprint or a namespace: by what it is, or else by its name."""
    name = file.resolve(node)
    kind = origin(name, file) if name is not None else ""
    if kind.startswith(_OWNERS):
        return True
    text = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return not _OWNER_WORDS.isdisjoint(text.lower().split("_")) and not kind.startswith(
        ("fastapi.", "ninja.")
    )


def _methods(call: ast.Call, file: File) -> frozenset[str] | None:
    folded = file.constant(_keyword(call, "methods"))
    if folded is None or not isinstance(folded.value, (list, tuple)):
        return None
    return frozenset(str(method).upper() for method in folded.value)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((given.value for given in call.keywords if given.arg == name), None)


def _texts(node: ast.expr, file: File) -> list[str]:
    folded = file.constant(node)
    if folded is None:
        return []
    values = folded.value if isinstance(folded.value, (list, tuple)) else [folded.value]
    return [value for value in values if isinstance(value, str)]


def _text(node: ast.expr | None, file: File) -> str | None:
    folded = file.constant(node)
    return folded.value if folded is not None and isinstance(folded.value, str) else None
