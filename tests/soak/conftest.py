"""The PostgreSQL of the App's tests."""

from tests.bot.conftest import postgresql, postgresql_server

__all__ = ["postgresql", "postgresql_server"]
