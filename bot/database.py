"""Our own few tables beside DBOS's, in the schema `rubricate` of a PostgreSQL that several processes share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

CONNECTIONS = 4
Result = TypeVar("Result")

TABLES = sa.MetaData(schema="rubricate")
# A process at work: it is alive while `seen` is renewed. All times are the database's own, which its users share.
WORKERS = sa.Table(
    "workers",
    TABLES,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("started", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
)
# When an installation's next write is due.
TURNS = sa.Table(
    "turns",
    TABLES,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("due", sa.DateTime(timezone=True), nullable=False),
)
# Clones that each process has to delete from its own disk.
REMOVALS = sa.Table(
    "removals",
    TABLES,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("installation", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.BigInteger),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
NOW = sa.func.clock_timestamp()


class Database:
    """A PostgreSQL with our tables, asked from a thread so that the event loop goes on."""

    def __init__(self, url: str) -> None:
        driver = sa.make_url(url.replace("postgres://", "postgresql://", 1)).set(
            drivername="postgresql+psycopg"
        )
        self._engine = sa.create_engine(driver, pool_size=CONNECTIONS, max_overflow=0, pool_pre_ping=True)
        # threads of its own: DBOS takes the event loop's default ones with it when it ends, and uses them for its work
        self._threads = ThreadPoolExecutor(CONNECTIONS, "database")

    async def prepare(self) -> None:
        """Make the tables that are missing; processes that start together take turns."""

        def make(connection: sa.Connection) -> None:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('rubricate'))"))
            connection.execute(sa.schema.CreateSchema("rubricate", if_not_exists=True))
            TABLES.create_all(connection)

        await self.run(make)

    async def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Do something in one transaction."""

        def transact() -> Result:
            with self._engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transact)

    async def close(self) -> None:
        """Let the connections go."""
        self._threads.shutdown()
        self._engine.dispose()
