"""Which hosts a Django project answers to."""

from __future__ import annotations

import pytest

from checks.frameworks.allowed_hosts import answers_every_host
from tests.files import file_of

ROOT = "ROOT_URLCONF = 'shop.urls'\n"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("shop/settings.py", "ALLOWED_HOSTS = ['*']\n", True),
        ("shop/settings/base.py", "ALLOWED_HOSTS = ['.herokuapp.com']\n", True),
        ("shop/settings.py", "ALLOWED_HOSTS = ['shop.example']\n", False),
        ("shop/settings.py", "if x:\n    ALLOWED_HOSTS = ['*']\n", False),
        ("shop/settings/dev.py", "ALLOWED_HOSTS = ['*']\n", False),
        ("tests/settings.py", "ALLOWED_HOSTS = ['*']\n", False),
    ],
)
def test_settings_for_production_decide(path: str, text: str, expected: bool) -> None:
    assert answers_every_host(file_of("x = 1\n", others={path: ROOT + text})) is expected
