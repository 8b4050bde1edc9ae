"""On a developer's machine: SQLite, and a token of its own for each start unless one is given."""

import secrets

from bookshop_common.config import read_text
from stockroom.settings.base import *

SECRET_KEY = secrets.token_hex(32)
SQLALCHEMY_DATABASE_URI = "sqlite:///stockroom.sqlite3"
STOCKROOM_TOKEN = read_text("STOCKROOM_TOKEN", default=secrets.token_hex(32))
