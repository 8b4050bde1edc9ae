"""SQLAlchemy, 1.x and 2.x, with or without async, Flask-SQLAlchemy, peewee and Tortoise.

From SQLAlchemy's documentation: "Column Elements and Expressions" (`text`, `literal_column`), "Working with
Engines and Connections", "Using the Session", "Legacy Query API", "SELECT and Related Constructs"
(`prefix_with`, `with_hint`), "Asynchronous I/O"; Flask-SQLAlchemy's "API Reference"; peewee's "Query
operators" (`SQL`, `raw`); Tortoise's "Query API". Before 1.4 texts were accepted where expressions are due;
those put together from parts count there.
"""

from __future__ import annotations

from checks.frameworks.libraries.conditions import is_built
from checks.frameworks.libraries.tables import ITSELF, NOTHING, NUMBER, TEXT, TRUTH, each, of, own, sinks
from checks.frameworks.sqlalchemy.entities import PAGINATION
from checks.frameworks.sqlalchemy.options import ATTRIBUTE, ATTRIBUTES, FURTHER, LOAD, OPTIONS, ROOT
from checks.frameworks.sqlalchemy.queries import CHAINED, RUNNING, begun, described
from checks.frameworks.sqlalchemy.relations import COLLECTION
from checks.frameworks.sqlalchemy.sessions import (
    ANY_SESSION,
    DATABASES,
    FUNCTIONS,
    PAGES,
    RESULTS,
    SCALARS,
    SESSIONS,
    aliased,
)
from checks.semantics.library import Entry, Library, Sink, any_receiver, escapes, gives, sink

ENGINE = "sqlalchemy.engine.Engine"
CONNECTION = "sqlalchemy.engine.Connection"
RESULT = "sqlalchemy.engine.Result"
SESSION = "sqlalchemy.orm.Session"
QUERY = "sqlalchemy.orm.Query"
SELECT = "sqlalchemy.sql.expression.Select"
CLAUSE = "sqlalchemy.sql.expression.ColumnElement"
TEXT_CLAUSE = "sqlalchemy.TextClause"
INSERT = "sqlalchemy.sql.expression.Insert"
DATABASE = "flask_sqlalchemy.SQLAlchemy"
MODEL = "flask_sqlalchemy.model.Model"
_ASYNC = "sqlalchemy.ext.asyncio"

_STATEMENT = Entry(returns=RESULT, sinks=(Sink("sql", (0, "statement")),))
_TEXTUAL = Entry(returns="self", sinks=(Sink("sql", 0, is_built()),))
_FIELDS = Entry(returns="self", sinks=(Sink("model", "*"),))
_ROWS = Entry(returns="self", sinks=(Sink("page-size", 0),))

