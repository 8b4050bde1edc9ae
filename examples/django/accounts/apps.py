"""Signing in and out."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app has no models of its own: users are Django's."""

    name = "accounts"
