"""Who asks: Apps by JWT, installations and workflows by token, people by token, or nobody."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.github.errors import Refusal
from tests.github.model import App, Installation, Repository, User

LEVELS = {"read": 1, "write": 2, "admin": 3}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a request, and what they may do.

    `repositories` is None for whoever reaches all that their account reaches; `permissions` is None for people.
    """

    kind: Literal["anonymous", "app", "installation", "actions", "user"]
    user: User | None = None
    app: App | None = None
    installation: Installation | None = None
    repositories: tuple[Repository, ...] | None = None
    permissions: dict[str, str] | None = None
    expires_at: datetime | None = None

    @property
    def name(self) -> str:
        """Whom rate limits and the record of requests call it."""
        if self.installation is not None:
            return f"installation {self.installation.id}"
        return self.user.login if self.user is not None else self.kind

    def reaches(self, repository: Repository) -> bool:
        """Whether the repository, if it is private, exists for this actor at all."""
        if self.kind == "user":
            assert self.user is not None
            return self.user is repository.owner or self.user.login in repository.collaborators
        if self.installation is not None and repository not in self.installation.repositories:
            return False
        return self.repositories is not None and repository in self.repositories

    def may(self, repository: Repository, permission: str, level: str) -> bool:
        """Whether the actor holds `permission` ("pull_requests") at `level` ("read", "write") on the repository."""
        if level == "read" and not repository.private:
            return True
        if self.kind == "user" and not repository.private and permission in {"issues", "pull_requests"}:
            return True  # everybody may speak on a public repository
        if not self.reaches(repository):
            return False
        if self.permissions is None:
            return level == "read" or self._person_may_write(repository)
        held = "read" if permission == "metadata" else self.permissions.get(permission, "")
        return LEVELS.get(held, 0) >= LEVELS[level]

    def _person_may_write(self, repository: Repository) -> bool:
        assert self.user is not None
        return self.user is repository.owner or repository.collaborators.get(self.user.login) in {
            "write",
            "admin",
        }


ANONYMOUS = Actor("anonymous")


@dataclass
class Keyring:
    """The App's key pair, and the tokens that were given out."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    tokens: dict[str, Actor] = field(default_factory=dict)

    @property
    def private_key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ).decode()

    def issue(self, prefix: str, actor: Actor) -> str:
        token = f"{prefix}_{secrets.token_hex(18)}"
        self.tokens[token] = actor
        return token

    def expire_all(self, now: datetime) -> None:
        """Ends every installation's token, as an hour would."""
        for token, actor in self.tokens.items():
            if actor.kind == "installation":
                self.tokens[token] = Actor(
                    "installation",
                    actor.user,
                    actor.app,
                    actor.installation,
                    actor.repositories,
                    actor.permissions,
                    now - timedelta(seconds=1),
                )

    def actor(self, authorization: str | None, app: App, now: datetime) -> Actor:
        """The actor of an `Authorization` header. Raises Refusal (401) for a bad or an expired one."""
        if authorization is None:
            return ANONYMOUS
        scheme, _, credentials = authorization.partition(" ")
        credentials = credentials.strip()
        if scheme.lower() == "basic":
            credentials = _password(credentials)
        elif scheme.lower() not in {"bearer", "token"}:
            raise Refusal(401, "Bad credentials")
        if credentials.count(".") == 2 and scheme.lower() != "basic":
            self._check_jwt(credentials, app, now)
            return Actor("app", app=app)
        actor = self.tokens.get(credentials)
        if actor is None or (actor.installation is not None and actor.installation.deleted):
            raise Refusal(401, "Bad credentials")
        if actor.expires_at is not None and actor.expires_at <= now:
            raise Refusal(401, "Bad credentials")
        if actor.installation is not None and actor.installation.suspended_at is not None:
            raise Refusal(403, "This installation has been suspended")
        return actor

    def _check_jwt(self, token: str, app: App, now: datetime) -> None:
        """https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/about-authentication-with-a-github-app"""
        unchecked = {
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
            "verify_iss": False,
            "verify_sub": False,
            "verify_aud": False,
            "verify_jti": False,
        }
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.key.public_key(),
                algorithms=["RS256"],
                options=unchecked,  # type: ignore[arg-type]
            )
        except jwt.PyJWTError:
            raise Refusal(401, "A JSON web token could not be decoded") from None
        seconds = now.timestamp()
        issued, expires, issuer = (claims.get(key) for key in ("iat", "exp", "iss"))
        if not isinstance(issued, int | float) or issued > seconds + 5:
            raise Refusal(
                401,
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
            )
        if not isinstance(expires, int | float) or expires <= seconds:
            raise Refusal(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
                "assertion expires",
            )
        if expires > seconds + 600:
            raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
        if str(issuer) != str(app.id):
            raise Refusal(401, "'Issuer' claim ('iss') must be the App's id")


def _password(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        raise Refusal(401, "Bad credentials") from None
