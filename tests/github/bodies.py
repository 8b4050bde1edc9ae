"""Answers' bodies. Each is a schema of GitHub's description: what matters is set here, the rest is filled in."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from tests.github.accounts import AccountBodies, time, time_or_none
from tests.github.contract import Json, filled
from tests.github.diff import FileDiff
from tests.github.model import (
    CheckRun,
    CheckSuite,
    Comment,
    IssueComment,
    PullRequest,
    Reaction,
    Repository,
    Review,
    ReviewComment,
    User,
)
from tests.github.pulls import commits_of, diff_of
from tests.github.reviews import Standing, standing
from tests.github.state import node_id


class Bodies(AccountBodies):
    """Every body, with links that lead back to the server."""

    def pull_url(self, pull: PullRequest) -> str:
        return f"{self.api}/repos/{pull.repository.full_name}/pulls/{pull.number}"

    def pull_page(self, pull: PullRequest) -> str:
        return f"{self.web}/{pull.repository.full_name}/pull/{pull.number}"

    def _end(self, repository: Repository, ref: str, sha: str) -> Json:
        return {
            "label": f"{repository.owner.login}:{ref}",
            "ref": ref,
            "sha": sha,
            "user": self.user(repository.owner),
            "repo": self.repository(repository),
        }

    def _pull(self, pull: PullRequest) -> Json:
        api, web = self.pull_url(pull), self.pull_page(pull)
        issue = api.replace("/pulls/", "/issues/")
        repository = f"{self.api}/repos/{pull.repository.full_name}"
        urls = {
            "url": api,
            "html_url": web,
            "diff_url": f"{web}.diff",
            "patch_url": f"{web}.patch",
            "issue_url": issue,
            "comments_url": f"{issue}/comments",
            "commits_url": f"{api}/commits",
            "review_comments_url": f"{api}/comments",
            "review_comment_url": f"{repository}/pulls/comments{{/number}}",
            "statuses_url": f"{repository}/statuses/{pull.head_sha}",
        }
        links = {
            "self": api,
            "html": web,
            "issue": issue,
            "comments": urls["comments_url"],
            "review_comments": urls["review_comments_url"],
            "review_comment": urls["review_comment_url"],
            "commits": urls["commits_url"],
            "statuses": urls["statuses_url"],
        }
        return urls | {
            "_links": {name: {"href": url} for name, url in links.items()},
            "id": pull.id,
            "node_id": node_id(pull),
            "number": pull.number,
            "state": pull.state,
            "title": pull.title,
            "body": pull.body,
            "user": self.user(pull.author),
            "draft": pull.draft,
            "labels": [{"id": 1, "node_id": "L", "name": name, "color": "ededed"} for name in pull.labels],
            "base": self._end(pull.repository, pull.base_ref, pull.base_sha),
            "head": self._end(pull.head_repository, pull.head_ref, pull.head_sha),
            "merge_commit_sha": pull.merge_sha,
            "author_association": self.association(pull.repository, pull.author),
            "created_at": time(pull.created_at),
            "updated_at": time(pull.updated_at),
            "closed_at": time_or_none(pull.closed_at),
            "merged_at": time_or_none(pull.closed_at) if pull.merged else None,
        }

    def pull_simple(self, pull: PullRequest) -> Json:
        return filled("pull-request-simple", self._pull(pull))

    def pull(self, pull: PullRequest) -> Json:
        files = diff_of(pull).files
        counts = {
            "merged": pull.merged,
            "mergeable": pull.merge_sha is not None if pull.state == "open" else None,
            "mergeable_state": "clean" if pull.merge_sha else "dirty",
            "maintainer_can_modify": pull.head_repository is not pull.repository,
            "comments": len(pull.comments),
            "review_comments": len(pull.review_comments),
            "commits": len(commits_of(pull)),
            "changed_files": len(files),
            "additions": sum(file.additions for file in files),
            "deletions": sum(file.deletions for file in files),
        }
        return filled("pull-request", self._pull(pull) | counts)

    def association(self, repository: Repository, user: User) -> str:
        if user is repository.owner:
            return "OWNER"
        return "COLLABORATOR" if user.login in repository.collaborators else "NONE"

    def file(self, repository: Repository, commit: str, file: FileDiff) -> Json:
        blob = f"{self.web}/{repository.full_name}/blob/{commit}/{quote(file.path)}"
        api = f"{self.api}/repos/{repository.full_name}"
        given: Json = {
            "sha": file.sha,
            "filename": file.path,
            "status": file.status,
            "additions": file.additions,
            "deletions": file.deletions,
            "changes": file.additions + file.deletions,
            "blob_url": blob,
            "raw_url": blob.replace("/blob/", "/raw/"),
            "contents_url": f"{api}/contents/{quote(file.path)}?ref={commit}",
        }
        if file.patch is not None:
            given["patch"] = file.patch
        if file.previous_path is not None:
            given["previous_filename"] = file.previous_path
        return given

    def commit(self, repository: Repository, sha: str) -> Json:
        form = "%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
        shown = repository.git.text("show", "--no-patch", f"--format={form}", sha).split("\0")
        tree, parents, author, author_mail, authored, committer, committer_mail, committed, message = shown
        api = f"{self.api}/repos/{repository.full_name}"
        web = f"{self.web}/{repository.full_name}"
        given = {
            "url": f"{api}/commits/{sha}",
            "html_url": f"{web}/commit/{sha}",
            "comments_url": f"{api}/commits/{sha}/comments",
            "sha": sha,
            "node_id": f"C_{sha}",
            "commit": {
                "url": f"{api}/git/commits/{sha}",
                "message": message.rstrip("\n"),
                "tree": {"sha": tree, "url": f"{api}/git/trees/{tree}"},
                "author": {"name": author, "email": author_mail, "date": authored},
                "committer": {"name": committer, "email": committer_mail, "date": committed},
                "comment_count": 0,
            },
            "author": None,
            "committer": None,
            "parents": [
                {"sha": parent, "url": f"{api}/commits/{parent}", "html_url": f"{web}/commit/{parent}"}
                for parent in parents.split()
            ],
        }
        return filled("commit", given)

    def review(self, review: Review) -> Json:
        page = f"{self.pull_page(review.pull)}#pullrequestreview-{review.id}"
        given = {
            "id": review.id,
            "node_id": node_id(review),
            "user": self.user(review.user),
            "body": review.body,
            "state": review.state,
            "commit_id": review.commit_id,
            "html_url": page,
            "pull_request_url": self.pull_url(review.pull),
            "author_association": self.association(review.pull.repository, review.user),
            "_links": {"html": {"href": page}, "pull_request": {"href": self.pull_url(review.pull)}},
        }
        if review.submitted_at is not None:
            given["submitted_at"] = time(review.submitted_at)
        return filled("pull-request-review", given)

    def review_comment(self, comment: ReviewComment, component: str = "pull-request-review-comment") -> Json:
        thread, pull = comment.thread, comment.thread.pull
        now = standing(thread)
        page = f"{self.pull_page(pull)}#discussion_r{comment.id}"
        url = f"{self.api}/repos/{pull.repository.full_name}/pulls/comments/{comment.id}"
        given = {
            "id": comment.id,
            "node_id": node_id(comment),
            "pull_request_review_id": comment.review.id,
            "url": url,
            "html_url": page,
            "pull_request_url": self.pull_url(pull),
            "_links": {
                "self": {"href": url},
                "html": {"href": page},
                "pull_request": {"href": self.pull_url(pull)},
            },
            "path": thread.path,
            "diff_hunk": thread.diff_hunk,
            "subject_type": thread.subject,
            "commit_id": thread.commit_id if now.outdated else pull.head_sha,
            "original_commit_id": thread.commit_id,
            "user": self.user(comment.user),
            "body": comment.body,
            "author_association": self.association(pull.repository, comment.user),
            "created_at": time(comment.created_at),
            "updated_at": time(comment.updated_at),
            "reactions": self.reactions(comment, url),
            **self._place(comment, now),
        }
        if component == "review-comment":  # the older shape, of the comments of one review
            given.pop("subject_type")
        return filled(component, given)

    def _place(self, comment: ReviewComment, now: Standing) -> Json:
        thread = comment.thread
        given: Json = {} if comment.reply_to is None else {"in_reply_to_id": comment.reply_to.id}
        if thread.subject == "file":
            return given | {"position": 1, "original_position": 1}
        return given | {
            "side": thread.side,
            "start_side": thread.start_side,
            "line": now.line,
            "start_line": now.start_line,
            "position": now.position,
            "original_line": thread.line,
            "original_start_line": thread.start_line,
            "original_position": thread.position,
        }

    def issue_comment(self, comment: IssueComment) -> Json:
        repository = comment.pull.repository
        url = f"{self.api}/repos/{repository.full_name}/issues/comments/{comment.id}"
        given = {
            "id": comment.id,
            "node_id": node_id(comment),
            "url": url,
            "html_url": f"{self.pull_page(comment.pull)}#issuecomment-{comment.id}",
            "issue_url": self.pull_url(comment.pull).replace("/pulls/", "/issues/"),
            "user": self.user(comment.user),
            "body": comment.body,
            "created_at": time(comment.created_at),
            "updated_at": time(comment.updated_at),
            "author_association": self.association(repository, comment.user),
            "performed_via_github_app": None if comment.app is None else self.app(comment.app),
            "reactions": self.reactions(comment, url),
        }
        return filled("issue-comment", given)

    def reactions(self, comment: Comment, url: str) -> Json:
        counts = Counter(reaction.content for reaction in comment.reactions)
        given = {"url": f"{url}/reactions", "total_count": counts.total(), **counts}
        return filled("reaction-rollup", given)

    def reaction(self, reaction: Reaction) -> Json:
        return {
            "id": reaction.id,
            "node_id": f"REA_{reaction.id}",
            "user": self.user(reaction.user),
            "content": reaction.content,
            "created_at": time(reaction.created_at),
        }

    def check_run(self, run: CheckRun) -> Json:
        url = f"{self.api}/repos/{run.repository.full_name}/check-runs/{run.id}"
        given = {
            "id": run.id,
            "node_id": node_id(run),
            "name": run.name,
            "head_sha": run.head_sha,
            "url": url,
            "html_url": f"{self.web}/{run.repository.full_name}/runs/{run.id}",
            "details_url": run.details_url or self.web,
            "external_id": run.external_id or "",
            "status": run.status,
            "conclusion": run.conclusion,
            "started_at": time_or_none(run.started_at),
            "completed_at": time_or_none(run.completed_at),
            "check_suite": {"id": run.suite.id},
            "app": self.app(run.app),
            "output": {
                "title": run.title,
                "summary": run.summary,
                "text": run.text,
                "annotations_count": len(run.annotations),
                "annotations_url": f"{url}/annotations",
            },
            "pull_requests": self.check_pulls(run.repository, run.head_sha),
        }
        return filled("check-run", given)

    def check_pulls(self, repository: Repository, head_sha: str) -> list[Json]:
        """Pull requests of a fork's branch are not listed: https://docs.github.com/rest/checks/runs"""

        def end(side: Repository, ref: str, sha: str) -> Json:
            repo = {"id": side.id, "name": side.name, "url": f"{self.api}/repos/{side.full_name}"}
            return {"ref": ref, "sha": sha, "repo": repo}

        return [
            {
                "id": pull.id,
                "number": pull.number,
                "url": self.pull_url(pull),
                "base": end(pull.repository, pull.base_ref, pull.base_sha),
                "head": end(pull.head_repository, pull.head_ref, pull.head_sha),
            }
            for pull in repository.pulls.values()
            if pull.head_sha == head_sha and pull.head_repository is repository and pull.state == "open"
        ]

    def check_suite(self, suite: CheckSuite, runs: list[CheckRun]) -> Json:
        completed = all(run.status == "completed" for run in runs) and bool(runs)
        commit = self.commit(suite.repository, suite.head_sha)["commit"]
        given = {
            "id": suite.id,
            "node_id": node_id(suite),
            "head_sha": suite.head_sha,
            "status": "completed" if completed else "queued",
            "conclusion": runs[-1].conclusion if completed else None,
            "url": f"{self.api}/repos/{suite.repository.full_name}/check-suites/{suite.id}",
            "check_runs_url": f"{self.api}/repos/{suite.repository.full_name}/check-suites/{suite.id}/check-runs",
            "latest_check_runs_count": len(runs),
            "created_at": time(suite.created_at),
            "updated_at": time(suite.created_at),
            "app": self.app(suite.app),
            "repository": self.repository(suite.repository, "minimal-repository"),
            "head_commit": {
                "id": suite.head_sha,
                "tree_id": commit["tree"]["sha"],
                "message": commit["message"],
                "timestamp": commit["author"]["date"],
                "author": {key: commit["author"][key] for key in ("name", "email")},
                "committer": {key: commit["committer"][key] for key in ("name", "email")},
            },
            "pull_requests": self.check_pulls(suite.repository, suite.head_sha),
        }
        return filled("check-suite", given)
