"""Webhook payloads, as GitHub describes them."""

from __future__ import annotations

from tests.github.accounts import time
from tests.github.bodies import Bodies
from tests.github.contract import Json, check_webhook, filled_webhook
from tests.github.model import (
    CheckRun,
    Installation,
    IssueComment,
    PullRequest,
    Repository,
    ReviewComment,
    User,
)
from tests.github.pulls import merge_base
from tests.github.state import State


class Payloads:
    """Builds payloads from what the stand-in holds."""

    def __init__(self, state: State, bodies: Bodies) -> None:
        self.state = state
        self.bodies = bodies

    def build(self, event: str, action: str | None, given: Json) -> Json:
        """A payload of the event's webhook. Raises ContractError when GitHub would not send it."""
        name = "-".join([event, *([action] if action else [])]).replace("_", "-")
        payload = filled_webhook(name, ({"action": action} if action else {}) | given, self.bodies.web)
        payload = _corrected(event, payload)
        check_webhook(name, payload)
        return payload

    def common(self, repository: Repository, sender: User) -> Json:
        given: Json = {"repository": self.bodies.repository(repository), "sender": self.bodies.user(sender)}
        if repository.installation is not None:
            node = f"MDIzOk{repository.installation.id}"
            given["installation"] = {"id": repository.installation.id, "node_id": node}
        return given

    def pull_request(self, action: str, pull: PullRequest, sender: User, extra: Json) -> Json:
        given = self.common(pull.repository, sender) | {
            "number": pull.number,
            "pull_request": self.bodies.pull(pull),
        }
        if action == "synchronize":
            given |= {"before": extra.pop("before", merge_base(pull)), "after": pull.head_sha}
        if action == "edited":
            given["changes"] = extra.pop("changes", {})
        return self.build("pull_request", action, given | extra)

    def check_run(self, action: str, run: CheckRun, sender: User, extra: Json) -> Json:
        body = self.bodies.check_run(run)
        suite = self.bodies.check_suite(run.suite, [run])
        branch = next(
            (pull.head_ref for pull in run.repository.pulls.values() if pull.head_sha == run.head_sha), None
        )
        body["check_suite"] = suite | {"head_branch": branch}
        return self.build(
            "check_run", action, self.common(run.repository, sender) | {"check_run": body} | extra
        )

    def check_suite(self, action: str, run: CheckRun, sender: User, extra: Json) -> Json:
        suite = self.bodies.check_suite(run.suite, [run])
        return self.build(
            "check_suite", action, self.common(run.repository, sender) | {"check_suite": suite} | extra
        )

    def installation(self, action: str, installation: Installation, sender: User, extra: Json) -> Json:
        given: Json = {
            "installation": self.bodies.installation(installation, self.state.app),
            "repositories": [self._short(one) for one in installation.repositories],
            "sender": self.bodies.user(sender),
        }
        if action == "created":
            given["requester"] = None
        return self.build("installation", action, given | extra)

    def installation_repositories(
        self, action: str, installation: Installation, changed: list[Repository], sender: User, extra: Json
    ) -> Json:
        listed = [self._short(one) for one in changed]
        given = {
            "installation": self.bodies.installation(installation, self.state.app),
            "repository_selection": "selected",
            "repositories_added": listed if action == "added" else [],
            "repositories_removed": listed if action == "removed" else [],
            "requester": None,
            "sender": self.bodies.user(sender),
        }
        return self.build("installation_repositories", action, given | extra)

    def _short(self, repository: Repository) -> Json:
        body = self.bodies.repository(repository)
        return {key: body[key] for key in ("id", "node_id", "name", "full_name", "private")}

    def issue_comment(self, action: str, comment: IssueComment, sender: User, extra: Json) -> Json:
        pull = comment.pull
        url = self.bodies.pull_url(pull)
        issue = {
            "id": pull.id,
            "number": pull.number,
            "title": pull.title,
            "body": pull.body,
            "state": pull.state,
            "draft": pull.draft,
            "user": self.bodies.user(pull.author),
            "url": url.replace("/pulls/", "/issues/"),
            "html_url": self.bodies.pull_page(pull),
            "comments": len(pull.comments),
            "created_at": time(pull.created_at),
            "updated_at": time(pull.updated_at),
            "labels": [],
            "author_association": self.bodies.association(pull.repository, pull.author),
            "pull_request": {
                "url": url,
                "html_url": self.bodies.pull_page(pull),
                "diff_url": f"{self.bodies.pull_page(pull)}.diff",
                "patch_url": f"{self.bodies.pull_page(pull)}.patch",
                "merged_at": None,
            },
        }
        given = {"issue": issue, "comment": self.bodies.issue_comment(comment)}
        return self.build("issue_comment", action, self.common(pull.repository, sender) | given | extra)

    def review_comment(self, action: str, comment: ReviewComment, sender: User, extra: Json) -> Json:
        pull = comment.thread.pull
        given = {
            "comment": self.bodies.review_comment(comment),
            "pull_request": self.bodies.pull(pull),
        }
        return self.build(
            "pull_request_review_comment", action, self.common(pull.repository, sender) | given | extra
        )

    def ping(self) -> Json:
        app = self.state.app
        hook: Json = {
            "type": "App",
            "id": 1,
            "name": "web",
            "active": True,
            "app_id": app.id,
            "events": list(app.events),
            "config": {
                "content_type": "json",
                "insecure_ssl": "0",
                "url": "https://example.com",
                "secret": "********",
            },
            "created_at": time(app.created_at),
            "updated_at": time(app.created_at),
        }
        return self.build("ping", None, {"hook_id": 1, "zen": "Keep it logically awesome.", "hook": hook})

    def _commit(self, repository: Repository, sha: str) -> Json:
        commit = self.bodies.commit(repository, sha)["commit"]
        people = {
            role: {key: commit[role][key] for key in ("name", "email")} for role in ("author", "committer")
        }
        return {
            "id": sha,
            "tree_id": commit["tree"]["sha"],
            "message": commit["message"],
            "timestamp": commit["author"]["date"],
            **people,
        }

    def push(
        self, repository: Repository, ref: str, ends: tuple[str, str], sender: User, extra: Json
    ) -> Json:
        before, after = ends
        url = f"{self.bodies.web}/{repository.full_name}"
        changed: Json = {"added": [], "removed": [], "modified": []}
        head = self._commit(repository, after) | {"url": f"{url}/commit/{after}", "distinct": True} | changed
        given = self.common(repository, sender) | {
            "ref": ref,
            "before": before,
            "after": after,
            "head_commit": head,
            "commits": [head],
            "pusher": {"name": sender.login},
            "compare": f"{url}/compare/{before[:12]}...{after[:12]}",
        }
        return self.build("push", None, given | extra)

    def merge_group(
        self, action: str, repository: Repository, ref: str, ends: tuple[str, str], sender: User, extra: Json
    ) -> Json:
        before, after = ends
        group = {
            "head_sha": after,
            "head_ref": ref,
            "base_sha": before,
            "base_ref": f"refs/heads/{repository.default_branch}",
            "head_commit": self._commit(repository, after),
        }
        return self.build(
            "merge_group", action, self.common(repository, sender) | {"merge_group": group} | extra
        )


def _corrected(event: str, payload: Json) -> Json:
    """Payloads carry times of `push` as numbers, where REST has texts."""
    if event == "push":
        for key in ("created_at", "pushed_at"):
            payload["repository"][key] = 1_700_000_000
    return payload
