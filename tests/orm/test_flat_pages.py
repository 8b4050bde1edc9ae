"""Pages that send as many queries for many rows as for few: they do, and nothing is reported of them."""

from __future__ import annotations

import pytest

from tests.orm.databases import Databases, growth, in_words, says_more
from tests.orm.judged import findings_of, places
from tests.orm.page import PAGES, Page

FLAT = [page for page in PAGES if not page.grows]


@pytest.mark.parametrize("page", FLAT, ids=str)
def test_page_is_flat(page: Page, databases: Databases) -> None:
    measurement = databases.measure(page)
    assert growth(measurement) == 0, in_words(measurement)
    assert says_more(measurement)


@pytest.mark.parametrize("page", FLAT, ids=str)
def test_flat_page_has_no_finding(page: Page) -> None:
    found = findings_of(page)
    assert not found, "\n".join(places(found))
