"""`/deliveries`: what came in."""

from flask import Blueprint, Response, jsonify, request

from stockroom import services
from stockroom.schemas import DeliverySchema, ItemSchema, NewDeliverySchema, PageSchema
from stockroom.security import require_token

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")
blueprint.before_request(require_token)


@blueprint.get("")
def list_deliveries() -> Response:
    """List all deliveries, newest first, a page at a time."""
    page = services.list_deliveries(PageSchema().load(request.args)["page"])
    return jsonify(deliveries=DeliverySchema(many=True).dump(page.items), page=page.page, pages=page.pages)


@blueprint.post("")
def record_delivery() -> tuple[Response, int]:
    """Record a delivery, and show the item that there is more of now."""
    item = services.record_delivery(**NewDeliverySchema().load(request.get_json()))
    return jsonify(ItemSchema().dump(item)), 201
