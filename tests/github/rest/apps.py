"""The App itself, its installations and their tokens, and who asks."""

from __future__ import annotations

from datetime import timedelta

from tests.github.accounts import time
from tests.github.auth import LEVELS, Actor
from tests.github.contract import Json, filled
from tests.github.errors import Refusal, not_accessible, not_found
from tests.github.model import Installation, Repository
from tests.github.rest import Call, operation
from tests.github.web import manifests

LIFETIME = timedelta(hours=1)
MAX_REPOSITORIES = 500


@operation("apps/get-authenticated", needs="app")
def get_app(call: Call) -> Json:
    return call.bodies.app(call.state.app) | {"installations_count": len(call.state.installations)}


@operation("apps/create-from-manifest", needs="", status=201)
def create_from_manifest(call: Call) -> Json:
    """The stand-in's one App is from now on as the manifest says."""
    taken = manifests.take(call.state, call.path["code"])
    if taken is None:
        raise not_found()
    app = call.state.app
    app.owner, manifest = taken
    app.permissions = {**manifest["default_permissions"], "metadata": "read"}
    app.events, app.callback_urls = tuple(manifest["default_events"]), manifest["callback_urls"]
    return call.bodies.app(app) | {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "webhook_secret": call.state.webhook_secret,
        "pem": call.state.keyring.private_key_pem,
    }


@operation("apps/list-installations", needs="app")
def list_installations(call: Call) -> list[Json]:
    live = [one for one in call.state.installations.values() if not one.deleted]
    return [call.bodies.installation(one, call.state.app) for one in call.page(live)]


def _installation(call: Call) -> Installation:
    found = call.state.installations.get(call.path["installation_id"])
    if found is None or found.deleted:
        raise not_found()
    return found


@operation("apps/get-installation", needs="app")
def get_installation(call: Call) -> Json:
    return call.bodies.installation(_installation(call), call.state.app)


@operation("apps/get-repo-installation", needs="app")
def get_repository_installation(call: Call) -> Json:
    installation = call.repository.installation
    if installation is None or installation.deleted:
        raise not_found()
    return call.bodies.installation(installation, call.state.app)


@operation("apps/create-installation-access-token", needs="app", status=201)
def create_token(call: Call) -> Json:
    installation = _installation(call)
    if installation.suspended_at is not None:
        raise Refusal(403, "This installation has been suspended")
    chosen = _chosen(call, installation)
    permissions: dict[str, str] = call.body.get("permissions") or dict(installation.permissions)
    for name, level in permissions.items():
        if LEVELS.get(installation.permissions.get(name, ""), 0) < LEVELS[level]:
            raise Refusal(422, "The permissions requested are not granted to this installation.")
    expires = call.state.now() + LIFETIME
    actor = Actor(
        "installation",
        user=call.state.app.bot,
        app=call.state.app,
        installation=installation,
        repositories=tuple(installation.repositories if chosen is None else chosen),
        permissions={"metadata": "read", **permissions},
        expires_at=expires,
    )
    body: Json = {
        "token": call.state.keyring.issue("ghs", actor),
        "expires_at": time(expires),
        "permissions": {"metadata": "read", **permissions},
        "repository_selection": "selected",
    }
    if chosen is not None:
        body["repositories"] = [call.bodies.repository(repository) for repository in chosen]
    return filled("installation-token", body)


def _chosen(call: Call, installation: Installation) -> list[Repository] | None:
    names, ids = call.body.get("repositories", []), call.body.get("repository_ids", [])
    if len(names) + len(ids) > MAX_REPOSITORIES:
        raise Refusal(422, f"A maximum of {MAX_REPOSITORIES} repositories can be requested.")
    if not names and not ids:
        return None
    chosen = [one for one in installation.repositories if one.name in names or one.id in ids]
    if len(chosen) < len(set(names)) + len(set(ids)):
        raise Refusal(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
        )
    return chosen


@operation("apps/list-repos-accessible-to-installation", needs="")
def list_repositories(call: Call) -> Json:
    if call.actor.kind != "installation":
        raise Refusal(
            403, "You must authenticate with an installation access token in order to list repositories."
        )
    assert call.actor.repositories is not None
    listed = [one for one in call.actor.repositories if call.actor.reaches(one)]
    return {
        "total_count": len(listed),
        "repositories": [call.bodies.repository(one) for one in call.page(listed)],
    }


@operation("users/get-authenticated", needs="")
def get_user(call: Call) -> Json:
    if call.actor.kind == "anonymous":
        raise Refusal(401, "Requires authentication")
    if call.actor.kind != "user":
        raise not_accessible()
    return filled("public-user", call.bodies.user(call.user))


@operation("rate-limit/get", needs="")
def rate_limit(call: Call) -> Json:
    return call.limits.overview(call.actor, call.state.now())
