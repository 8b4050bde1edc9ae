"""On a developer's machine: SQLite, and pages that explain errors."""

from django.core.management.utils import get_random_secret_key

from config.settings.base import *
from config.settings.base import BASE_DIR

DEBUG = True
SECRET_KEY = get_random_secret_key()
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "development.sqlite3"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
