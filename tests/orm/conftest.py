"""The databases that settle what a page's title claims."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.orm.databases import Databases


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Servers that run pages, ended with the tests."""
    servers = Databases()
    yield servers
    servers.close()
