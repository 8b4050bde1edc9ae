"""What the stand-in GitHub holds: people, repositories, pull requests and what is said about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tests.github.contract import Json
from tests.github.git import Git

Side = Literal["LEFT", "RIGHT"]


@dataclass(eq=False)
class User:
    id: int
    login: str
    type: str = "User"


@dataclass(eq=False)
class App:
    id: int
    slug: str
    owner: User
    bot: User
    permissions: dict[str, str]
    events: tuple[str, ...]
    created_at: datetime
    client_id: str = "Iv23liStandIn"
    client_secret: str = "c11e47" * 6 + "beef"
    callback_urls: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Installation:
    """The App on one account: on all its repositories, or on selected ones."""

    id: int
    account: User
    permissions: dict[str, str]
    created_at: datetime
    repositories: list[Repository] = field(default_factory=list)
    suspended_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True)
class Registration:
    """An App that was registered from a manifest, until its code is exchanged."""

    owner: User
    manifest: Json
    until: datetime


@dataclass(frozen=True)
class Grant:
    """A person's word that an App may know who they are, until its code is exchanged."""

    user: User
    redirect_uri: str
    challenge: str
    until: datetime


@dataclass(eq=False)
class Repository:
    id: int
    owner: User
    name: str
    git: Git
    private: bool
    default_branch: str
    created_at: datetime
    parent: Repository | None = None
    installation: Installation | None = None
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    collaborators: dict[str, str] = field(default_factory=dict)
    suites: list[CheckSuite] = field(default_factory=list)
    runs: list[CheckRun] = field(default_factory=list)
    sarifs: list[Sarif] = field(default_factory=list)
    numbers: int = 0
    archived: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"


@dataclass(eq=False)
class PullRequest:
    id: int
    number: int
    repository: Repository
    author: User
    title: str
    body: str | None
    base_ref: str
    head_ref: str
    head_repository: Repository
    head_sha: str
    base_sha: str
    draft: bool
    created_at: datetime
    updated_at: datetime
    merge_sha: str | None = None
    state: Literal["open", "closed"] = "open"
    merged: bool = False
    closed_at: datetime | None = None
    labels: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    comments: list[IssueComment] = field(default_factory=list)

    @property
    def review_comments(self) -> list[ReviewComment]:
        """Every published comment on the diff, oldest first."""
        found = [c for t in self.threads for c in t.comments if c.review.state != "PENDING"]
        return sorted(found, key=lambda comment: comment.id)


@dataclass(eq=False)
class Reaction:
    id: int
    user: User
    content: str
    created_at: datetime


@dataclass(eq=False)
class Review:
    id: int
    pull: PullRequest
    user: User
    body: str
    state: Literal["PENDING", "COMMENTED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED"]
    commit_id: str
    submitted_at: datetime | None
    dismissal: str | None = None
    minimized: str | None = None

    @property
    def comments(self) -> list[ReviewComment]:
        found = [c for t in self.pull.threads for c in t.comments if c.review is self]
        return sorted(found, key=lambda comment: comment.id)


@dataclass(eq=False)
class Thread:
    """Comments on one place of the diff, with where that place was when the thread began."""

    id: int
    pull: PullRequest
    path: str
    side: Side
    line: int | None
    start_line: int | None
    start_side: Side | None
    position: int | None
    commit_id: str
    base_id: str
    diff_hunk: str
    subject: Literal["line", "file"]
    comments: list[ReviewComment] = field(default_factory=list)
    resolved_by: User | None = None


@dataclass(eq=False)
class ReviewComment:
    id: int
    thread: Thread
    review: Review
    user: User
    body: str
    created_at: datetime
    updated_at: datetime
    reply_to: ReviewComment | None = None
    minimized: str | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False)
class IssueComment:
    id: int
    pull: PullRequest
    user: User
    body: str
    created_at: datetime
    updated_at: datetime
    app: App | None = None
    minimized: str | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Annotation:
    path: str
    start_line: int
    end_line: int
    annotation_level: str
    message: str
    title: str | None = None
    raw_details: str | None = None
    start_column: int | None = None
    end_column: int | None = None


@dataclass(eq=False)
class CheckSuite:
    id: int
    repository: Repository
    app: App
    head_sha: str
    created_at: datetime


@dataclass(eq=False)
class CheckRun:
    id: int
    repository: Repository
    suite: CheckSuite
    app: App
    name: str
    head_sha: str
    status: str
    started_at: datetime | None
    conclusion: str | None = None
    completed_at: datetime | None = None
    details_url: str | None = None
    external_id: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Annotation] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)


@dataclass(eq=False)
class Sarif:
    id: str
    repository: Repository
    commit_sha: str
    ref: str
    document: dict[str, object]


Comment = ReviewComment | IssueComment
