"""The pages as a whole: enough of them, and none that says the same as another."""

from __future__ import annotations

import pytest

from tests.orm.page import PAGES, Page

PATTERNS = sorted({(page.framework, page.pattern) for page in PAGES})


def test_there_are_pages_enough() -> None:
    assert len(PAGES) >= 120
    assert len(PATTERNS) >= 40


def test_there_is_a_flat_page_for_each_that_grows() -> None:
    growing = sum(page.grows for page in PAGES)
    assert len(PAGES) - growing >= growing


def test_many_pages_stand_for_defects_that_were_shipped() -> None:
    assert sum(bool(page.after) for page in PAGES) >= 30


@pytest.mark.parametrize("pattern", PATTERNS, ids="/".join)
def test_pattern_grows_in_one_page_and_is_flat_in_another(pattern: tuple[str, str]) -> None:
    assert {page.grows for page in PAGES if (page.framework, page.pattern) == pattern} == {True, False}


def test_no_two_pages_are_the_same() -> None:
    seen: dict[tuple[object, ...], Page] = {}
    for page in PAGES:
        code = (*sorted(page.files.items()), page.rows, page.requests, page.call)
        assert code not in seen, f"{page} and {seen[code]}"
        seen[code] = page
    assert len({str(page) for page in PAGES}) == len(PAGES)
