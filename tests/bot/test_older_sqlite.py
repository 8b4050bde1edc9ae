"""What a SQLite before 3.42 is taught, so that DBOS can use it."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.older_sqlite import tell_subseconds


def test_every_connection_tells_the_time_with_its_fraction(tmp_path: Path) -> None:
    tell_subseconds()
    tell_subseconds()
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.sqlite3'}")
    before = time.time()
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE a (id INTEGER, at INTEGER DEFAULT (unixepoch('subsec') * 1000))")
        )
        connection.execute(text("INSERT INTO a (id) VALUES (1)"))
        stored = connection.execute(text("SELECT at FROM a")).scalar_one()
    engine.dispose()
    # SQLite's own clock is cut to the millisecond.
    assert before * 1000 - 1 <= stored <= time.time() * 1000
