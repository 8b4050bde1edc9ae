"""Which hooks are called for what: one file's dispatch, without the engine around it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from checks.config import Config
from checks.engine.analyse import Analyser
from checks.engine.dispatch import MAX_FINDINGS, Dispatcher, is_test
from checks.engine.tree import DictTree
from checks.frameworks.documents import document_of
from checks.model import Finding
from checks.rule import LOW, Flow, Role, Rule
from checks.semantics.source import Document, File, Text
from tests.files import file_of

Register = Callable[[Rule], Callable[[Any], Any]]


def asked(
    text: str, register: Register, path: str = "shop/views.py", roles: Iterable[Role] = (Role.PRODUCTION,)
) -> list[Any]:
    """What a rule with one hook is asked about in a file."""
    rule = Rule(
        "checks.rules.security.toy",
        checklist="security.csrf",
        severity=LOW,
        message="It is there",
        advice="Take it away",
        roles=roles,
    )
    subjects: list[Any] = []

    def check(subject: Any, *_: Any) -> Iterator[Finding]:
        subjects.append(subject)
        yield from ()

    register(rule)(check)
    subject = file_of(text, path) if path.endswith(".py") else document_of(path, text)
    assert isinstance(subject, File | Document)
    Dispatcher([rule], strict=True).run(subject)
    return subjects


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requests.get", "import requests\nrequests.get()\n"),
        ("requests.get", "from requests import get\nget()\n"),
        ("requests.get", "from requests import get as fetch\nfetch()\n"),
        ("requests.get", "import requests as r\nr.get()\n"),
        ("requests.get", "import requests\nfetch = requests.get\nfetch()\n"),
        ("requests.get", "from requests import get\nfetch = get\nfetch()\n"),
        ("requests.Session.get", "import requests\nrequests.Session().get()\n"),
        ("builtins.print", "print()\n"),
        ("*.save", "order.save()\n"),
        ("*.save", "f().save()\n"),
        ("*.save", "import a\na.save()\n"),
    ],
)
def test_a_call_is_asked_about_by_its_resolved_name(name: str, text: str) -> None:
    (call,) = asked(text, lambda rule: rule.on_call(name))
    assert call.name in (name, "a.save")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requests.get", "from httpx import get\nget()\n"),
        ("requests.get", "def get(): ...\nget()\n"),
        ("requests.get", "requests.get()\n"),
        ("requests.get", "from requests import post as get\nget()\n"),
        ("requests.get", "import requests\nrequests.get\n"),
        ("requests.get", "import requests\nrequests.get.cache()\n"),
        ("builtins.print", "from rich import print\nprint()\n"),
        ("builtins.print", "console.print()\n"),
        ("*.save", "save()\n"),
        ("*.save", "order.save\n"),
        ("*.save", "order.save_all()\n"),
        ("*.save", "fns['save']()\n"),
    ],
)
def test_calls_of_other_things_are_not_asked_about(name: str, text: str) -> None:
    assert asked(text, lambda rule: rule.on_call(name)) == []


def test_nodes_functions_and_classes_are_asked_about_in_the_order_of_the_source() -> None:
    text = "class A:\n    def f(self): ...\n    async def g(self): ...\nif x:\n    def h(): ...\n"
    assert [node.name for node in asked(text, lambda rule: rule.on_function())] == ["f", "g", "h"]
    assert [node.name for node in asked(text, lambda rule: rule.on_class())] == ["A"]
    assert len(asked(text, lambda rule: rule.on_node(ast.If, ast.ClassDef))) == 2


def test_functions_are_asked_about_by_name() -> None:
    text = "class A:\n    def f(self): ...\n    def g(self): ...\nasync def f(): ...\n"
    found = asked(text, lambda rule: rule.on_function("f", "h"))
    assert [node.lineno for node in found] == [2, 4]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("'SELECT 1'", 0),
        ("'SELECT %s', [request.GET['q']]", 0),
        ("'SELECT ' + request.GET['q']", 1),
    ],
)
def test_a_sink_counts_as_a_place_whatever_goes_in(query: str, said: int) -> None:
    rule = Rule(
        "checks.rules.security.toy",
        checklist="security.parameterized-queries",
        severity=LOW,
        message="It is there",
        advice="Take it away",
    )
    flows: list[Flow] = []

    @rule.on_flow("sql")
    def check(flow: Flow, _file: File) -> Iterator[Finding]:
        flows.append(flow)
        yield from ()

    text = f"from django.db import connection\ndef a(request):\n    connection.cursor().execute({query})\n"
    tree = DictTree({"shop/views.py": text})
    judged = Analyser(tree, [rule], Config(), strict=True).judge("shop/views.py")
    assert judged.checked == {"security.parameterized-queries": 1}
    assert len(flows) == said


def test_views_are_asked_about_functions_classes_and_routed_methods_alike() -> None:
    head = "from django.urls import path\nfrom django.views import View\n"
    text = "def order(request): ...\ndef helper(): ...\nclass Order(View):\n    def get(self, request): ...\n"
    found = asked(f"{head}{text}urlpatterns = [path('', order)]\n", lambda rule: rule.on_view())
    assert [view.name for view in found] == ["order", "Order"]


@pytest.mark.parametrize("role", [Role.TEST, Role.MIGRATION, Role.VENDORED, Role.DEVELOPMENT])
def test_a_rule_is_asked_in_files_of_its_roles_alone(role: Role) -> None:
    paths = {
        Role.TEST: "tests/test_a.py",
        Role.MIGRATION: "shop/migrations/0001_a.py",
        Role.VENDORED: "vendor/a.py",
        Role.DEVELOPMENT: "settings/dev.py",
    }
    assert asked("f()\n", lambda rule: rule.on_node(ast.Call), paths[role]) == []
    assert len(asked("f()\n", lambda rule: rule.on_node(ast.Call), paths[role], [role])) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("DEBUG = True\nALLOWED_HOSTS = []\n", ["DEBUG"]),
        ("if x:\n    DEBUG = True\n", ["DEBUG"]),
        ("ALLOWED_HOSTS = []\n", []),
        ("def f():\n    DEBUG = True\n", []),
        ("debug = True\n", []),
    ],
)
def test_settings_are_asked_about_by_name(text: str, names: list[str]) -> None:
    found = asked(f"ROOT_URLCONF = 'x'\n{text}", lambda rule: rule.on_setting("DEBUG"), "shop/settings.py")
    assert [setting.name for setting in found] == names


def test_documents_are_asked_about_by_kind() -> None:
    assert len(asked("FROM a\n", lambda rule: rule.on_document("dockerfile"), "Dockerfile")) == 1
    assert asked("FROM a\n", lambda rule: rule.on_document("compose"), "Dockerfile") == []


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("def test_a(): ...\n", "tests/test_shop.py", True),
        ("async def test_a(): ...\n", "tests/test_shop.py", True),
        ("class TestShop:\n    def test_a(self): ...\n", "tests/test_shop.py", True),
        ("if x:\n    def test_a(): ...\n", "tests/test_shop.py", True),
        ("def helper(): ...\n", "tests/test_shop.py", False),
        ("def f():\n    def test_a(): ...\n", "tests/test_shop.py", False),
        ("def test_a(): ...\n", "shop/views.py", False),
        ("import pytest\n@pytest.fixture\ndef test_a(): ...\n", "tests/test_shop.py", False),
        ("import pytest\n@pytest.fixture(scope='session')\ndef test_a(): ...\n", "tests/test_shop.py", False),
    ],
)
def test_tests_are_what_a_runner_collects(text: str, path: str, expected: bool) -> None:
    file = file_of(text, path)
    functions = [node for node in file.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert is_test(functions[-1], file) is expected


def reporting(rule_name: str, times: int) -> Rule:
    """Reports every call so many times."""
    rule = Rule(
        f"checks.rules.security.{rule_name}",
        checklist="security.csrf",
        severity=LOW,
        message="It is there",
        advice="Take it away",
    )

    @rule.on_node(ast.Call)
    def check(node: ast.Call, file: Text) -> Iterator[Finding]:
        for _ in range(times):
            yield rule.finding(node, file)

    return rule


def test_a_rule_that_does_not_apply_is_not_asked_and_not_counted() -> None:
    rules = [reporting("one", 1), reporting("other", 1)]
    outcome = Dispatcher(rules).run(file_of("f()\n"), lambda rule: rule == "security/one")
    assert [finding.rule for finding in outcome.findings] == ["security/one"]
    assert outcome.checked == {"security.csrf": 1}


def test_the_places_that_were_looked_at_are_counted_by_item() -> None:
    outcome = Dispatcher([reporting("one", 0), reporting("other", 1)]).run(file_of("f(g())\n"))
    assert outcome.checked == {"security.csrf": 4}
    assert len(outcome.findings) == 2


def test_findings_beyond_the_limit_of_a_file_are_named_as_a_problem() -> None:
    outcome = Dispatcher([reporting("one", MAX_FINDINGS)]).run(file_of("f()\ng()\nh()\n"))
    assert len(outcome.findings) == MAX_FINDINGS
    (problem,) = outcome.problems
    assert problem.kind == "too-large"


def test_findings_up_to_the_limit_are_no_problem() -> None:
    outcome = Dispatcher([reporting("one", MAX_FINDINGS)]).run(file_of("f()\n"))
    assert (len(outcome.findings), outcome.problems) == (MAX_FINDINGS, ())
