"""Organizations: who belongs to one."""

from __future__ import annotations

from tests.github.contract import Json, filled
from tests.github.errors import Refusal, not_accessible, not_found
from tests.github.rest import Call, operation


@operation("orgs/get-membership-for-authenticated-user", needs="")
def get_membership(call: Call) -> Json:
    """An App's user learns of it only where the App is installed and may read the members."""
    if call.actor.kind == "anonymous":
        raise Refusal(401, "Requires authentication")
    if call.actor.kind != "user":
        raise not_accessible()
    name = call.path["org"]
    organization = call.state.users.get(name.lower())
    if organization is None:
        raise not_found()
    if call.actor.app is not None and not _may_read_members(call, name):
        raise not_accessible()
    state = call.state.members.get(name, {}).get(call.user.login)
    if state is None:
        raise Refusal(403, "You do not have access to this organization membership.")
    given = {
        "url": f"{call.bodies.api}/user/memberships/orgs/{name}",
        "organization_url": f"{call.bodies.api}/orgs/{name}",
        "state": state,
        "role": "member",
        "organization": {"id": organization.id, "login": organization.login},
        "user": call.bodies.user(call.user),
    }
    return filled("org-membership", given)


def _may_read_members(call: Call, name: str) -> bool:
    return any(
        one.account.login == name and one.permissions.get("members") in {"read", "write"}
        for one in call.state.installations.values()
        if not one.deleted and one.suspended_at is None
    )
