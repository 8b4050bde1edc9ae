"""What in a test can fail but for an error on the way: assertions, and calls of what asserts.

A call is told by its words (`assertEqual`, `check_links`, `expect(page).to_have_title`), else followed to its
definition in the project's own tests and helpers. What can't be followed may assert.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import IntEnum

from checks.frameworks.settings import words
from checks.semantics.definitions import bases, definition
from checks.semantics.names import parent
from checks.semantics.nodes import children, statements
from checks.semantics.roles import Role
from checks.semantics.source import File, Function


class Answer(IntEnum):
    """Whether something asserts."""

    NO = 0
    MAYBE = 1
    YES = 2


_WORD = re.compile(
    r"(assert|verif|expect|ensure|should|validat|must)\w*|check|checks|checked|checker|clean|compare|compares|confirm"
    r"|confirms|deprecated|fail|fails|importorskip|match|matches|raise|raises|skip|snapshot|until|wait|warns|xfail"
    r"|benchmark|approve"
)
_FLUENT = re.compile(r"(assert|expect|should|snapshot|verif)\w*")
_KEYWORD = re.compile(r"(assert|expect|verif)\w*|raise_exception")
_VERBS = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "open"})
_PACKAGES = frozenset(
    {
        "_pytest",
        "django",
        "django_webtest",
        "factory",
        "faker",
        "flask",
        "flask_testing",
        "freezegun",
        "mock",
        "model_bakery",
        "model_mommy",
        "pytest",
        "pytest_django",
        "pytest_mock",
        "rest_framework",
        "responses",
        "unittest",
        "wagtail",
        "webtest",
        "werkzeug",
    }
)
_PLAIN = re.compile(r"assert(?:[A-Z_]|$)")
_BUDGET = 200
_DEPTH = 5


def asserts_plainly(test: Function) -> bool:
    """Whether a statement of a test is an `assert` or calls `self.assert...`: the quick answer to most tests."""
    return any(
        isinstance(node, ast.Assert) or any(map(_is_plain, _called_by(node))) for node in statements(test)
    )


def _called_by(statement: ast.AST) -> list[ast.expr]:
    if isinstance(statement, ast.Expr):
        return [statement.value]
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return [item.context_expr for item in statement.items]
    return []


def _is_plain(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and _PLAIN.match(value.func.attr) is not None
    )


def asserts(test: Function, file: File) -> Answer:
    """Whether a test can fail but for an error: by its body, its decorators, its fixtures, or its class's tear-down."""
    inside = _Search(file).function(test, file, _DEPTH)
    if inside is Answer.YES:
        return inside
    return max(inside, _decorated(test), _by_fixtures(test, file), _by_class(test, file))


class _Search:
    """One question, followed from function to function; when that takes too long, the answer is perhaps."""

    def __init__(self, file: File) -> None:
        self._left = _BUDGET
        self._seen: set[ast.AST] = set()
        self._file = file

    def function(self, function: ast.AST, file: File, depth: int) -> Answer:
        """Whether a function asserts, itself or by what it calls."""
        if function in self._seen:
            return Answer.NO
        self._seen.add(function)
        self._left -= 1
        if depth <= 0 or self._left < 0:
            return Answer.MAYBE
        calls: list[ast.Call] = []
        answer = Answer.NO
        for node in _inside(function):
            if _fails(node, function, file):
                return Answer.YES
            if isinstance(node, ast.Call):
                calls.append(node)
            elif isinstance(node, ast.withitem) and not isinstance(node.context_expr, (ast.Call, ast.Await)):
                answer = Answer.MAYBE
        for call in calls:
            answer = max(answer, self._call(call, file, depth))
            if answer is Answer.YES:
                break
        return answer

    def _call(self, call: ast.Call, file: File, depth: int) -> Answer:
        """Whether a call without telling words asserts, by its definition."""
        found = _method_of_self(call, file)
        if found is not None:
            return found if isinstance(found, Answer) else self.function(*found, depth - 1)
        if isinstance(call.func, ast.Attribute) and _is_super(call.func.value):
            return Answer.MAYBE
        name = file.resolve(call.func)
        if name is None:
            return Answer.NO if isinstance(call.func, ast.Attribute) else Answer.MAYBE
        top, _, rest = name.partition(".")
        if top in _PACKAGES or top == "builtins":
            return Answer.NO
        defined = _defined(name, file)
        if defined is None:
            own = name.startswith(f"{file.module}.")
            return Answer.MAYBE if not own and words(rest) & {"test", "tests", "testing"} else Answer.NO
        node, home = defined
        if isinstance(node, ast.ClassDef) or home.role is not Role.TEST:
            return Answer.NO
        return self.function(node, home, depth - 1)


