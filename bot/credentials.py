"""The App's credentials as the set-up in the browser leaves them: a file in the data folder, for its owner alone."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

FILE = "credentials.env"
APP_ID = "RUBRICATE_APP_ID"
NAMES = (
    APP_ID,
    "RUBRICATE_PRIVATE_KEY",
    "RUBRICATE_WEBHOOK_SECRET",
    "RUBRICATE_CLIENT_ID",
    "RUBRICATE_CLIENT_SECRET",
)


def to_lines(values: Mapping[str, str]) -> str:
    """The settings as `docker run --env-file` or a secret store takes them: a line each, line ends as `\\n`."""
    return "".join(f"{name}={values[name].strip().replace(chr(10), chr(92) + 'n')}\n" for name in NAMES)


def write(folder: Path, values: Mapping[str, str]) -> Path:
    """Write the file whole or not at all, with mode 600 from its first byte on. Raises OSError."""
    path = folder / FILE
    draft = folder / f".{FILE}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(to_lines(values))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        raise
    return path


def read(folder: Path) -> dict[str, str]:
    """What the file holds; nothing where there is none. Raises ValueError when it can't be used, and says why."""
    path = folder / FILE
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):  # of a folder that is none its own setting tells
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} can't be read: {type(error).__name__}") from None
    if mode & 0o077:
        raise ValueError(f"{path} can be read by others than its owner: chmod 600 {path}")
    pairs = (line.partition("=") for line in text.splitlines())
    return {name: value for name, _, value in pairs if name in NAMES}


def completed(env: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, and behind it what the file in its data folder holds. Raises ValueError, see `read`.

    An environment that names another App has nothing of this one's.
    """
    folder = env.get("RUBRICATE_DATA_DIR", "").strip()
    if not folder:
        return env
    kept = read(Path(folder).expanduser())
    given = {name: value for name, value in env.items() if name not in NAMES or value.strip()}
    if given.get(APP_ID, "").strip() not in {"", kept.get(APP_ID)}:
        return env
    return {**kept, **given}


def is_new(env: Mapping[str, str]) -> bool:
    """Whether an environment, completed, asks for the set-up: it has an address for people and no credential at all."""
    return bool(env.get("RUBRICATE_PUBLIC_URL", "").strip()) and not any(
        env.get(name, "").strip() for name in NAMES
    )
