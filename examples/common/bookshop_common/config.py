"""Settings come from the environment; a missing one stops the service with its name."""

import os


class SettingError(RuntimeError):
    """A setting is missing or can't be read."""


def read_text(name: str, default: str | None = None) -> str:
    """Return the setting `name`; without a default it must be set.

    Raises:
        SettingError: if it is missing or empty, and there is no default.

    """
    value = os.environ.get(name) or default
    if value is None:
        raise SettingError(f"{name} is not set")
    return value


def read_integer(name: str, default: int) -> int:
    """Return the setting `name` as a whole number.

    Raises:
        SettingError: if it is set to anything else.

    """
    value = os.environ.get(name) or str(default)
    try:
        return int(value)
    except ValueError as error:
        raise SettingError(f"{name} must be a whole number, not {value!r}") from error


def read_list(name: str) -> list[str]:
    """Return the setting `name`, which must be set, split at its commas.

    Raises:
        SettingError: if it is missing or empty.

    """
    return [part.strip() for part in read_text(name).split(",") if part.strip()]
