"""The App's settings, read once from the environment."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot import credentials
from bot.github.throttle import Pace
from checks import __version__
from checks.errors import UserError

MEGABYTE = 1024 * 1024
_CLIENT_ID = re.compile(r"[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one review may take before it is ended: bytes, seconds, and counts of files and descriptors."""

    memory: int = 2048 * MEGABYTE
    seconds: int = 300
    cpu_seconds: int = 600
    answer: int = 64 * MEGABYTE
    file_size: int = 64 * MEGABYTE
    open_files: int = 256
    fetch_seconds: int = 900
    pack: int = 8192 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Config:
    """All that the App is told from outside. Secrets stay out of `repr`, and so out of logs."""

    app_id: str
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    data_dir: Path
    github_url: str = "https://github.com"
    api_url: str = "https://api.github.com"
    database_url: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    reviews_at_once: int = 2
    clones_size: int = 10_240 * MEGABYTE
    pace: Pace = field(default_factory=Pace)
    lease_seconds: float = 30.0
    poll_interval: float = 0.2
    progress_interval: float = 5.0
    catch_up_seconds: float = 2.0
    retry_pause: float = 1.0
    log_format: str = "text"
    onboarding: bool = True
    child: tuple[str, ...] = (sys.executable, "-I", "-m", "checks.job")
    limits: Limits = Limits()
    public_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, worker: bool = False) -> Config:
        """Read the settings; a `UserError` names everything that is missing or wrong, a line each.

        A worker receives no webhooks and so needs no secret, but a database that it shares. Credentials may stand in
        the file that the set-up wrote; a server that has none but a public address is to be set up (`is_set_up`).
        """
        reader = _Reader(env)
        new = not worker and credentials.is_new(reader.env)
        memory = reader.number("RUBRICATE_REVIEW_MEMORY_MB", 2048, 256)
        seconds = reader.number("RUBRICATE_REVIEW_SECONDS", 300, 1)
        # with workers elsewhere a server may leave all reviews to them
        least = 0 if env.get("RUBRICATE_DATABASE_URL", "").startswith("postgres") and not worker else 1
        config = cls(
            app_id=""
            if new
            else reader.required(
                "RUBRICATE_APP_ID", _is_app_id, "is the number that GitHub shows on the App's page"
            ),
            private_key="" if new else reader.private_key("RUBRICATE_PRIVATE_KEY"),
            webhook_secret=""
            if worker or new
            else reader.required("RUBRICATE_WEBHOOK_SECRET", bool, "must not be empty"),
            data_dir=reader.directory("RUBRICATE_DATA_DIR"),
            github_url=reader.url("RUBRICATE_GITHUB_URL", "https://github.com"),
            api_url=reader.url("RUBRICATE_GITHUB_API_URL", "https://api.github.com"),
            database_url=reader.database("RUBRICATE_DATABASE_URL", shared=worker),
            host=env.get("RUBRICATE_HOST", "").strip() or "127.0.0.1",
            port=reader.number("RUBRICATE_PORT", 8000, 0, 65_535),
            reviews_at_once=reader.number("RUBRICATE_REVIEWS_AT_ONCE", max(1, os.cpu_count() or 1), least),
            clones_size=reader.number("RUBRICATE_CLONES_MB", 10_240, 1) * MEGABYTE,
            log_format=reader.choice("RUBRICATE_LOG_FORMAT", "text", "json"),
            onboarding=reader.choice("RUBRICATE_ONBOARDING", "yes", "no") == "yes",
            limits=Limits(memory=memory * MEGABYTE, seconds=seconds, cpu_seconds=2 * seconds),
            public_url=reader.origin("RUBRICATE_PUBLIC_URL"),
            client_id="" if worker else reader.client_id("RUBRICATE_CLIENT_ID"),
            client_secret="" if worker else reader.client_secret("RUBRICATE_CLIENT_SECRET"),
        )
        if reader.problems:
            raise UserError("\n".join(reader.problems))
        return config

    @property
    def is_set_up(self) -> bool:
        """Whether there is an App; without one a server offers nothing but its registration."""
        return bool(self.app_id)

    @property
    def has_sign_in(self) -> bool:
        """Whether people can sign in, and so be shown anything."""
        return bool(self.public_url and self.client_id and self.client_secret)

    @property
    def database(self) -> str:
        """The URL of the jobs' database: SQLite in the data folder unless one was named."""
        return self.database_url or f"sqlite:///{self.data_dir / 'jobs.sqlite3'}"

    @property
    def is_shared(self) -> bool:
        """Whether other processes may work on the same jobs: SQLite belongs to one."""
        return not self.database.startswith("sqlite")

    @property
    def review_hash(self) -> str:
        """Names what decides a review's result besides the commits: when it changes, they are reviewed again."""
        said = json.dumps([__version__, self.limits.memory, self.limits.seconds, self.limits.cpu_seconds])
        return hashlib.sha256(said.encode()).hexdigest()[:12]


