"""ISBN arithmetic."""

import pytest

from bookshop_common.testing import make_isbn
from bookshop_common.utils.isbn import check_digit, is_valid, normalize


@pytest.mark.parametrize("isbn", ["9780306406157", "9783161484100"])
def test_a_published_isbn_is_valid(isbn: str) -> None:
    assert is_valid(isbn)
    assert check_digit(isbn[:-1]) == isbn[-1]


@pytest.mark.parametrize(
    "isbn", ["", "978030640615", "9780306406158", "97803064061570", "978030640615X", "٩٧٨٠٣٠٦٤٠٦١٥٧"]
)
def test_anything_else_is_not(isbn: str) -> None:
    assert not is_valid(isbn)


def test_isbns_for_tests_are_valid_and_differ() -> None:
    isbns = {make_isbn(number) for number in range(100)}
    assert len(isbns) == 100
    assert all(is_valid(isbn) for isbn in isbns)


def test_hyphens_and_spaces_are_dropped() -> None:
    assert normalize("978-0-306 40615-7") == "9780306406157"
