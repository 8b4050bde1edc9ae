"""Which addresses are reached over other people's networks."""

from __future__ import annotations

import pytest

from checks.frameworks.transport import REQUESTS, is_real_host


@pytest.mark.parametrize(
    "address",
    ["http://api.shop.com/x", "HTTP://user:pass@shop.io", "http://8.8.8.8:80", "http://172.32.0.1/"],
)
def test_a_real_host(address: str) -> None:
    assert is_real_host(address, "http")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.shop.com/x",
        "http://localhost:8000/",
        "http://127.0.0.1",
        "http://192.168.1.4/x",
        "http://172.20.0.3",
        "http://search:9200",
        "http://search.internal/",
        "http://api.example.com",
        "http://[::1]:80/",
        "api.shop.com",
        "",
        None,
        3,
    ],
)
def test_hosts_of_the_own_machine_network_and_examples(address: object) -> None:
    assert not is_real_host(address, "http")


def test_the_address_stands_behind_the_method() -> None:
    assert REQUESTS["requests.get"] == 0
    assert REQUESTS["httpx.Client.request"] == REQUESTS["httpx.stream"] == 1
