"""The URL patterns of one file: what each list of them routes itself, and what it includes from elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from checks.frameworks.route import STR, Route, converters, regex_groups
from checks.frameworks.routed import dotted, names_in, unwrapped
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants, statements
from checks.semantics.source import File

_PATHS = ("django.urls.path", "django.urls.conf.path")
_REGEXES = (
    "django.urls.re_path",
    "django.urls.conf.re_path",
    "django.conf.urls.url",
    "django.conf.urls.defaults.url",
)
_INCLUDES = (
    "django.urls.include",
    "django.urls.conf.include",
    "django.conf.urls.include",
    "decorator_include.decorator_include",
)
_WORDS = frozenset({"path", "re_path", "url"})
_TRANSLATED = ("django.conf.urls.i18n.i18n_patterns", "django.conf.urls.patterns")
_REGISTER = frozenset({"register", "register_endpoint"})
_ADMIN = "django.contrib.admin"
_DEPTH = 60
_MOST = 5_000  # patterns of one file


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stands before the patterns of a list: of one that is included, what all the includes above it say."""

    pattern: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    wrappers: tuple[str, ...] = ()
    namespace: str = ""

    def before(self, inner: Prefix) -> Prefix:
        """This prefix and another that follows it."""
        return Prefix(
            self.pattern + inner.pattern,
            {**self.parameters, **inner.parameters},
            self.wrappers + inner.wrappers,
            ":".join(filter(None, (self.namespace, inner.namespace))),
        )

    def of(self, route: Route) -> Route:
        """A route with this prefix before it."""
        return replace(
            route,
            pattern=self.pattern + route.pattern,
            parameters={**self.parameters, **route.parameters},
            wrappers=self.wrappers + route.wrappers,
            name=":".join(filter(None, (self.namespace, route.name))),
        )


@dataclass(frozen=True, slots=True)
class Include:
    """A list of patterns that stands elsewhere: in a module, under a name (`urlpatterns`, `router.urls`).

    `outside` is the route to the module itself, for one that is not the project's (`django.contrib.auth.urls`).
    """

    module: str
    name: str
    prefix: Prefix
    outside: Route | None = None


Item = Route | Include


