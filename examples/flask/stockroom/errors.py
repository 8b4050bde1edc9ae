"""Errors as JSON, without details that are no one's business."""

from flask import Flask
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from stockroom.services import DuplicateItemError, UnknownItemError

Answer = tuple[dict[str, object], int]


def refuse_invalid(error: ValidationError) -> Answer:
    """Name what is wrong, field by field."""
    return {"error": "Invalid", "fields": error.normalized_messages()}, 400


def refuse_unknown(error: UnknownItemError) -> Answer:
    """There is no such item."""
    return {"error": "Unknown item"}, 404


def refuse_duplicate(error: DuplicateItemError) -> Answer:
    """There is such an item."""
    return {"error": "Known item"}, 409


def explain(error: HTTPException) -> Answer:
    """Answer what HTTP has a number for; a crash, which Flask has logged, is a 500 without details."""
    return {"error": error.name}, error.code or 500


def register_error_handlers(app: Flask) -> None:
    """Let `app` answer errors as JSON."""
    app.register_error_handler(ValidationError, refuse_invalid)
    app.register_error_handler(UnknownItemError, refuse_unknown)
    app.register_error_handler(DuplicateItemError, refuse_duplicate)
    app.register_error_handler(HTTPException, explain)
