"""What holds for every address: health, headers, errors, settings."""

import logging
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from bookshop_common.config import SettingError
from stockroom import create_app
from stockroom.extensions import db


def test_a_reachable_database_is_healthy(stranger: FlaskClient) -> None:
    response = stranger.get("/health")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_an_unreachable_database_is_not(stranger: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    refused = OperationalError("select", {}, Exception("refused"))
    with patch.object(db.session, "execute", side_effect=refused):
        response = stranger.get("/health")
    assert (response.status_code, response.json) == (503, {"status": "unavailable"})
    assert "The database can't be reached" in caplog.messages


def test_every_answer_has_the_security_headers(stranger: FlaskClient) -> None:
    for response in (stranger.get("/health"), stranger.get("/items"), stranger.get("/nowhere")):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_an_unknown_address_is_explained_as_json(stranger: FlaskClient) -> None:
    response = stranger.get("/nowhere")
    assert (response.status_code, response.json) == (404, {"error": "Not Found"})


def test_a_crash_is_logged_and_keeps_its_details_to_itself(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with patch("stockroom.services.list_items", side_effect=RuntimeError("internal")):
        response = client.get("/items")
    assert (response.status_code, response.json) == (500, {"error": "Internal Server Error"})
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_production_does_not_start_without_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STOCKROOM_ENVIRONMENT", raising=False)
    monkeypatch.delenv("STOCKROOM_SECRET_KEY", raising=False)
    with pytest.raises(SettingError, match="STOCKROOM_SECRET_KEY is not set"):
        create_app()
