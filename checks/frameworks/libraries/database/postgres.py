"""Drivers of PostgreSQL: psycopg, psycopg2, asyncpg, aiopg, pg8000.

From Psycopg 3's documentation ("Passing parameters to SQL queries", "SQL string composition", "Using COPY")
and Psycopg 2's ("The cursor class", "psycopg2.sql", "psycopg2.extensions", "psycopg2.extras"), asyncpg's "API
Reference", pg8000's "Native API Docs". What `sql.SQL(...).format(...)` makes of identifiers and literals is
harmless; its own text is not escaped.
"""

from __future__ import annotations

from checks.frameworks.libraries.database.dbapi import driver
from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of, sinks
from checks.semantics.library import Entry, Library, Sink, escapes, gives, sink


def _composition(module: str) -> dict[str, Entry]:
    """The helpers that put queries together."""
    composed = gives(f"{module}.Composed")
    return {
        **of(
            module,
            {
                "SQL": sink("sql", (0, "string"), returns=f"{module}.SQL"),
                **each("Composed Identifier Literal Placeholder", composed),
            },
        ),
        **of(f"{module}.SQL", each("format join __add__ __mul__", composed)),
        **of(f"{module}.Composed", each("join as_string as_bytes __add__", composed)),
    }


_COPY = {
    "copy": sink("sql", (0, "statement")),
    "mogrify": sinks(Sink("sql", (0, "query")), returns="builtins.str"),
    "stream": sink("sql", (0, "query")),
}
_ASYNCPG = {
    **each(
        "execute executemany fetch fetchmany fetchrow fetchval",
        Entry(sinks=(Sink("sql", (0, "query")), Sink("sql", "command"))),
    ),
    **each(
        "cursor prepare",
        Entry(returns="asyncpg.prepared_stmt.PreparedStatement", sinks=(Sink("sql", (0, "query")),)),
    ),
    "copy_from_query": sink("sql", (0, "query")),
    **each("add_listener close copy_from_table copy_records_to_table copy_to_table transaction", NOTHING),
    "is_closed": TRUTH,
}

library = Library(
    "database.postgres",
    entries={
        **driver("psycopg", "psycopg.Connection", "psycopg.Cursor"),
        **of("psycopg.Cursor", _COPY),
        **of(
            "psycopg.Connection",
            {"execute": sink("sql", (0, "query"), returns="psycopg.Cursor"), "transaction": NOTHING},
        ),
        **each("psycopg.Connection.connect psycopg.AsyncConnection.connect", gives("psycopg.Connection")),
        **of(
            "psycopg_pool.ConnectionPool",
            {**each("connection getconn", gives("psycopg.Connection")), "putconn": NOTHING},
        ),
        **_composition("psycopg.sql"),
        "psycopg.sql.quote": escapes("sql"),
        **driver("psycopg2", "psycopg2.extensions.connection", "psycopg2.extensions.cursor"),
        "psycopg2.extensions.cursor.mogrify": _COPY["mogrify"],
        **of(
            "psycopg2.extensions.cursor",
            {"copy_expert": sink("sql", (0, "sql")), "copy_from": NOTHING, "copy_to": NOTHING, "query": TEXT},
        ),
        **_composition("psycopg2.sql"),
        **of("psycopg2.extras", each("execute_batch execute_values", sink("sql", (1, "sql")))),
        **of("psycopg2.extras", each("Json register_hstore register_uuid", NOTHING)),
        **of(
            "psycopg2.extensions",
            {
                "AsIs": sink("sql", 0),
                "quote_ident": escapes("sql"),
                **each("adapt register_adapter register_type new_type", NOTHING),
            },
        ),
        **of(
            "psycopg2.pool.ThreadedConnectionPool",
            {"getconn": gives("psycopg2.extensions.connection"), "putconn": NOTHING},
        ),
        "asyncpg.connect": gives("asyncpg.Connection"),
        "asyncpg.create_pool": gives("asyncpg.Pool"),
        **of("asyncpg.Connection", _ASYNCPG),
        "asyncpg.Pool.acquire": gives("asyncpg.Connection"),
        "asyncpg.Pool.release": NOTHING,
        **of(
            "asyncpg.prepared_stmt.PreparedStatement",
            each("cursor executemany fetch fetchrow fetchval get_statusmsg", NOTHING),
        ),
        **driver("aiopg", "aiopg.Connection", "aiopg.Cursor"),
        "aiopg.create_pool": gives("aiopg.Pool"),
        "aiopg.Pool.acquire": gives("aiopg.Connection"),
        "aiopg.Pool.cursor": gives("aiopg.Cursor"),
        **driver("pg8000", "pg8000.Connection", "pg8000.Cursor"),
        "pg8000.native.Connection": gives("pg8000.native.Connection"),
        **of(
            "pg8000.native.Connection", {"run": sink("sql", (0, "sql")), "prepare": sink("sql", (0, "sql"))}
        ),
        **each("pg8000.native.identifier pg8000.native.literal", escapes("sql")),
    },
    bases={
        "psycopg.sql.SQL": ("psycopg.sql.Composed",),
        "psycopg2.sql.SQL": ("psycopg2.sql.Composed",),
        "psycopg.AsyncConnection": ("psycopg.Connection",),
        "psycopg.AsyncCursor": ("psycopg.Cursor",),
        "psycopg.ClientCursor": ("psycopg.Cursor",),
        "psycopg.ServerCursor": ("psycopg.Cursor",),
        "psycopg2.extras.DictCursor": ("psycopg2.extensions.cursor",),
        "psycopg2.extras.NamedTupleCursor": ("psycopg2.extensions.cursor",),
        "psycopg2.extras.RealDictCursor": ("psycopg2.extensions.cursor",),
        "psycopg2.pool.SimpleConnectionPool": ("psycopg2.pool.ThreadedConnectionPool",),
        "psycopg_pool.AsyncConnectionPool": ("psycopg_pool.ConnectionPool",),
        "asyncpg.Pool": ("asyncpg.Connection",),
    },
    aliases={
        "asyncpg.connection.": "asyncpg.",
        "asyncpg.pool.": "asyncpg.",
        "aiopg.connection.": "aiopg.",
        "psycopg.connection.": "psycopg.",
        "psycopg.cursor.": "psycopg.",
    },
)
