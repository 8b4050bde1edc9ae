"""`/health`: for the container's health check and the monitoring."""

import logging

from flask import Blueprint, Response, jsonify
from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError

from stockroom.extensions import db

logger = logging.getLogger(__name__)

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("")
def health() -> tuple[Response, int]:
    """Answer 200 if the database can be reached, else 503."""
    try:
        db.session.execute(select(literal(1)))
    except SQLAlchemyError:
        logger.exception("The database can't be reached")
        return jsonify(status="unavailable"), 503
    return jsonify(status="ok"), 200