class Patterns:
    """Reads the lists of a file; what no list that was asked for holds is left over for `rest`."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._read: set[ast.AST] = set()
        self._values = _values(file)
        self._registered: dict[str, list[ast.Call]] = {}
        for owner, call in _registrations(file):
            self._registered.setdefault(owner, []).append(call)
        self._words = _WORDS | {
            name
            for name, bound in file.names.bindings(file.tree).items()
            if bound.kind == "import" and bound.target.rpartition(".")[2] in _WORDS
        }

    def of(self, name: str) -> list[Item]:
        """The items of a list by its name, `urlpatterns` or `router.urls`."""
        owner, _, last = name.rpartition(".")
        if owner and last == "urls":
            return list(self._router(owner, Prefix()))
        return [item for value in self._values.get(name, ()) for item in self._items(value, Prefix(), _DEPTH)]

    def rest(self) -> list[Item]:
        """The patterns that stand in none of the lists read so far, as those that a method returns."""
        found: list[Item] = []
        for node in self._file.nodes:
            if isinstance(node, ast.Call) and node not in self._read and self._may_route(node.func):
                if self._name(node) in (*_PATHS, *_REGEXES):
                    found += self._items(node, Prefix(), _DEPTH)
            if len(found) > _MOST:
                break
        for owner, calls in self._registered.items():
            if not self._read.issuperset(calls):
                found += self._router(owner, Prefix())
        return found

    def _may_route(self, called: ast.expr) -> bool:
        """Whether it is worth to ask what is called: by the word that stands there, or what that was imported as."""
        if isinstance(called, ast.Attribute):
            return called.attr in _WORDS
        return isinstance(called, ast.Name) and called.id in self._words

    def _name(self, call: ast.Call) -> str:
        return dotted(call.func, self._file) or ""

    def _items(self, node: ast.AST, above: Prefix, depth: int) -> Iterator[Item]:
        """What an expression contributes to a list of patterns."""
        if depth <= 0 or len(self._read) > _MOST:
            return
        inner: list[ast.expr] = []
        match node:
            case ast.List() | ast.Tuple() | ast.Set():
                inner = node.elts
            case ast.Starred():
                inner = [node.value]
            case ast.BinOp():
                inner = [node.left, node.right]
            case ast.IfExp():
                inner = [node.body, node.orelse]
            case ast.ListComp() | ast.GeneratorExp():
                inner = [node.elt]
            case ast.Name() if node.id in self._values:
                if node not in self._read:
                    self._read.add(node)
                    inner = self._values[node.id]
            case ast.Name() | ast.Attribute():
                yield from self._elsewhere(node, above)
            case ast.Call():
                yield from self._called(node, above, depth)
        for value in inner:
            yield from self._items(value, above, depth - 1)

    def _elsewhere(self, node: ast.Name | ast.Attribute, above: Prefix) -> Iterator[Item]:
        """A router's URLs, or a list that another module holds."""
        if isinstance(node, ast.Attribute) and node.attr == "urls":
            owner = ast.unparse(node.value) if isinstance(node.value, (ast.Name, ast.Attribute)) else ""
            routed = list(self._router(owner, above))
            name = "" if routed else dotted(node, self._file) or ""
            yield from routed
            if name.startswith(_ADMIN):
                yield above.of(self._route(node, name, ""))
            elif name:
                module, _, variable = name.rpartition(".")[0].rpartition(".")
                yield Include(module, f"{variable}.urls", above)
                yield Include(name, "urlpatterns", above)
            return
        module, _, last = (dotted(node, self._file) or "").rpartition(".")
        if module and module != "builtins":
            yield Include(module, last, above)

    def _called(self, call: ast.Call, above: Prefix, depth: int) -> Iterator[Item]:
        name = self._name(call)
        if name in _PATHS or name in _REGEXES:
            self._read.add(call)
            yield from self._pattern(call, name in _REGEXES, above, depth)
        elif name in _INCLUDES:
            yield from self._include(call, above, depth)
        elif name in _TRANSLATED:
            for value in call.args:
                yield from self._items(value, above, depth - 1)
        elif not name.startswith("builtins.") or name == "builtins.list":
            # A function of the project's over a list: what else it is given stands around all the views.
            lists = [value for value in call.args if self._is_list(value)]
            others = [value for value in call.args if value not in lists]
            given = tuple(found for value in others for found in names_in(value, self._file))
            around = above.before(Prefix(wrappers=(name, *given) if name else given))
            for value in lists:
                yield from self._items(value, around, depth - 1)

    def _is_list(self, value: ast.expr) -> bool:
        return isinstance(value, (ast.List, ast.Tuple, ast.BinOp)) or (
            isinstance(value, ast.Name) and value.id in self._values
        )

    def _pattern(self, call: ast.Call, regex: bool, above: Prefix, depth: int) -> Iterator[Item]:
        pattern = _text(_given(call, 0, "regex" if regex else "route"), self._file)
        parameters = regex_groups(pattern) if regex else converters(pattern)
        view = _given(call, 1, "view")
        prefix = above.before(Prefix(pattern, parameters))
        if view is None:
            return
        if isinstance(view, (ast.List, ast.Tuple)) or _is_urls(view):
            first = view.elts[0] if isinstance(view, ast.Tuple) and view.elts else view
            yield from self._items(first, prefix, depth - 1)
        elif isinstance(view, ast.Call) and self._name(view) in _INCLUDES:
            yield from self._include(view, prefix, depth - 1)
        else:
            route = self._route(call, *unwrapped(view, self._file))
            name = self._file.constant(_given(call, 3, "name"))
            text = name.value if name is not None and isinstance(name.value, str) else ""
            if route.view:
                yield prefix.of(replace(route, name=text))

    def _include(self, call: ast.Call, above: Prefix, depth: int) -> Iterator[Item]:
        """A module by its dotted name, a list, or either with the name of its application."""
        arguments = list(call.args)
        if self._name(call).endswith("decorator_include") and len(arguments) > 1:
            above = above.before(Prefix(wrappers=tuple(names_in(arguments.pop(0), self._file))))
        if not arguments:
            return
        target = arguments[0]
        spaces = [keyword.value for keyword in call.keywords if keyword.arg == "namespace"]
        if isinstance(target, ast.Tuple) and target.elts:
            spaces = spaces or target.elts[1:2]
            target = target.elts[0]
        folded = self._file.constant(spaces[0]) if spaces else None
        if folded is not None and isinstance(folded.value, str):
            above = above.before(Prefix(namespace=folded.value))
        module = self._file.constant(target)
        if module is not None and isinstance(module.value, str):
            yield Include(module.value, "urlpatterns", above, self._route(call, module.value))
        elif isinstance(target, (ast.Name, ast.Attribute)) and not (
            _is_urls(target) or (isinstance(target, ast.Name) and target.id in self._values)
        ):
            yield from self._module_or_list(target, above)
        else:
            yield from self._items(target, above, depth - 1)

    def _module_or_list(self, target: ast.expr, above: Prefix) -> Iterator[Item]:
        name = dotted(target, self._file)
        if name:
            yield Include(name, "urlpatterns", above)
            yield Include(name.rpartition(".")[0], name.rpartition(".")[2], above)

    def _router(self, owner: str, above: Prefix) -> Iterator[Route]:
        """The viewsets registered with a router, one route each."""
        nested = {f"{lookup}_pk": STR for lookup in self._lookups(owner)}
        for call in self._registered.get(owner, ()):
            self._read.add(call)
            viewset = _given(call, 1, "viewset")
            pattern = _text(_given(call, 0, "prefix"), self._file)
            view = unwrapped(viewset, self._file)[0] if viewset is not None else ""
            if view:
                route = self._route(call, view, pattern)
                parameters = {**nested, **regex_groups(pattern)}
                yield above.of(replace(route, parameters=parameters, router=True))

    def _lookups(self, owner: str) -> Iterator[str]:
        """The names of the parents' keys that a nested router (drf-nested-routers) puts before its own."""
        for value in self._values.get(owner, ()):
            for keyword in value.keywords if isinstance(value, ast.Call) else ():
                folded = self._file.constant(keyword.value) if keyword.arg == "lookup" else None
                if folded is not None and isinstance(folded.value, str):
                    yield folded.value

    def _route(
        self,
        node: ast.AST,
        view: str,
        pattern: str = "",
        wrappers: tuple[str, ...] = (),
        options: Mapping[str, tuple[str, ...]] | None = None,
        actions: Mapping[str, str] | None = None,
    ) -> Route:
        return Route(
            view=view,
            pattern=pattern,
            path=self._file.path,
            span=self._file.span(node),
            framework="django",
            methods=frozenset(name.upper() for name in actions) if actions else None,
            actions=actions or {},
            wrappers=wrappers,
            options=options or {},
        )


