"""What the stockroom does, whoever asks."""

import logging

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from stockroom.extensions import db
from stockroom.models import Delivery, Item

logger = logging.getLogger(__name__)

PAGE_SIZE = 50


class UnknownItemError(Exception):
    """There is no item with this ISBN."""


class DuplicateItemError(Exception):
    """There is an item with this ISBN."""


def list_items(page: int) -> Pagination:
    """Return a page of all items, by ISBN."""
    items = select(Item).order_by(Item.isbn)
    return db.paginate(items, page=page, per_page=PAGE_SIZE, error_out=False)


def find_item(isbn: str) -> Item:
    """Return the item with this ISBN.

    Raises:
        UnknownItemError: if there is none.

    """
    item = db.session.scalar(select(Item).where(Item.isbn == isbn))
    if item is None:
        raise UnknownItemError
    return item


def add_item(isbn: str, title: str) -> Item:
    """Store a new item, of which there are no copies.

    Raises:
        DuplicateItemError: if there is one with this ISBN.

    """
    item = Item(isbn=isbn, title=title)
    db.session.add(item)
    try:
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise DuplicateItemError from error
    return item


def list_deliveries(page: int) -> Pagination:
    """Return a page of all deliveries with their items, newest first."""
    deliveries = (
        select(Delivery)
        .options(joinedload(Delivery.item))
        .order_by(Delivery.received.desc(), Delivery.id.desc())
    )
    return db.paginate(deliveries, page=page, per_page=PAGE_SIZE, error_out=False)


def record_delivery(isbn: str, copies: int) -> Item:
    """Add a delivery of so many copies, and return the item that has more of them now.

    Raises:
        UnknownItemError: if there is no item with this ISBN.

    """
    item = find_item(isbn)
    # The database adds, so that of two deliveries at the same time none is lost
    item.quantity = Item.quantity + copies
    db.session.add(Delivery(item_id=item.id, copies=copies))
    db.session.commit()
    logger.info("Received %d copies of %s", copies, item.isbn)
    return item
