"""An application with an empty database for each test, and clients with and without the token."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from stockroom import create_app
from stockroom.extensions import db


@pytest.fixture
def app() -> Iterator[Flask]:
    """Return the application under its settings for tests."""
    app = create_app("testing")
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Return a client without the token."""
    return app.test_client()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client with the token."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {app.config['STOCKROOM_TOKEN']}"
    return client
