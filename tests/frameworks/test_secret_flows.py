"""Which secret a flow carries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checks.config import Config
from checks.engine.analyse import Analyser
from checks.engine.tree import DictTree
from checks.frameworks.passed import passed
from checks.frameworks.secret_flows import is_secret, secret_of
from checks.model import Severity
from checks.rule import File, Finding, Flow, Rule


def flows_of(files: dict[str, str]) -> list[Flow]:
    rule = Rule(
        "checks.rules.security.test", checklist="security.xss", severity=Severity.LOW, message="m", advice="a"
    )
    found: list[Flow] = []

    @rule.on_flow("log")
    def check(flow: Flow, _file: File) -> Iterator[Finding]:
        found.append(flow)
        assert list(passed(flow))
        yield from ()

    analyser = Analyser(DictTree(files), [rule], Config(), strict=True)
    for path in files:
        analyser.judge(path)
    return found


HEAD = "import logging, os\nfrom django.conf import settings\n"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("request.POST['password']", "password"),
        ("request.POST.get('api_key')", "api_key"),
        ("os.environ['STRIPE_API_KEY']", "STRIPE_API_KEY"),
        ("os.environ['STRIPE_PUBLIC_KEY']", None),
        ("request.POST['name']", None),
        ("request.POST['password'][:3]", None),
        ("unknown(request.POST['password'])", None),
        ("settings.SECRET_KEY", "SECRET_KEY"),
        ("settings.DATABASES", "DATABASES"),
        ("settings.DATABASES['default']['PASSWORD']", "DATABASES"),
        ("settings.DATABASES['default']['ENGINE']", None),
    ],
)
def test_the_secret_of_a_flow(given: str, expected: str | None) -> None:
    found = flows_of({"shop/views.py": f"{HEAD}def view(request):\n    logging.info({given})\n"})
    assert [secret_of(flow) for flow in found] == [expected]


def test_a_flow_passes_the_functions_of_its_steps() -> None:
    files = {
        "shop/views.py": "from shop.log import note\ndef view(request):\n    note(request.GET['password'])\n",
        "shop/log.py": "import logging\ndef note(text):\n    logging.info(text)\n",
    }
    (flow,) = flows_of(files)
    names = [(getattr(node, "name", ""), home.path) for node, home in passed(flow)]
    assert names == [("note", "shop/log.py"), ("view", "shop/views.py")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("password", True), ("CLIENT_SECRET", True), ("STRIPE_PUBLISHABLE_KEY", False), ("key", False)],
)
def test_names_of_secrets(name: str, expected: bool) -> None:
    assert is_secret(name) is expected
