"""What holds for every page: headers and error pages."""

from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.urls import reverse

from catalogue.tests.factories import make_book, make_review


class HeaderTests(TestCase):
    """The security headers."""

    def test_every_page_has_them(self) -> None:
        headers = self.client.get(reverse("book-list")).headers
        self.assertIn("default-src 'self'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Referrer-Policy"], "same-origin")


class ErrorPageTests(TestCase):
    """Errors are explained in the shop's own words."""

    def test_an_unknown_page_is_explained(self) -> None:
        response = self.client.get("/nowhere/")
        self.assertContains(response, "no such page", status_code=404)

    def test_a_failure_keeps_its_details_to_itself(self) -> None:
        self.client.raise_request_exception = False
        with (
            patch("catalogue.views.BookListView.get_queryset", side_effect=RuntimeError("internal")),
            self.assertLogs("django.request", "ERROR"),
        ):
            response = self.client.get(reverse("book-list"))
        self.assertContains(response, "went wrong", status_code=500)
        self.assertNotContains(response, "internal", status_code=500)


class AdminTests(TestCase):
    """The admin is for staff."""

    def test_customers_are_sent_to_its_login(self) -> None:
        self.client.force_login(get_user_model().objects.create_user("carol"))
        response = self.client.get(reverse("admin:catalogue_book_changelist"))
        self.assertRedirects(response, "/admin/login/?next=/admin/catalogue/book/")

    def test_staff_see_books_authors_and_reviews(self) -> None:
        staff = get_user_model().objects.create_superuser("sam")
        make_review(make_book(), staff)
        self.client.force_login(staff)
        for model in ("book", "author", "review"):
            with self.subTest(model):
                response = self.client.get(reverse(f"admin:catalogue_{model}_changelist"), {"q": ""})
                self.assertEqual(response.context["cl"].result_count, 1)
