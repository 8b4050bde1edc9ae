"""The health endpoint."""

from unittest.mock import patch

from django.db import OperationalError, connection
from django.test import TestCase
from django.urls import reverse


class HealthTests(TestCase):
    """What the container's health check sees."""

    def test_a_reachable_database_is_healthy(self) -> None:
        response = self.client.get(reverse("health"))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), {"status": "ok"})

    def test_an_unreachable_database_is_not(self) -> None:
        with (
            patch.object(connection, "ensure_connection", side_effect=OperationalError("refused")),
            self.assertLogs("config.health", "ERROR"),
        ):
            response = self.client.get(reverse("health"))
        self.assertEqual(response.status_code, 503)
        self.assertNotContains(response, "refused", status_code=503)

    def test_it_is_only_read(self) -> None:
        self.assertEqual(self.client.post(reverse("health")).status_code, 405)
