"""The stockroom: how many copies of which book lie on the shelf."""

from logging.config import dictConfig

from flask import Flask

from bookshop_common.config import read_text
from bookshop_common.monitoring import logging_settings, start_error_tracking
from stockroom.blueprints import deliveries, health, items
from stockroom.errors import register_error_handlers
from stockroom.extensions import db
from stockroom.security import add_security_headers


def create_app(environment: str | None = None) -> Flask:
    """Return the application, with the settings of `environment` (else of STOCKROOM_ENVIRONMENT).

    Raises:
        SettingError: if a setting that the environment needs is missing.

    """
    environment = environment or read_text("STOCKROOM_ENVIRONMENT", default="production")
    app = Flask(__name__)
    app.config.from_object(f"stockroom.settings.{environment}")
    dictConfig(logging_settings(app.config["LOG_LEVEL"]))
    start_error_tracking(app.config["SENTRY_DSN"], environment)
    db.init_app(app)
    app.register_blueprint(items.blueprint)
    app.register_blueprint(deliveries.blueprint)
    app.register_blueprint(health.blueprint)
    app.after_request(add_security_headers)
    register_error_handlers(app)
    return app
