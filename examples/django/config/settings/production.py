"""In production: every secret and address comes from the environment, and everything is encrypted."""

from bookshop_common.config import read_integer, read_list, read_text
from bookshop_common.monitoring import start_error_tracking
from config.settings.base import *

DEBUG = False
SECRET_KEY = read_text("DJANGO_SECRET_KEY")
ALLOWED_HOSTS = read_list("DJANGO_ALLOWED_HOSTS")

# The proxy ends TLS and overwrites this header on every request (proxy/nginx.conf)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# The container's health check speaks plain HTTP to itself
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": read_text("DATABASE_HOST"),
        "PORT": read_integer("DATABASE_PORT", default=5432),
        "NAME": read_text("DATABASE_NAME"),
        "USER": read_text("DATABASE_USER"),
        "PASSWORD": read_text("DATABASE_PASSWORD"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": read_text("CACHE_URL"),
        "TIMEOUT": 300,
    }
}

STOCKROOM_URL = read_text("STOCKROOM_URL")
STOCKROOM_TOKEN = read_text("STOCKROOM_TOKEN")

start_error_tracking(read_text("SENTRY_DSN", default=""), environment="production")
