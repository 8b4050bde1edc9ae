"""ISBN-13: twelve digits and a check digit."""

LENGTH = 13


def check_digit(digits: str) -> str:
    """Return the digit that completes the first twelve `digits` of an ISBN."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)


def normalize(text: str) -> str:
    """Return `text` without the hyphens and spaces that people write between the groups."""
    return text.replace("-", "").replace(" ", "")


def is_valid(isbn: str) -> bool:
    """Tell whether `isbn` is thirteen digits of which the last fits the others."""
    return len(isbn) == LENGTH and isbn.isascii() and isbn.isdigit() and check_digit(isbn[:-1]) == isbn[-1]
