"""DBOS on a SQLite older than 3.42, as Debian 12 has: the one function that such a SQLite lacks.

From Python 3.12 on DBOS asks for `unixepoch('subsec')`, which an older SQLite answers with NULL.
https://www.sqlite.org/releaselog/3_42_0.html
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

SUBSECONDS_SINCE = (3, 42)


def tell_subseconds() -> None:
    """From now on every SQLite connection knows `unixepoch('subsec')`; nothing changes where SQLite itself does."""
    if sqlite3.sqlite_version_info < SUBSECONDS_SINCE and not event.contains(Engine, "connect", _teach):
        event.listen(Engine, "connect", _teach)


def _teach(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, lambda _modifier: time.time())
