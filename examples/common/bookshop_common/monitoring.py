"""Logging and error tracking, alike in both services."""

from typing import Any


def logging_settings(level: str) -> dict[str, Any]:
    """Return a `logging.config.dictConfig` that writes one line a record to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "level": level}},
        "root": {"handlers": ["console"], "level": level},
    }


def start_error_tracking(dsn: str, environment: str) -> None:
    """Send unhandled errors to the tracker at `dsn`; an empty one means that none is used."""
    if not dsn:
        return
    # Only where a tracker is used: development and tests do without the package
    import sentry_sdk  # noqa: PLC0415

    sentry_sdk.init(dsn=dsn, environment=environment, send_default_pii=False)
