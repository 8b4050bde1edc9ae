"""Registering an App from a manifest.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from tests.github.auth import LEVELS
from tests.github.model import Registration, User
from tests.github.rest import Answer
from tests.github.web import Visit, form, html, page, redirect

LIFETIME = timedelta(hours=1)
KEYS = {
    *(
        "name",
        "url",
        "hook_attributes",
        "redirect_url",
        "callback_urls",
        "setup_url",
        "description",
        "public",
    ),
    *("default_events", "default_permissions", "request_oauth_on_install", "setup_on_update"),
}


@page("POST", "/settings/apps/new")
def own(visit: Visit) -> Answer:
    return _confirm(visit)


@page("POST", "/organizations/{organization}/settings/apps/new")
def of_organization(visit: Visit, organization: str) -> Answer:
    if visit.state.members.get(organization, {}).get(visit.state.visitor) != "active":
        return html("Not Found", status=404)
    return _confirm(visit, organization)


def _confirm(visit: Visit, organization: str = "") -> Answer:
    manifest = _checked(visit)
    if manifest is None:
        return html("Invalid GitHub App configuration", status=422)
    button = f"Create GitHub App for {organization or visit.state.visitor}"
    hidden = {"manifest": visit.form["manifest"], "state": visit.query.get("state", "")}
    return html(
        f"Create GitHub App {manifest.get('name', '')}",
        form("/settings/apps", button, owner=organization, **hidden),
    )


@page("POST", "/settings/apps")
def create(visit: Visit) -> Answer:
    """What the button does: the App exists, and the code for its credentials goes back to who sent the manifest."""
    manifest = json.loads(visit.form["manifest"])
    owner = visit.state.user(visit.form["owner"], "Organization") if visit.form["owner"] else visit.visitor
    code = secrets.token_hex(20)
    visit.state.registrations[code] = Registration(owner, manifest, visit.state.now() + LIFETIME)
    return redirect(manifest["redirect_url"], code=code, state=visit.form["state"])


def take(state: Any, code: str) -> tuple[User, dict[str, Any]] | None:
    """Whose App was registered for a code, and its manifest: once, and within the hour."""
    registration: Registration | None = state.registrations.pop(code, None)
    if registration is None or registration.until <= state.now():
        return None
    return registration.owner, registration.manifest


def _checked(visit: Visit) -> dict[str, Any] | None:
    """The manifest, if GitHub would take it. What it would refuse is a violation."""
    try:
        manifest: dict[str, Any] = json.loads(visit.form["manifest"])
    except (KeyError, ValueError):
        visit.violated("the manifest is no JSON")
        return None
    faults = [f"{key} is no key of a manifest" for key in manifest.keys() - KEYS]
    faults += [f"{key} is missing" for key in ("url", "redirect_url") if not manifest.get(key)]
    if "url" not in manifest.get("hook_attributes", {}):
        faults.append("hook_attributes has no url")
    if len(manifest.get("callback_urls", [])) > 10:
        faults.append("there are too many callback_urls")
    levels = manifest.get("default_permissions", {}).values()
    faults += [f"{level} is no level" for level in levels if level not in LEVELS]
    for fault in faults:
        visit.violated(fault)
    return None if faults else manifest