_EXPRESSIONS = {
    "text": sink("sql", (0, "text"), returns=TEXT_CLAUSE),
    "literal_column": sink("sql", (0, "text"), returns=CLAUSE),
    **each("union union_all except_ intersect exists", gives(SELECT)),
    **described({"select": gives(SELECT)}, FUNCTIONS),
    **each("delete insert update", gives(INSERT)),
    **each(
        "and_ or_ not_ case cast column table bindparam literal null true false tuple_ type_coerce",
        gives(CLAUSE),
    ),
    **each(
        "asc desc distinct extract label lateral nulls_first nulls_last over values within_group",
        gives(CLAUSE),
    ),
    "func": gives("sqlalchemy.sql.functions._FunctionGenerator"),
    "create_engine": gives(ENGINE),
    **each("Column ForeignKey Index Integer String MetaData Table UniqueConstraint inspect event", NOTHING),
    "DDL": sink("sql", (0, "statement"), returns=CLAUSE),
    "CheckConstraint": sink("sql", (0, "sqltext")),
    "TextClause": sink("sql", (0, "text"), returns=TEXT_CLAUSE),
}
_SELECT = {
    **each(
        "add_columns alias cte distinct execution_options filter from_statement join"
        " options outerjoin subquery"
        " select_from union union_all with_for_update with_only_columns scalar_subquery returning"
        " exists label",
        ITSELF,
    ),
    **each("group_by having order_by where", _TEXTUAL),
    **each("prefix_with suffix_with", Entry(returns="self", sinks=(Sink("sql", 0),))),
    **each(
        "with_hint with_statement_hint",
        sinks(Sink("sql", (0, "text")), Sink("sql", (1, "text")), returns="self"),
    ),
    "filter_by": Entry(returns="self", sinks=(Sink("object-key", "id"),)),
    **each("limit fetch", _ROWS),
    **each("offset slice", ITSELF),
    "values": _FIELDS,
}
_QUERY = {
    **each("filter", _TEXTUAL),
    **each(
        "add_entity autoflush correlate enable_eagerloads execution_options params populate_existing", ITSELF
    ),
    **each("all first first_or_404 one one_or_404 one_or_none scalar", NOTHING),
    **each("get get_or_404", sink("object-key", (0, "ident"))),
    **each("__getitem__ __iter__ delete yield_per", NOTHING),
    "count": NUMBER,
    "update": Entry(sinks=(Sink("model", (0, "values")),)),
    "from_statement": Entry(returns="self", sinks=(Sink("sql", 0, is_built()),)),
    "paginate": Entry(sinks=(Sink("page-size", "per_page"),)),
}
_EXECUTES = {
    **each("execute scalar scalars stream stream_scalars", _STATEMENT),
    **each("begin begin_nested close commit rollback invalidate in_transaction", NOTHING),
}
_SESSION = {
    **_EXECUTES,
    "begin": ITSELF,
    "query": gives(QUERY),
    **each(
        "add add_all delete expire expire_all expunge expunge_all is_modified merge refresh",
        NOTHING,
    ),
    **each("get get_one", sink("object-key", (1, "ident"))),
    "connection": gives(CONNECTION),
    **each("bulk_insert_mappings bulk_update_mappings", Entry(sinks=(Sink("model", (1, "mappings")),))),
    **each("bulk_save_objects flush run_sync new dirty deleted info bind remove no_autoflush", NOTHING),
}
_RESULT = {
    **each(
        "all fetchall fetchmany fetchone first one one_or_none scalar scalar_one scalar_one_or_none"
        " scalars mappings unique"
        " partitions keys columns tuples close __iter__ inserted_primary_key",
        NOTHING,
    ),
    "rowcount": NUMBER,
    "returns_rows": TRUTH,
}
_CLAUSE = {
    **each(
        "asc between bool_op cast collate compile concat contains desc endswith"
        " ilike in_ is_ is_not label like"
        " match not_in notin_ startswith self_group params icontains",
        gives(CLAUSE),
    ),
    "op": Entry(returns=CLAUSE, sinks=(Sink("sql", (0, "opstring")),)),
}
_ENGINE = {
    "connect": gives(CONNECTION),
    "begin": gives(CONNECTION),
    "raw_connection": gives("psycopg2.extensions.connection"),
    **each("execute scalar", _STATEMENT),
    **each("dispose pool url dialect", NOTHING),
}

