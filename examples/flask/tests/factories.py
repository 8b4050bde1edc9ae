"""Objects for tests; what a test does not name is of no matter to it."""

from bookshop_common.testing import make_isbn
from stockroom.models import Item
from stockroom.services import add_item


def make_item(number: int = 1, title: str = "Middlemarch") -> Item:
    """Return a stored item; `number` decides its ISBN."""
    return add_item(make_isbn(number), title)
