"""What every environment shares."""

from bookshop_common.config import read_text

DEBUG = False
TESTING = False
# No delivery needs more than a few hundred bytes
MAX_CONTENT_LENGTH = 64 * 1024

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"

LOG_LEVEL = read_text("STOCKROOM_LOG_LEVEL", default="INFO")
SENTRY_DSN = ""
