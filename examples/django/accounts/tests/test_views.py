"""Signing in and out."""

from unittest.mock import patch

from django.contrib.auth import get_user, get_user_model
from django.core.cache import cache
from django.test import TestCase
from django.urls import reverse

from accounts.throttles import LoginThrottle

PASSWORD = "correct horse battery"  # noqa: S105


class LoginTests(TestCase):
    """The login page."""

    def setUp(self) -> None:
        self.addCleanup(cache.clear)
        self.user = get_user_model().objects.create_user("carol", password=PASSWORD)

    def sign_in(self, password: str) -> int:
        """Return the status of an attempt to sign in."""
        form = {"username": "carol", "password": password}
        return self.client.post(reverse("login"), form).status_code

    def test_the_page_asks_for_name_and_password(self) -> None:
        response = self.client.get(reverse("login"))
        self.assertContains(response, 'name="password"')

    def test_the_right_password_signs_in(self) -> None:
        self.assertEqual(self.sign_in(PASSWORD), 302)
        self.assertEqual(get_user(self.client), self.user)

    def test_a_wrong_password_does_not(self) -> None:
        self.assertEqual(self.sign_in("wrong"), 200)
        self.assertFalse(get_user(self.client).is_authenticated)

    def test_guessing_is_stopped(self) -> None:
        with patch.object(LoginThrottle, "timer", return_value=0.0):
            attempts = [self.sign_in("wrong") for _ in range(5)]
            self.assertEqual(attempts, [200] * 5)
            with self.assertLogs("accounts.views", "WARNING"), self.assertLogs("django.request", "WARNING"):
                self.assertEqual(self.sign_in(PASSWORD), 429)
        self.assertFalse(get_user(self.client).is_authenticated)

    def test_signing_out_ends_the_session(self) -> None:
        self.client.force_login(self.user)
        self.assertRedirects(self.client.post(reverse("logout")), reverse("book-list"))
        self.assertFalse(get_user(self.client).is_authenticated)
