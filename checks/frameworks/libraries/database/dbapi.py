"""The drivers of relational databases of one shape (PEP 249): SQLite, MySQL, Oracle, ODBC, SQL Server.

From PEP 249 and the documentation of sqlite3, aiosqlite, mysqlclient, PyMySQL, MySQL Connector/Python,
aiomysql, python-oracledb, cx_Oracle, pyodbc and pymssql. Parameters are beside the query, and harmless there;
rows are the database's.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, each, of, sinks
from checks.semantics.library import Entry, Library, Sink, escapes, gives, sink


def cursor(name: str) -> dict[str, Entry]:
    """The members of a driver's cursor. One that a query ran on is given back, or nothing."""
    return of(
        name,
        {
            **each("execute executemany", Entry(returns="self", sinks=(Sink("sql", (0, "sql")),))),
            "callproc": sink("sql", 0),
            **each("fetchall fetchmany fetchone __iter__ __next__ description", NOTHING),
            **each("arraysize lastrowid rowcount", NUMBER),
            **each("close setinputsizes setoutputsize", NOTHING),
        },
    )


def connection(name: str, cursors: str) -> dict[str, Entry]:
    """The members of a driver's connection."""
    return of(
        name,
        {
            "cursor": gives(cursors),
            **each("close commit rollback", NOTHING),
        },
    )


def driver(module: str, connections: str, cursors: str, *connects: str) -> dict[str, Entry]:
    """A driver: what connects, the connection's type and the cursor's."""
    return {
        **of(module, each(" ".join(connects) or "connect", gives(connections))),
        **connection(connections, cursors),
        **cursor(cursors),
    }


_EXECUTES = {"execute", "executemany", "executescript"}


def _direct(connections: str, cursors: str) -> dict[str, Entry]:
    """Queries that a connection takes itself."""
    return of(
        connections,
        dict.fromkeys(sorted(_EXECUTES), Entry(returns=cursors, sinks=(Sink("sql", (0, "sql")),))),
    )


_MYSQL = {
    "escape_string": escapes("sql"),
    "escape": escapes("sql"),
    "literal": escapes("sql"),
    "query": sink("sql", 0),
    **each("insert_id thread_id affected_rows", NUMBER),
    "character_set_name": TEXT,
    **each("autocommit begin ping select_db", NOTHING),
}

library = Library(
    "database.dbapi",
    entries={
        **driver("sqlite3", "sqlite3.Connection", "sqlite3.Cursor"),
        **_direct("sqlite3.Connection", "sqlite3.Cursor"),
        **of(
            "sqlite3.Connection",
            each("create_aggregate create_collation create_function row_factory", NOTHING),
        ),
        **of(
            "sqlite3.Connection", each("backup enable_load_extension interrupt set_trace_callback", NOTHING)
        ),
        **of("sqlite3.Connection", {"total_changes": NUMBER, "load_extension": sink("code", 0)}),
        "sqlite3.Cursor.executescript": sink("sql", (0, "sql")),
        "aiosqlite.Cursor.executescript": sink("sql", (0, "sql")),
        "pyodbc.Cursor.fetchval": NOTHING,
        "sqlite3.complete_statement": NOTHING,
        "sqlite3.Row": NOTHING,
        **driver("aiosqlite", "aiosqlite.Connection", "aiosqlite.Cursor"),
        **_direct("aiosqlite.Connection", "aiosqlite.Cursor"),
        **of("aiosqlite.Connection", each("execute_fetchall execute_insert", sink("sql", (0, "sql")))),
        **driver(
            "MySQLdb",
            "MySQLdb.connections.Connection",
            "MySQLdb.cursors.Cursor",
            "connect",
            "Connect",
            "Connection",
        ),
        **of("MySQLdb.connections.Connection", _MYSQL),
        **each(
            "MySQLdb.escape_string pymysql.converters.escape_string pymysql.escape_string", escapes("sql")
        ),
        **driver("pymysql", "pymysql.connections.Connection", "pymysql.cursors.Cursor", "connect", "Connect"),
        **of("pymysql.connections.Connection", _MYSQL),
        "pymysql.cursors.Cursor.mogrify": sinks(Sink("sql", (0, "query")), returns="builtins.str"),
        **driver("mysql.connector", "mysql.connector.MySQLConnection", "mysql.connector.cursor.MySQLCursor"),
        "mysql.connector.MySQLConnection.cmd_query": sink("sql", 0),
        "mysql.connector.pooling.MySQLConnectionPool.get_connection": gives(
            "mysql.connector.MySQLConnection"
        ),
        **driver("aiomysql", "aiomysql.Connection", "aiomysql.Cursor"),
        "aiomysql.create_pool": gives("aiomysql.Pool"),
        **of(
            "aiomysql.Pool",
            {"acquire": gives("aiomysql.Connection"), **each("close release wait_closed", NOTHING)},
        ),
        **driver("oracledb", "oracledb.Connection", "oracledb.Cursor", "connect", "connect_async"),
        "oracledb.create_pool": gives("oracledb.ConnectionPool"),
        "oracledb.create_pool_async": gives("oracledb.ConnectionPool"),
        "oracledb.ConnectionPool.acquire": gives("oracledb.Connection"),
        "oracledb.Cursor.prepare": sink("sql", 0),
        "oracledb.Cursor.parse": sink("sql", 0),
        **of("oracledb.AsyncConnection", each("execute executemany fetchall fetchone", sink("sql", 0))),
        **driver("pyodbc", "pyodbc.Connection", "pyodbc.Cursor"),
        **_direct("pyodbc.Connection", "pyodbc.Cursor"),
        **driver("pymssql", "pymssql.Connection", "pymssql.Cursor"),
    },
    bases={
        "oracledb.AsyncConnection": ("oracledb.Connection",),
        "MySQLdb.cursors.DictCursor": ("MySQLdb.cursors.Cursor",),
        "pymysql.cursors.DictCursor": ("pymysql.cursors.Cursor",),
    },
    aliases={
        "aiosqlite.core.": "aiosqlite.",
        "aiosqlite.cursor.": "aiosqlite.",
        "cx_Oracle.": "oracledb.",
        "mysql.connector.connection.": "mysql.connector.",
        "pysqlite2.dbapi2.": "sqlite3.",
        "sqlite3.dbapi2.": "sqlite3.",
    },
)