class _Reader:
    """Reads settings and gathers what is wrong with them, so that the user learns of all at once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.problems: list[str] = []
        try:
            self.env = credentials.completed(env)
        except ValueError as error:
            self.problems.append(str(error))

    def required(self, name: str, is_valid: Callable[[str], bool], expected: str) -> str:
        value = self.env.get(name, "").strip()
        if not value:
            self.problems.append(f"{name} is not set")
        elif not is_valid(value):
            self.problems.append(f"{name} is wrong: it {expected}")
        return value

    def number(self, name: str, default: int, least: int, most: int = 2**31) -> int:
        text = self.env.get(name, "").strip()
        if not text:
            return default
        if text.isascii() and text.isdigit() and least <= int(text[:12]) <= most:
            return int(text)
        self.problems.append(f"{name} is wrong: it is a number from {least:,} to {most:,}")
        return default

    def url(self, name: str, default: str) -> str:
        value = (self.env.get(name, "").strip() or default).rstrip("/")
        try:
            parts = urlsplit(value)
            valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            valid = False
        if not valid or parts.username or parts.query or parts.fragment:
            self.problems.append(
                f"{name} is wrong: it is an http or https URL without user, query or fragment"
            )
        return value

    def origin(self, name: str) -> str:
        """An address that people and GitHub reach the server at. Our pages stand at its root."""
        if not self.env.get(name, "").strip():
            return ""
        before = len(self.problems)
        value = self.url(name, "")
        if len(self.problems) == before and urlsplit(value).path:
            self.problems.append(f"{name} is wrong: it has no path, as https://rubricate.example.com")
        return value

    def client_id(self, name: str) -> str:
        value = self.env.get(name, "").strip()
        if value and not _CLIENT_ID.fullmatch(value):
            self.problems.append(f"{name} is wrong: it is the client id that GitHub shows on the App's page")
        return value

    def client_secret(self, name: str) -> str:
        """Needed for the sign-in, as the client id and our own address are: all three, or not the first two."""
        value = self.env.get(name, "").strip()
        needs = {"RUBRICATE_CLIENT_ID": "", name: "", "RUBRICATE_PUBLIC_URL": ": people sign in there"}
        if value or self.env.get("RUBRICATE_CLIENT_ID", "").strip():
            unset = [each for each in needs if not self.env.get(each, "").strip()]
            self.problems += [f"{each} is not set{needs[each]}" for each in unset]
        return value

    def choice(self, name: str, *choices: str) -> str:
        value = self.env.get(name, "").strip() or choices[0]
        if value not in choices:
            self.problems.append(f"{name} is wrong: it is one of {', '.join(choices)}")
        return value

    def database(self, name: str, *, shared: bool = False) -> str:
        value = self.env.get(name, "").strip()
        if shared and not value.startswith("postgres"):
            self.problems.append(
                f"{name} is wrong: a worker needs the postgresql:// URL that the server uses"
            )
        elif value and urlsplit(value).scheme not in {"postgresql", "postgres", "sqlite"}:
            self.problems.append(
                f"{name} is wrong: it is a postgresql:// URL, or empty for SQLite in the data folder"
            )
        return value

    def directory(self, name: str) -> Path:
        value = self.env.get(name, "").strip()
        path = Path(value or ".").expanduser().absolute()
        if not value:
            self.problems.append(f"{name} is not set: it is the folder for clones and the embedded database")
            return path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.problems.append(f"{name} is wrong: {path} can't be made ({error.strerror})")
            return path
        if not os.access(path, os.W_OK | os.X_OK):
            self.problems.append(f"{name} is wrong: {path} can't be written to")
        return path

    def private_key(self, name: str) -> str:
        """PEM text, also with `\\n` written out as in an .env file, or the path of a file that holds it."""
        value = self.env.get(name, "").strip().replace("\\n", "\n")
        if not value:
            self.problems.append(f"{name} is not set")
            return value
        if "-----BEGIN" not in value:
            try:
                value = Path(value).expanduser().read_text(encoding="utf-8")
            except (OSError, ValueError):
                self.problems.append(
                    f"{name} is wrong: it is neither PEM text nor the path of a readable file"
                )
                return ""
        if not _is_rsa_key(value):
            self.problems.append(f"{name} is wrong: it holds no unencrypted RSA private key in PEM form")
        return value


def _is_app_id(value: str) -> bool:
    """An App is also known by its client id, which GitHub prefers as the issuer."""
    return value.isascii() and value.isalnum() and (value.isdigit() or value.startswith("Iv"))


def _is_rsa_key(text: str) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return isinstance(load_pem_private_key(text.encode(), password=None), RSAPrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
