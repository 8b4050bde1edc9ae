"""A person says that an App may know who they are.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta

from tests.github.auth import Actor
from tests.github.model import Grant
from tests.github.rest import Answer
from tests.github.web import Visit, as_json, form, html, page, redirect

LIFETIME = timedelta(minutes=10)
ASKED = {
    *("client_id", "redirect_uri", "state", "login", "allow_signup", "scope", "prompt"),
    *("code_challenge", "code_challenge_method"),
}


@page("GET", "/login/oauth/authorize")
def authorize(visit: Visit) -> Answer:
    app = visit.state.app
    for name in visit.query.keys() - ASKED:
        visit.violated(f"{name} is no parameter of the authorization")
    if visit.query.get("client_id") != app.client_id:
        return html("Not Found", status=404)
    if visit.query.get("redirect_uri") not in app.callback_urls:
        return html("The redirect_uri is not associated with this application.", status=400)
    if visit.query.get("code_challenge") and visit.query.get("code_challenge_method") != "S256":
        visit.violated("the challenge's method is not S256")
    wanted = {name: visit.query.get(name, "") for name in ("redirect_uri", "state", "code_challenge")}
    return html(
        f"Authorize {app.slug}",
        form("/login/oauth/authorize", f"Authorize as {visit.state.visitor}", **wanted),
        form("/login/oauth/deny", "Cancel", **wanted),
    )


@page("POST", "/login/oauth/authorize")
def authorized(visit: Visit) -> Answer:
    code, form = secrets.token_hex(10), visit.form
    until = visit.state.now() + LIFETIME
    visit.state.grants[code] = Grant(visit.visitor, form["redirect_uri"], form["code_challenge"], until)
    return redirect(form["redirect_uri"], code=code, state=form["state"])


@page("POST", "/login/oauth/deny")
def denied(visit: Visit) -> Answer:
    return redirect(visit.form["redirect_uri"], error="access_denied", state=visit.form["state"])


@page("POST", "/login/oauth/access_token")
def exchange(visit: Visit) -> Answer:
    """A code for a token, once. What is wrong is said with status 200."""
    app, given = visit.state.app, visit.form
    if (given.get("client_id"), given.get("client_secret")) != (app.client_id, app.client_secret):
        return as_json({"error": "incorrect_client_credentials"})
    grant = visit.state.grants.pop(given.get("code", ""), None)
    if grant is None or grant.until <= visit.state.now():
        return as_json({"error": "bad_verification_code"})
    if given.get("redirect_uri") != grant.redirect_uri:
        return as_json({"error": "redirect_uri_mismatch"})
    if grant.challenge and grant.challenge != _challenge(given.get("code_verifier", "")):
        return as_json({"error": "bad_verification_code"})
    token = visit.state.keyring.issue("ghu", Actor("user", user=grant.user, app=app))
    return as_json({"access_token": token, "token_type": "bearer", "scope": "", "expires_in": 28_800})


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
