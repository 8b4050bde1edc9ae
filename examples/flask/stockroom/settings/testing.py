"""Under tests: everything in memory, nothing from the environment."""

import secrets

from stockroom.settings.base import *

TESTING = True
SECRET_KEY = secrets.token_hex(32)
SQLALCHEMY_DATABASE_URI = "sqlite://"
STOCKROOM_TOKEN = secrets.token_hex(32)
LOG_LEVEL = "INFO"
