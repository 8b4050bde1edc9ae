"""`/items`: what there is."""

from flask import Blueprint, Response, jsonify, request
from markupsafe import escape

from stockroom import services
from stockroom.schemas import ItemSchema, PageSchema
from stockroom.security import require_token

blueprint = Blueprint("items", __name__, url_prefix="/items")
blueprint.before_request(require_token)


@blueprint.get("")
def list_items() -> Response:
    """List all items by ISBN, a page at a time."""
    page = services.list_items(PageSchema().load(request.args)["page"])
    return jsonify(items=ItemSchema(many=True).dump(page.items), page=page.page, pages=page.pages)


@blueprint.post("")
def add_item() -> tuple[Response, int]:
    """Add an item."""
    item = services.add_item(**ItemSchema().load(request.get_json()))
    return jsonify(ItemSchema().dump(item)), 201


@blueprint.get("/<isbn>")
def show_item(isbn: str) -> Response:
    """Show one item."""
    return jsonify(ItemSchema().dump(services.find_item(isbn)))


@blueprint.get("/<isbn>/label")
def print_label(isbn: str) -> str:
    """Show the label of a shelf, with a note of whoever prints it."""
    item = services.find_item(isbn)
    note = request.args.get("note", "")
    note = escape(note)
    return f"<!doctype html><title>{item.isbn}</title><h1>{escape(item.title)}</h1><p>{note}</p>"
