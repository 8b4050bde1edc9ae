"""Lets Alembic work with the application's models and database."""

from alembic import context

from stockroom import create_app
from stockroom.extensions import db


def run() -> None:
    """Bring the database of the current settings to the version that the command names."""
    with create_app().app_context(), db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


run()
