"""Under tests: everything in memory, nothing from the environment."""

import secrets

from django.core.management.utils import get_random_secret_key

from bookshop_common.monitoring import logging_settings
from config.settings.base import *

SECRET_KEY = get_random_secret_key()
ALLOWED_HOSTS = ["testserver"]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # The manifest exists only after collectstatic
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LOGGING = logging_settings("CRITICAL")

STOCKROOM_URL = "https://stockroom.test"
STOCKROOM_TOKEN = secrets.token_hex(32)
