"""Pull requests: how they are opened, and what happens to them when a branch moves."""

from __future__ import annotations

from tests.github.diff import Diff, compare
from tests.github.git import Git
from tests.github.model import PullRequest, Repository, User
from tests.github.state import State


def open_pull(
    state: State,
    base: tuple[Repository, str],
    head: tuple[Repository, str],
    *,
    author: User,
    title: str,
    body: str | None,
    draft: bool,
) -> PullRequest:
    """From one repository's branch to another's (or the same's).

    Raises ValueError when a branch is missing, or the branches have no commit in common.
    """
    (repository, base_ref), (head_repository, head_ref) = base, head
    base_sha, head_sha = repository.git.branch(base_ref), head_repository.git.branch(head_ref)
    if base_sha is None or head_sha is None:
        raise ValueError(f"no branch {base_ref if base_sha is None else head_ref}")
    repository.numbers += 1
    pull = PullRequest(
        id=state.new_id(),
        number=repository.numbers,
        repository=repository,
        author=author,
        title=title,
        body=body,
        base_ref=base_ref,
        head_ref=head_ref,
        head_repository=head_repository,
        head_sha=head_sha,
        base_sha=base_sha,
        draft=draft,
        created_at=state.now(),
        updated_at=state.now(),
    )
    _fetch(pull)
    if repository.git.merge_base(base_sha, head_sha) is None:
        raise ValueError(f"{head_ref} has no commit in common with {base_ref}")
    _merge(pull)
    repository.pulls[pull.number] = pull
    return pull


def synchronize(state: State, pull: PullRequest) -> bool:
    """Follows the pull request's branches; whether its head moved."""
    if pull.state == "closed":
        return False
    head = pull.head_repository.git.branch(pull.head_ref)
    base = pull.repository.git.branch(pull.base_ref)
    if head is None or base is None or (head == pull.head_sha and base == pull.base_sha):
        return False
    moved = head != pull.head_sha
    pull.head_sha, pull.base_sha, pull.updated_at = head, base, state.now()
    _fetch(pull)
    _merge(pull)
    return moved


def _fetch(pull: PullRequest) -> None:
    git, ref = pull.repository.git, f"refs/pull/{pull.number}/head"
    if pull.head_repository is pull.repository:
        git.update_ref(ref, pull.head_sha)
    else:
        git.fetch(pull.head_repository.git, f"refs/heads/{pull.head_ref}", ref)


def _merge(pull: PullRequest) -> None:
    """Sets refs/pull/N/merge; where the branches conflict GitHub leaves the old one standing, or none."""
    git = pull.repository.git
    pull.merge_sha = git.merge(pull.base_sha, pull.head_sha, f"Merge {pull.head_sha} into {pull.base_sha}")
    if pull.merge_sha is not None:
        git.update_ref(f"refs/pull/{pull.number}/merge", pull.merge_sha)


def diff_of(pull: PullRequest, commit: str | None = None) -> Diff:
    return compare(pull.repository.git, pull.base_sha, commit or pull.head_sha)


def merge_base(pull: PullRequest, commit: str | None = None) -> str:
    return pull.repository.git.merge_base(pull.base_sha, commit or pull.head_sha) or pull.base_sha


def commits_of(pull: PullRequest, limit: int = 250) -> list[str]:
    """At most 250, as GitHub lists them."""
    return pull.repository.git.commits(merge_base(pull), pull.head_sha, limit)


def holds(pull: PullRequest, commit: str) -> bool:
    """Whether a commit is one of the pull request's."""
    git: Git = pull.repository.git
    return (
        git.resolve(commit) == commit
        and git.is_ancestor(commit, pull.head_sha)
        and not git.is_ancestor(commit, pull.base_sha)
    )
