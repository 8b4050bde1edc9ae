"""Items and their deliveries."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookshop_common.utils.isbn import LENGTH
from stockroom.extensions import db


class Item(db.Model):
    """A title, and how many copies of it there are."""

    __tablename__ = "item"
    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    isbn: Mapped[str] = mapped_column(String(LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int] = mapped_column(default=0)


class Delivery(db.Model):
    """Copies of one item that arrived together."""

    __tablename__ = "delivery"
    __table_args__ = (CheckConstraint("copies > 0", name="copies_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    copies: Mapped[int]
    received: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), index=True)

    # A query that forgets to load the item fails, instead of asking once for each delivery
    item: Mapped[Item] = relationship(lazy="raise")
