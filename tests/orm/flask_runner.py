"""Flask pages run on SQLite in memory: `python -m tests.orm.flask_runner` serves measurements.

`shop` has `create_app()`, and `db` either as an extension or as a module with `engine` and `Base`. The application
finds its database in the environment, as `DATABASE_URL`.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask_sqlalchemy  # noqa: F401
import marshmallow  # noqa: F401
import sqlalchemy.dialects.sqlite.pysqlite
import sqlalchemy.ext.associationproxy
import sqlalchemy.ext.declarative
import sqlalchemy.ext.hybrid  # noqa: F401
from flask import Flask
from sqlalchemy import Engine, MetaData, event

from tests.orm.forks import (
    FEW,
    MANY,
    Job,
    Measurement,
    Request,
    Run,
    answer_of,
    call_dotted,
    read_request,
    serve,
)

_ADDRESS = "sqlite:///:memory:"


def measure(job: Job) -> Measurement:
    """The queries of a project at few rows and at many, after a run that fills the caches of the process."""
    os.environ["DATABASE_URL"] = os.environ["FLASK_SQLALCHEMY_DATABASE_URI"] = _ADDRESS
    shop = importlib.import_module("shop")
    app = shop.create_app()
    _run(job, app, shop.db, FEW)
    return {"few": _run(job, app, shop.db, FEW), "many": _run(job, app, shop.db, MANY)}


def _run(job: Job, app: Flask, db: Any, rows: int) -> Run:
    """One count, on tables made anew."""
    populate = importlib.import_module("rows").populate
    with app.app_context():
        engine: Engine = db.engine
        metadata: MetaData = db.metadata if hasattr(db, "metadata") else db.Base.metadata
        metadata.drop_all(engine)
        metadata.create_all(engine)
        populate(rows)
    with _recorded(engine) as statements:
        answers = _answers(job, app)
    return {"statements": statements, "answers": answers, "state": _state(engine, metadata)}


@contextmanager
def _recorded(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def record(
        connection: object, cursor: object, statement: str, parameters: object, context: object, many: bool
    ) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", record)
    yield statements
    event.remove(engine, "before_cursor_execute", record)


def _answers(job: Job, app: Flask) -> list[str]:
    program, *words = job["call"].split() or [""]
    if program == "flask":
        done = app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        return [done.output]
    if program:
        with app.app_context():
            return [call_dotted(job["call"])]
    return [_answer(app, read_request(line)) for line in job["requests"]]


def _answer(app: Flask, request: Request) -> str:
    """One response, from a client and a session of its own."""
    data = request["data"]
    kind = "application/json" if data.startswith(("{", "[")) else "application/x-www-form-urlencoded"
    app.testing = True
    response = app.test_client().open(
        request["path"], method=request["method"], data=data or None, content_type=kind if data else None
    )
    return answer_of(response.status_code, response.get_data(), request)


def _state(engine: Engine, metadata: MetaData) -> str:
    """The rows of all tables."""
    with engine.connect() as connection:
        rows = {
            table.name: [
                repr(tuple(row)) for row in connection.execute(table.select().order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }
    return json.dumps(rows)


if __name__ == "__main__":
    serve(measure)
