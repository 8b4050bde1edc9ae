"""Host names that let everybody in."""

from __future__ import annotations

import pytest

from checks.frameworks.hosts import hosts_in, is_too_broad
from tests.files import file_of, marked


@pytest.mark.parametrize("host", ["*", ".com", ".herokuapp.com", ".co.uk", ".run.app"])
def test_anybody_can_have_such_a_host(host: str) -> None:
    assert is_too_broad(host)


@pytest.mark.parametrize(
    "host", ["shop.example.com", ".example.com", ".local", "shop.herokuapp.com", ".", ""]
)
def test_nobody_else_has_such_a_host(host: str) -> None:
    assert not is_too_broad(host)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("['a.example', 'b.example']", ["a.example", "b.example"]),
        ("os.environ.get('HOSTS', 'a.example,b.example').split(',')", ["a.example", "b.example"]),
        ("[*OTHERS, unknown(), 'b.example']", ["a.example", "b.example"]),
        ("list(OTHERS) + unknown()", ["a.example"]),
        ("unknown()", []),
    ],
)
def test_hosts_in_sight_are_found(text: str, expected: list[str]) -> None:
    file = file_of(f"import os\nOTHERS = ['a.example']\nmark({text})\n")
    assert list(hosts_in(marked(file)[0], file)) == expected
