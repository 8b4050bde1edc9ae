"""`manage.py sync_stock`: run it every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookshop_common.utils.http import ServiceError
from catalogue.services import update_stock
from catalogue.stockroom import stock_levels


class Command(BaseCommand):
    """Take over the stock from the stockroom."""

    help = "Takes over the number of copies of each book from the stockroom"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Update every book, or fail with a line that says why."""
        try:
            updated = update_stock(stock_levels())
        except ServiceError as error:
            raise CommandError(f"The stock is not up to date: {error}") from error
        self.stdout.write(f"{updated} books")
