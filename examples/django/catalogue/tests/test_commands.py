"""The command that takes over the stock; the stockroom is played by a function."""

from io import StringIO
from unittest.mock import patch

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase

from bookshop_common.utils.http import ServiceError
from catalogue.tests.factories import make_book

FETCH = "catalogue.stockroom.fetch_json"


class SyncStockTests(TestCase):
    """`manage.py sync_stock`."""

    def test_every_page_is_taken_over(self) -> None:
        first, second = make_book(1), make_book(2)
        pages = {
            1: {"items": [{"isbn": first.isbn, "quantity": 3}], "pages": 2},
            2: {"items": [{"isbn": second.isbn, "quantity": 5}], "pages": 2},
        }
        output = StringIO()
        with patch(FETCH, side_effect=lambda url, token, params: pages[params["page"]]) as fetch:
            call_command("sync_stock", stdout=output)
        first.refresh_from_db()
        second.refresh_from_db()
        self.assertEqual((first.stock, second.stock), (3, 5))
        self.assertEqual(output.getvalue(), "2 books\n")
        self.assertEqual(
            fetch.call_args_list[0].args,
            ("https://stockroom.test/items", settings.STOCKROOM_TOKEN, {"page": 1}),
        )

    def test_silence_is_reported(self) -> None:
        with (
            patch(FETCH, side_effect=ServiceError("no answer")),
            self.assertRaisesMessage(CommandError, "The stock is not up to date: no answer"),
        ):
            call_command("sync_stock")

    def test_an_unexpected_answer_is_reported(self) -> None:
        for answer in (
            {},
            {"items": [{}], "pages": 1},
            {"items": [], "pages": "many"},
            {"items": 1, "pages": 1},
        ):
            with (
                self.subTest(answer),
                patch(FETCH, return_value=answer),
                self.assertRaisesMessage(CommandError, "another form than agreed"),
            ):
                call_command("sync_stock")

    def test_pages_without_end_are_refused(self) -> None:
        with (
            patch(FETCH, return_value={"items": [], "pages": 2000}),
            self.assertRaisesMessage(CommandError, "more than 1000 pages"),
        ):
            call_command("sync_stock")
