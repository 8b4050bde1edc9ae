"""Who is signed in, and whether a form that changes something is theirs."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from aiohttp import web

from bot.config import Config
from bot.pages.comparing import is_same
from bot.pages.cookies import Cookie
from bot.pages.frame import refusal

SESSION = Cookie("session", 8 * 3600)
FIELD = "csrf"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in. `csrf` stands in each form that they are shown, and nobody else knows it."""

    login: str
    csrf: str


def begin(response: web.StreamResponse, config: Config, login: str) -> None:
    """Sign somebody in, for eight hours."""
    SESSION.put(response, config, asdict(Person(login, secrets.token_urlsafe(32))))


def end(response: web.StreamResponse, config: Config) -> None:
    """Sign out."""
    SESSION.drop(response, config)


def current(request: web.Request, config: Config) -> Person | None:
    """Who sent the request; None when nobody is signed in, or nobody can be."""
    if not config.has_sign_in:
        return None
    match SESSION.take(request, config):
        case {"login": str(login), "csrf": str(csrf)} if login and csrf:
            return Person(login, csrf)
    return None


async def sender(request: web.Request, config: Config) -> Person:
    """Who sent a form, which was made for them. Raises 403 for any other: from another site, or after the sign-out."""
    person = current(request, config)
    if person is None or not is_same((await request.post()).get(FIELD), person.csrf):
        sentence = "The form is not one of this session. Open the page anew and try again."
        raise refusal(web.HTTPForbidden, "Refused", sentence, link=("/", "Open the page"))
    return person
