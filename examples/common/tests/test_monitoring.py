"""Logging and error tracking."""

import logging
import sys
from logging.config import dictConfig
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from bookshop_common.monitoring import logging_settings, start_error_tracking


def test_records_below_the_level_are_dropped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    dictConfig(logging_settings("WARNING"))
    logging.getLogger("shop").info("quiet")
    logging.getLogger("shop").warning("loud")
    written = capsys.readouterr().err
    assert "WARNING shop loud" in written
    assert "quiet" not in written


def test_errors_are_sent_to_the_tracker(monkeypatch: pytest.MonkeyPatch) -> None:
    init = Mock()
    monkeypatch.setitem(sys.modules, "sentry_sdk", SimpleNamespace(init=init))
    start_error_tracking("https://key@tracker.example/1", "production")
    init.assert_called_once_with(
        dsn="https://key@tracker.example/1", environment="production", send_default_pii=False
    )


def test_no_tracker_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    init = Mock()
    monkeypatch.setitem(sys.modules, "sentry_sdk", SimpleNamespace(init=init))
    start_error_tracking("", "development")
    init.assert_not_called()
