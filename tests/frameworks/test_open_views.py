"""Views that anyone may call by their nature."""

from __future__ import annotations

import pytest

from checks.frameworks.open_views import is_open_by_nature
from checks.frameworks.views import views_in
from tests.files import file_of


@pytest.mark.parametrize(
    ("name", "pattern", "found"),
    [
        ("login", "x/", True),
        ("sign_up", "x/", True),
        ("StripeWebhook", "x/", True),
        ("stripe", "webhooks/stripe/", True),
        ("order", "accounts/password-reset/", True),
        ("order", "^webhooks?$", True),
        ("order", "orders/<int:pk>/", False),
        ("OrderViewSet", "orders/", False),
        ("reset_all", "orders/", True),
        ("assign", "orders/", False),
    ],
)
def test_names_and_urls_tell(name: str, pattern: str, found: bool) -> None:
    text = (
        f"from django.urls import path\ndef {name}(request): ...\nurlpatterns = [path('{pattern}', {name})]\n"
    )
    (view,) = views_in(file_of(text, "shop/views.py"))
    assert is_open_by_nature(view) is found
