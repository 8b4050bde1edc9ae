"""What the tests of both services make their objects from."""

from bookshop_common.utils.isbn import check_digit


def make_isbn(number: int) -> str:
    """Return a valid ISBN, another one for each number."""
    digits = f"978{number:09}"
    return digits + check_digit(digits)
