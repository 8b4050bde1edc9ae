"""Pages whose queries grow with their rows: they do, a finding says so, and what it suggests ends it."""

from __future__ import annotations

import pytest

from tests.orm.databases import Databases, growth, in_words, says_more
from tests.orm.judged import findings_of, mended
from tests.orm.not_yet_seen import UNREPORTED
from tests.orm.page import PAGES, Page

GROWING = [page for page in PAGES if page.grows]
REPORTED = [page for page in GROWING if str(page) not in UNREPORTED]
GROWTH = 20  # thirty rows against three, and a page may hold back a few


@pytest.mark.parametrize("page", GROWING, ids=str)
def test_page_grows(page: Page, databases: Databases) -> None:
    measurement = databases.measure(page)
    assert growth(measurement) >= GROWTH, in_words(measurement)
    assert says_more(measurement)


@pytest.mark.parametrize("page", REPORTED, ids=str)
def test_growing_page_has_a_finding(page: Page) -> None:
    assert findings_of(page), "nothing is reported"


@pytest.mark.parametrize("page", [page for page in GROWING if str(page) in UNREPORTED], ids=str)
def test_page_that_is_not_seen_yet_has_none(page: Page) -> None:
    assert not findings_of(page), "it is seen: take it off the list"


def test_few_growing_pages_are_not_seen_and_the_list_names_no_others() -> None:
    assert UNREPORTED.keys() <= {str(page) for page in GROWING}
    assert len(UNREPORTED) <= 0.05 * len(GROWING)


@pytest.mark.parametrize("page", REPORTED, ids=str)
def test_suggested_edit_makes_it_flat(page: Page, databases: Databases) -> None:
    files = mended(page)
    if files is None:
        assert page.by_hand, "no edit is suggested"
        return
    before, after = databases.measure(page), databases.measure(page, files)
    assert after["few"]["answers"] == before["few"]["answers"]
    assert after["few"]["state"] == before["few"]["state"]
    assert after["many"]["answers"] == before["many"]["answers"]
    assert after["many"]["state"] == before["many"]["state"]
    if not page.by_hand:
        assert growth(after) == 0, in_words(after)
