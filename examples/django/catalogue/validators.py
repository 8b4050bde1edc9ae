"""What a field of the catalogue may hold."""

from django.core.exceptions import ValidationError

from bookshop_common.utils.isbn import is_valid


def validate_isbn(value: str) -> None:
    """Refuse what is no ISBN-13.

    Raises:
        ValidationError: if the digits or the check digit are wrong.

    """
    if not is_valid(value):
        raise ValidationError("%(value)s is no ISBN", code="invalid", params={"value": value})