def _inside(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body, those of functions in it too."""
    stack: list[ast.AST] = list(reversed(getattr(function, "body", [])))
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(children(node))


def _fails(node: ast.AST, function: ast.AST, file: File) -> bool:
    """Whether a node can make a test fail by itself."""
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Raise):
        return _is_own(node, function) or any("Assertion" in part for part in names_called(node.exc))
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], (ast.Tuple, ast.List)) and len(node.targets[0].elts) == 1
    return isinstance(node, ast.Call) and (_is_telling(node, file) or _must_find(node))


def _is_own(node: ast.AST, function: ast.AST) -> bool:
    """Whether a node belongs to the function itself, not to one in it."""
    above = parent(node)
    while above is not None and not isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        above = parent(above)
    return above is function


def _is_telling(call: ast.Call, file: File) -> bool:
    """Whether a call's words say that it asserts, in any part of `expect(page).to_have_title` or as a keyword."""
    last, *others = names_called(call.func) or [""]
    if _says(last, _WORD) or any(_says(part, _FLUENT) for part in others):
        return True
    for keyword in call.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg and (_KEYWORD.fullmatch(keyword.arg) or (keyword.arg == "check" and value is True)):
            return True
        if keyword.arg == "status" and last in _VERBS and isinstance(value, int):
            return True
    if last == "call_command" and call.args:
        return any(isinstance(item, ast.Constant) and "check" in str(item.value) for item in call.args)
    return (file.resolve(call.func) or "").startswith("doctest.")


def _says(name: str, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(word) for word in words(name))


def _must_find(call: ast.Call) -> bool:
    """Whether a call looks for something and raises where it isn't there, as `Book.objects.get(title="Emma")` does."""
    name = _last(call)
    if name.startswith(("find_element", "get_by_", "get_object_or_")):
        return True
    standing = isinstance(parent(call), (ast.Expr, ast.Await))
    return standing and name in ("get", "aget", "earliest", "latest") and "objects" in names_called(call.func)


def names_called(node: ast.expr | None) -> list[str]:
    """The names in what is called: of `self.client.get(url).json`, json, get, client and self."""
    found = []
    while True:
        if isinstance(node, ast.Attribute):
            found.append(node.attr)
            node = node.value
        elif isinstance(node, (ast.Call, ast.Await, ast.Subscript)):
            node = node.func if isinstance(node, ast.Call) else node.value
        else:
            return [*found, node.id] if isinstance(node, ast.Name) else found


def _last(call: ast.Call) -> str:
    return next(iter(names_called(call.func)), "")


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _method_of_self(call: ast.Call, file: File) -> tuple[Function, File] | Answer | None:
    """The method that `self.name()` calls; perhaps, where the class can't be seen whole; `None` for other calls."""
    method = call.func
    if not isinstance(method, ast.Attribute):
        return None
    owner = file.names.class_of_self(method.value)
    if owner is None:
        return Answer.YES if _asks_webtest(method, file) else None
    found = method_of(owner, method.attr, file)
    if found is None:
        known = all(
            base is not None or name.partition(".")[0] in _PACKAGES for name, base, _ in bases(owner, file)
        )
        return Answer.NO if known and all(file.resolve(base) for base in owner.bases) else Answer.MAYBE
    return found


def method_of(owner: ast.ClassDef, name: str, file: File) -> tuple[Function, File] | None:
    """The method of a class or of those above it, and its file."""
    for node, home in (
        (owner, file),
        *((base, home) for _, base, home in bases(owner, file) if base is not None),
    ):
        for item in node.body:
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name:
                return item, home
    return None


def _asks_webtest(method: ast.Attribute, file: File) -> bool:
    """Whether `self.app.get(...)` is WebTest's, which fails for a status that isn't 2xx or 3xx."""
    app = method.value
    if not isinstance(app, ast.Attribute) or app.attr != "app" or method.attr not in _VERBS:
        return False
    owner = file.names.class_of_self(app.value)
    return owner is not None and any("webtest" in name.lower() for name, _, _ in bases(owner, file))


def _defined(name: str, file: File) -> tuple[ast.AST, File] | None:
    """The definition of a dotted name in the project: of a function, a class, or a method of one of its classes."""
    found = definition(name, file)
    if found is None:
        holder, _, method = name.rpartition(".")
        owner = definition(holder, file) if holder else None
        if owner is not None and isinstance(owner[0], ast.ClassDef):
            return method_of(owner[0], method, owner[1])
    return found


def _decorated(test: Function) -> Answer:
    """Whether a decorator asserts, skips, or runs the test with made-up input, where not crashing is the point."""
    for decorator in test.decorator_list:
        for part in names_called(decorator):
            if words(part) & {"given", "skipif"} or _says(part, _WORD):
                return Answer.YES
    return Answer.NO


def _by_fixtures(test: Function, file: File) -> Answer:
    """Whether a fixture asserts when the test is over, or its name says so."""
    names = [item.arg for item in (*test.args.posonlyargs, *test.args.args, *test.args.kwonlyargs)]
    if any(_says(name, _WORD) for name in names):
        return Answer.YES
    return max((_fixture(name, file) for name in names if name != "self"), default=Answer.NO)


def _fixture(name: str, file: File) -> Answer:
    for home in _homes_of_fixtures(file):
        bound = home.names.bindings(home.tree).get(name)
        if bound is not None and isinstance(bound.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            after = [node for node in _inside(bound.node) if isinstance(node, ast.Assert)]
            yields = [node.lineno for node in _inside(bound.node) if isinstance(node, ast.Yield)]
            return Answer.YES if after and yields and after[-1].lineno > yields[0] else Answer.NO
    return Answer.NO


def _homes_of_fixtures(file: File) -> Iterator[File]:
    yield file
    folder = file.path
    while folder:
        folder = folder.rpartition("/")[0]
        home = file.project.file(f"{folder}/conftest.py" if folder else "conftest.py")
        if home is not None:
            yield home


def _by_class(test: Function, file: File) -> Answer:
    """Whether the class asserts when each test is over."""
    owner = parent(test)
    if not isinstance(owner, ast.ClassDef):
        return Answer.NO
    answer = Answer.NO
    for name in ("tearDown", "teardown_method", "asyncTearDown"):
        found = method_of(owner, name, file)
        if found is not None:
            answer = max(answer, _Search(file).function(*found, depth=2))
    return answer if answer is Answer.YES else Answer.NO
