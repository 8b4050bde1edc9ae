"""Cookies that only we can make and read: sealed, for one purpose and one time, and never given to another site."""

from __future__ import annotations

import base64
import json
from typing import Any

from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.config import Config


class Cookie:
    """A cookie with a purpose, which is its name. All servers of an App, who share its secret, can read it.

    A value that was changed, is older than `seconds` or was made for another purpose is none.
    """

    def __init__(self, purpose: str, seconds: int) -> None:
        self.purpose = purpose
        self.seconds = seconds

    def name(self, config: Config) -> str:
        """With TLS a browser takes it under this prefix from this very host alone.

        https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        """
        return f"{'__Host-' if _is_secure(config) else ''}rubricate-{self.purpose}"

    def put(self, response: web.StreamResponse, config: Config, value: dict[str, Any]) -> None:
        """Have the browser keep a value."""
        sealed = self._seal(config).encrypt(json.dumps(value).encode()).decode()
        response.set_cookie(
            self.name(config),
            sealed,
            max_age=self.seconds,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=_is_secure(config),
        )

    def take(self, request: web.Request, config: Config) -> dict[str, Any] | None:
        """The value that the browser sends, if it is one of ours."""
        try:
            raw = request.cookies.get(self.name(config), "").encode()
            value = json.loads(self._seal(config).decrypt(raw, ttl=self.seconds))
        except (InvalidToken, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def drop(self, response: web.StreamResponse, config: Config) -> None:
        """Have the browser forget it."""
        secure = _is_secure(config)
        response.del_cookie(self.name(config), path="/", httponly=True, samesite="Lax", secure=secure)

    def _seal(self, config: Config) -> Fernet:
        about = f"rubricate cookie {self.purpose} of {config.public_url}".encode()
        key = HKDF(SHA256(), 32, salt=None, info=about).derive(config.client_secret.encode())
        return Fernet(base64.urlsafe_b64encode(key))


def _is_secure(config: Config) -> bool:
    return config.public_url.startswith("https://")
