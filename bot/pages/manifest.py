"""What GitHub is told of the App when it is registered: the permissions and events of docs/operating.md, and no more.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from bot.config import Config
from bot.github.tokens import PERMISSIONS

EVENTS = (
    "check_run",
    "check_suite",
    "issue_comment",
    "merge_group",
    "pull_request",
    "pull_request_review_comment",
)
WEBHOOK, REGISTERED, SIGNED_IN = "/webhooks/github", "/setup/registered", "/signed-in"
_ORGANIZATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose: the organization that is to own the App (empty: themselves), and whether it may commit."""

    organization: str = ""
    commits: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether GitHub could have an organization of that name."""
        return not self.organization or bool(_ORGANIZATION.fullmatch(self.organization))


def manifest(config: Config, wish: Wish) -> str:
    """The manifest, as JSON. `members` tells who belongs to the organization, and so may sign in."""
    permissions = {**PERMISSIONS, "members": "read"}
    if wish.commits:
        permissions["contents"] = "write"
    return json.dumps(
        {
            "name": "Rubricate",
            "description": "Reviews pull requests of Django and Flask projects against a checklist.",
            "url": config.public_url,
            "hook_attributes": {"url": config.public_url + WEBHOOK, "active": True},
            "redirect_url": config.public_url + REGISTERED,
            "callback_urls": [config.public_url + SIGNED_IN],
            "public": False,
            "default_permissions": permissions,
            "default_events": list(EVENTS),
        }
    )


def address(config: Config, wish: Wish, state: str) -> str:
    """Where the manifest is sent to."""
    owner = f"/organizations/{quote(wish.organization)}" if wish.organization else ""
    return f"{config.github_url}{owner}/settings/apps/new?state={quote(state)}"
