"""Answers' bodies for accounts, Apps, installations and repositories."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from tests.github.contract import Json, filled
from tests.github.model import App, Installation, Repository, User
from tests.github.state import node_id


def time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else time(moment)


class AccountBodies:
    """Bodies of who and where, with links that lead back to the server at `web` and `api`."""

    def __init__(self, web: str, api: str) -> None:
        self.web = web
        self.api = api

    def user(self, user: User) -> Json:
        given = {
            "id": user.id,
            "node_id": node_id(user),
            "login": user.login,
            "type": user.type,
            "url": f"{self.api}/users/{quote(user.login)}",
            "html_url": f"{self.web}/{'apps/' * (user.type == 'Bot')}{user.login.removesuffix('[bot]')}",
            "avatar_url": f"{self.web}/avatars/u/{user.id}",
            "gravatar_id": "",
            "user_view_type": "public",
        }
        return filled("simple-user", given)

    def app(self, app: App) -> Json:
        given = {
            "id": app.id,
            "slug": app.slug,
            "node_id": node_id(app),
            "owner": self.user(app.owner),
            "name": app.slug.title(),
            "external_url": self.web,
            "html_url": f"{self.web}/github-apps/{app.slug}",
            "created_at": time(app.created_at),
            "updated_at": time(app.created_at),
            "permissions": app.permissions,
            "events": list(app.events),
        }
        return filled("integration", given)

    def installation(self, installation: Installation, app: App) -> Json:
        given = {
            "id": installation.id,
            "account": self.user(installation.account),
            "app_id": app.id,
            "app_slug": app.slug,
            "target_id": installation.account.id,
            "target_type": installation.account.type,
            "repository_selection": "selected",
            "permissions": installation.permissions,
            "events": list(app.events),
            "access_tokens_url": f"{self.api}/app/installations/{installation.id}/access_tokens",
            "repositories_url": f"{self.api}/installation/repositories",
            "html_url": f"{self.web}/settings/installations/{installation.id}",
            "created_at": time(installation.created_at),
            "updated_at": time(installation.created_at),
            "suspended_at": time_or_none(installation.suspended_at),
        }
        return filled("installation", given)

    def repository(self, repository: Repository, component: str = "repository") -> Json:
        web = f"{self.web}/{repository.full_name}"
        open_pulls = sum(pull.state == "open" for pull in repository.pulls.values())
        given = {
            "id": repository.id,
            "node_id": node_id(repository),
            "name": repository.name,
            "full_name": repository.full_name,
            "owner": self.user(repository.owner),
            "private": repository.private,
            "visibility": "private" if repository.private else "public",
            "fork": repository.parent is not None,
            "archived": repository.archived,
            "url": f"{self.api}/repos/{repository.full_name}",
            "html_url": web,
            "clone_url": f"{web}.git",
            "git_url": f"git:{web.partition(':')[2]}.git",
            "ssh_url": f"git@localhost:{repository.full_name}.git",
            "svn_url": web,
            "default_branch": repository.default_branch,
            "has_issues": True,
            "open_issues": open_pulls,
            "open_issues_count": open_pulls,
            "created_at": time(repository.created_at),
            "updated_at": time(repository.created_at),
            "pushed_at": time(repository.created_at),
        }
        if component == "full-repository" and repository.parent is not None:
            given["parent"] = given["source"] = self.repository(repository.parent)
        return filled(component, given)
