"""Pull requests, their files and commits."""

from __future__ import annotations

from tests.github.contract import Json
from tests.github.errors import Refusal, invalid
from tests.github.pulls import commits_of, diff_of, open_pull
from tests.github.rest import Answer, Call, operation

# https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
MAX_FILES = 3_000


@operation("pulls/get", needs="pull_requests:read")
def get_pull(call: Call) -> object:
    pull = call.pull
    if "diff" in call.accept:
        diff = diff_of(pull)
        excess = diff.excess()
        if excess is not None:
            raise Refusal(
                406,
                f"Sorry, the diff exceeded {excess}. Consider using 'List pull requests files' API or locally cloning "
                "the repository instead.",
                errors=[{"resource": "PullRequest", "field": "diff", "code": "too_large"}],
            )
        return Answer(200, diff.raw, content_type="application/vnd.github.diff; charset=utf-8")
    return call.bodies.pull(pull)


@operation("pulls/create", needs="pull_requests:write", status=201, creates=True)
def create_pull(call: Call) -> Json:
    """From a branch of the same repository."""
    repository, given = call.repository, call.body
    head, base = given["head"].rpartition(":")[2], given["base"]
    commits = [repository.git.branch(name) for name in (head, base)]
    for field, commit in zip(("head", "base"), commits, strict=True):
        if commit is None:
            raise invalid("PullRequest", field, f"{field} is not a branch")
    pulls = [each for each in repository.pulls.values() if each.state == "open"]
    if any((each.head_ref, each.base_ref) == (head, base) for each in pulls):
        message = f"A pull request already exists for {repository.owner.login}:{head}."
        raise invalid("PullRequest", "base", message)
    if repository.git.is_ancestor(str(commits[0]), str(commits[1])):
        raise invalid("PullRequest", "base", f"No commits between {base} and {head}")
    pull = open_pull(
        call.state,
        (repository, base),
        (repository, head),
        author=call.user,
        title=given["title"],
        body=given.get("body"),
        draft=given.get("draft", False),
    )
    return call.bodies.pull(pull)


@operation("pulls/list", needs="pull_requests:read")
def list_pulls(call: Call) -> list[Json]:
    state, base, head = (call.query.get(key) for key in ("state", "base", "head"))
    listed = [
        pull
        for pull in call.repository.pulls.values()
        if (state == "all" or pull.state == (state or "open"))
        and (base is None or pull.base_ref == base)
        and (head is None or head == f"{pull.head_repository.owner.login}:{pull.head_ref}")
    ]
    keys = {"updated": lambda pull: pull.updated_at}
    listed.sort(key=keys.get(call.query.get("sort", "created"), lambda pull: pull.created_at))
    if call.query.get("direction", "desc") == "desc":
        listed.reverse()
    return [call.bodies.pull_simple(pull) for pull in call.page(listed)]


@operation("pulls/list-files", needs="pull_requests:read")
def list_files(call: Call) -> list[Json]:
    pull = call.pull
    files = call.page(diff_of(pull).files[:MAX_FILES])
    return [call.bodies.file(pull.repository, pull.head_sha, file) for file in files]


@operation("pulls/list-commits", needs="pull_requests:read")
def list_commits(call: Call) -> list[Json]:
    return [call.bodies.commit(call.repository, commit) for commit in call.page(commits_of(call.pull))]