library = Library(
    "database.sqlalchemy",
    entries={
        **of("sqlalchemy", _EXPRESSIONS),
        **of(ENGINE, _ENGINE),
        **of(
            CONNECTION,
            {
                **_EXECUTES,
                "begin": ITSELF,
                "connection": gives("sqlite3.Connection"),
                "exec_driver_sql": _STATEMENT,
                "execution_options": ITSELF,
            },
        ),
        **of(RESULT, described(_RESULT, RESULTS)),
        **of(SELECT, described(_SELECT, CHAINED)),
        **of(QUERY, described(_QUERY, RUNNING, CHAINED)),
        **of(COLLECTION, described({"select": gives(SELECT)}, {"select": begun})),
        **of(COLLECTION, each("add add_all delete insert remove update", NOTHING)),
        **of(CLAUSE, _CLAUSE),
        **of(ATTRIBUTE, {**ATTRIBUTES, **each("any has property key", gives(CLAUSE))}),
        **of(LOAD, {**OPTIONS, **FURTHER}),
        **of(TEXT_CLAUSE, {"bindparams": ITSELF, "columns": gives(SELECT)}),
        "sqlalchemy.sql.functions._FunctionGenerator.__getattr__": gives(CLAUSE),
        "sqlalchemy.dialects.postgresql.insert": gives(INSERT),
        "sqlalchemy.sql.compiler.IdentifierPreparer.quote": escapes("sql"),
        "sqlalchemy.sql.quoted_name": NOTHING,
        SESSION: gives(SESSION),
        **of(SESSION, described(_SESSION, SESSIONS)),
        **each(
            "sqlalchemy.orm.sessionmaker sqlalchemy.orm.scoped_session", gives("sqlalchemy.orm.sessionmaker")
        ),
        "sqlalchemy.orm.sessionmaker.__call__": gives(SESSION),
        "sqlalchemy.orm.sessionmaker.begin": gives(SESSION),
        **of(
            "sqlalchemy.orm",
            {**OPTIONS, "Load": ROOT, "aliased": Entry(apply=aliased)},
        ),
        **of("sqlalchemy.orm", each("backref mapped_column relationship validates", NOTHING)),
        **each(f"{_ASYNC}.async_sessionmaker", gives("sqlalchemy.orm.sessionmaker")),
        f"{_ASYNC}.create_async_engine": gives(ENGINE),
        f"{_ASYNC}.AsyncSession": gives(SESSION),
        "sqlalchemy.orm.DeclarativeBase": Entry(sinks=(Sink("model", "*"),)),
        DATABASE: gives(DATABASE),
        # It hands on what `sqlalchemy` and `sqlalchemy.orm` have.
        **of(
            DATABASE,
            {
                "session": gives(SESSION),
                "engine": gives(ENGINE),
                "get_engine": gives(ENGINE),
                "Model": Entry(returns=MODEL, sinks=(Sink("model", "*"),)),
            },
        ),
        **of(DATABASE, each("create_all drop_all init_app metadata", NOTHING)),
        **of(
            DATABASE,
            described(
                {
                    "get_or_404": sink("object-key", (1, "ident")),
                    "paginate": Entry(sinks=(Sink("page-size", "per_page"),)),
                },
                DATABASES,
            ),
        ),
        **of(PAGINATION, {**described({}, PAGES), **each("page pages per_page total", NUMBER)}),
        **of(PAGINATION, each("has_next has_prev", TRUTH)),
        **{any_receiver(name): entry for name, entry in described({}, ANY_SESSION).items()},
        MODEL: Entry(sinks=(Sink("model", "*"),)),
        **of(MODEL, {"query": gives(QUERY), **each("id metadata __table__", NOTHING)}),
        "alembic.op.execute": Entry(sinks=(Sink("sql", (0, "sqltext")),)),
        "alembic.op.get_bind": gives(CONNECTION),
        "peewee.SQL": sink("sql", (0, "sql")),
        **of(
            "peewee.Database",
            {"execute_sql": sink("sql", (0, "sql")), **each("atomic close connect create_tables", NOTHING)},
        ),
        **of(
            "peewee.Model",
            {"raw": sink("sql", 0), **each("create insert update", Entry(sinks=(Sink("model", "*"),)))},
        ),
        **of("peewee.Model", each("get get_by_id get_or_none select delete_instance save", NOTHING)),
        **of(
            "tortoise.models.Model",
            {"raw": sink("sql", 0), **each("create update_or_create", Entry(sinks=(Sink("model", "*"),)))},
        ),
        **of("records.Database", each("bulk_query query query_file", sink("sql", (0, "query")))),
        "sqlalchemy.engine.URL.create": NOTHING,
        "sqlalchemy.engine.make_url": own(),
        "sqlalchemy.engine.Engine.name": TEXT,
    },
    bases={
        QUERY: (SELECT,),
        SELECT: (CLAUSE,),
        ATTRIBUTE: (CLAUSE,),
        SCALARS: (RESULT,),
        DATABASE: ("sqlalchemy", "sqlalchemy.orm"),
        INSERT: (SELECT,),
        "sqlalchemy.engine.CursorResult": (RESULT,),
        "sqlalchemy.orm.scoped_session": ("sqlalchemy.orm.sessionmaker", SESSION),
        "sqlalchemy.orm.sessionmaker": (SESSION,),
        "flask_sqlalchemy.BaseQuery": (QUERY,),
        "flask_sqlalchemy.query.Query": (QUERY,),
        **{
            f"peewee.{name}": ("peewee.Database",)
            for name in ("MySQLDatabase", "PostgresqlDatabase", "SqliteDatabase")
        },
    },
    aliases={
        "flask_sqlalchemy.extension.": "flask_sqlalchemy.",
        "sqlalchemy.engine.base.": "sqlalchemy.engine.",
        "sqlalchemy.engine.create_engine": "sqlalchemy.create_engine",
        "sqlalchemy.engine.cursor.": "sqlalchemy.engine.",
        "sqlalchemy.engine.result.": "sqlalchemy.engine.",
        f"{_ASYNC}.AsyncConnection": CONNECTION,
        f"{_ASYNC}.AsyncConnection.": f"{CONNECTION}.",
        f"{_ASYNC}.AsyncEngine": ENGINE,
        f"{_ASYNC}.AsyncEngine.": f"{ENGINE}.",
        f"{_ASYNC}.AsyncSession.": f"{SESSION}.",
        "flask_appbuilder.SQLA": DATABASE,
        "flask_appbuilder.models.sqla.SQLA": DATABASE,
        "sqlalchemy.future.select": "sqlalchemy.select",
        "sqlalchemy.orm.query.": "sqlalchemy.orm.",
        "sqlalchemy.orm.session.": "sqlalchemy.orm.",
        "sqlalchemy.schema.DDL": "sqlalchemy.DDL",
        **{
            f"sqlalchemy.sql.{name}": f"sqlalchemy.{name}"
            for name in ("func", "literal_column", "select", "text")
        },
        **{
            f"sqlalchemy.sql.expression.{name}": f"sqlalchemy.{name}"
            for name in ("func", "literal_column", "select", "text", "TextClause")
        },
        "sqlalchemy.Select.": f"{SELECT}.",
        "sqlalchemy.sql.selectable.Select.": f"{SELECT}.",
    },
)
