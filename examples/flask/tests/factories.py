"""Objects for tests; what a test does not name is of no matter to it."""

from bookshop_common.utils.isbn import check_digit
from stockroom.models import Item
from stockroom.services import add_item


def make_isbn(number: int) -> str:
    """Return a valid ISBN, another one for each number."""
    digits = f"978{number:09}"
    return digits + check_digit(digits)


def make_item(number: int = 1, title: str = "Middlemarch") -> Item:
    """Return a stored item; `number` decides its ISBN."""
    return add_item(make_isbn(number), title)
