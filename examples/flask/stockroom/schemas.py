"""What the API reads and writes."""

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, Range

from bookshop_common.utils.isbn import is_valid


def validate_isbn(value: str) -> None:
    """Refuse what is no ISBN-13.

    Raises:
        ValidationError: if the digits or the check digit are wrong.

    """
    if not is_valid(value):
        raise ValidationError("Not an ISBN.")


class ItemSchema(Schema):
    """An item; its quantity changes by deliveries only."""

    isbn = fields.String(required=True, validate=validate_isbn)
    title = fields.String(required=True, validate=Length(min=1, max=200))
    quantity = fields.Integer(dump_only=True)


class NewDeliverySchema(Schema):
    """What is told of a delivery."""

    isbn = fields.String(required=True, validate=validate_isbn)
    copies = fields.Integer(required=True, strict=True, validate=Range(min=1, max=10_000))


class DeliverySchema(Schema):
    """What is known of a delivery."""

    isbn = fields.String(attribute="item.isbn")
    title = fields.String(attribute="item.title")
    copies = fields.Integer()
    received = fields.DateTime()


class PageSchema(Schema):
    """Which page of a list is asked for."""

    page = fields.Integer(load_default=1, validate=Range(min=1, max=100_000))
