"""Authors, books and what readers say of them."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The shop's catalogue."""

    name = "catalogue"