def _values(file: File) -> dict[str, list[ast.expr]]:
    """What is assigned, added, appended to the names at the top of a module, `if` and `try` included."""
    found: dict[str, list[ast.expr]] = {}
    for node in statements(file.tree):
        target: ast.AST | None = None
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            target, value = node.target, node.value
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.value.args:
            method = node.value.func
            if isinstance(method, ast.Attribute) and method.attr in ("append", "extend", "insert"):
                target, value = method.value, node.value.args[-1]
        if isinstance(target, ast.Name) and value is not None and _is_top(node):
            found.setdefault(target.id, []).append(value)
    return found


def _is_top(node: ast.AST) -> bool:
    return not any(
        isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) for above in ancestors(node)
    )


def _registrations(file: File) -> Iterator[tuple[str, ast.Call]]:
    """The calls by which viewsets are registered, each with the text of the router."""
    for node in file.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in _REGISTER or len(node.args) + len(node.keywords) < 2:
                continue
            owner = node.func.value
            if isinstance(owner, (ast.Name, ast.Attribute)):
                text = ast.unparse(owner)
                if "router" in text.lower() or (file.resolve(owner) or "").endswith("Router"):
                    yield text, node


def _given(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    named = next((given.value for given in call.keywords if given.arg == keyword), None)
    return named if named is not None else call.args[position] if position < len(call.args) else None


def _text(node: ast.expr | None, file: File) -> str:
    """The text of a pattern, of a translated one what is translated; where parts are unknown, the others joined."""
    if node is None:
        return ""
    folded = file.constant(node)
    if folded is not None:
        return folded.value if isinstance(folded.value, str) else ""
    return "".join(
        inner.value
        for inner in descendants(node)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    )


def _is_urls(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "urls"
