"""In production: every secret and address comes from the environment."""

from sqlalchemy import URL

from bookshop_common.config import read_integer, read_text
from stockroom.settings.base import *

SECRET_KEY = read_text("STOCKROOM_SECRET_KEY")
STOCKROOM_TOKEN = read_text("STOCKROOM_TOKEN")
SENTRY_DSN = read_text("SENTRY_DSN", default="")

SQLALCHEMY_DATABASE_URI = URL.create(
    "postgresql+psycopg",
    host=read_text("DATABASE_HOST"),
    port=read_integer("DATABASE_PORT", default=5432),
    database=read_text("DATABASE_NAME"),
    username=read_text("DATABASE_USER"),
    password=read_text("DATABASE_PASSWORD"),
)
SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True, "pool_recycle": 300}
