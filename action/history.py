"""The repository that holds both commits: the checkout where that is whole, else a bare clone of our own.

Commits are read from git's objects; nothing is checked out, and the checkout is not written to.
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from action.event import Review, Scan
from bot.github.clone import PASSED_ON, SETTINGS
from checks.engine.revisions import merge_base, resolve_revision
from checks.errors import UserError
from checks.tools import Completed, Git, ToolError, run

FETCH_SECONDS = 1800
QUICK = 60
_HEAD, _BASE = "refs/rubricate/head", "refs/rubricate/base"


@dataclass(frozen=True, slots=True)
class Remote:
    """Where the repository can be fetched from; the token stays out of `repr`."""

    server: str
    full_name: str
    token: str = field(repr=False)

    @property
    def url(self) -> str:
        """The repository's address for git."""
        return f"{self.server}/{self.full_name}.git"


@dataclass(frozen=True, slots=True)
class Commits:
    """Commits in a repository; without a base the head is to be scanned as a whole."""

    repository: Path
    head: str
    base: str | None


@contextmanager
def commits(subject: Review | Scan, checkout: Path, remote: Remote, temporary: Path) -> Iterator[Commits]:
    """The commits of a subject: from the checkout, or fetched for as long as they are needed. Raises UserError."""
    bases = subject.bases if isinstance(subject, Review) else (None,)
    if _is_whole(checkout):
        for base in bases:
            if (found := _in_checkout(checkout, subject.head, base)) is not None:
                yield found
                return
    folder = Path(tempfile.mkdtemp(prefix="rubricate-history-", dir=temporary))
    try:
        yield _fetched(subject, folder, remote)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_whole(checkout: Path) -> bool:
    """Whether the folder is a repository whose history and files are all there."""
    git = Git(checkout)
    shallow = git.attempt("rev-parse", "--is-shallow-repository")
    partial = git.attempt("config", "--get-regexp", r"^(remote\..*\.promisor|extensions\.partialclone)$")
    return shallow.returncode == 0 and shallow.stdout.strip() == b"false" and partial.returncode != 0


def _in_checkout(checkout: Path, head: str, base: str | None) -> Commits | None:
    """The commits where the checkout has them, and what they have in common."""
    try:
        end = resolve_revision(checkout, head)
        if base is None:
            return Commits(checkout, end, None)
        start = _resolve_base(checkout, base)
        merge_base(checkout, start, end)
    except UserError:
        return None
    return Commits(checkout, end, start)


def _resolve_base(checkout: Path, base: str) -> str:
    """A base in the checkout, where other branches than the one checked out are known as the remote's."""
    branch = base.removeprefix("refs/heads/")
    for name in (base, f"refs/remotes/origin/{branch}"):
        try:
            return resolve_revision(checkout, name)
        except UserError as error:
            missing = error
    raise missing


def _fetched(subject: Review | Scan, folder: Path, remote: Remote) -> Commits:
    complaint = ""
    for base in subject.bases if isinstance(subject, Review) else ():
        wanted = (f"{subject.head}:{_HEAD}", f"{base}:{_BASE}")
        done = _fetch(folder, remote, *wanted)
        if done.returncode == 0:
            head, start = (resolve_revision(folder, ref) for ref in (_HEAD, _BASE))
            merge_base(folder, start, head)
            return Commits(folder, head, start)
        complaint = done.complaint
    if isinstance(subject, Scan) or subject.or_scan:
        done = _fetch(folder, remote, f"{subject.head}:{_HEAD}")
        if done.returncode == 0:
            return Commits(folder, resolve_revision(folder, _HEAD), None)
        complaint = done.complaint
    raise UserError(
        "the checkout lacks the commits of this event, and they could not be fetched "
        f"({_reason(complaint)}): give actions/checkout `fetch-depth: 0`, or the job `contents: read`"
    )


def _fetch(folder: Path, remote: Remote, *wanted: str) -> Completed:
    """Fetch into a bare repository of our own. The token goes to git in the environment alone."""
    try:
        if not (folder / "HEAD").exists():
            _git(remote, "init", "--quiet", "--bare", str(folder), seconds=QUICK)
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--force", "--end-of-options")
        return _git(
            remote, f"--git-dir={folder}", "fetch", *options, remote.url, *wanted, seconds=FETCH_SECONDS
        )
    except ToolError as error:
        raise UserError(f"the repository could not be fetched: {error}") from None


def _git(remote: Remote, *arguments: str, seconds: float) -> Completed:
    return run(["git", *arguments], environment=_environment(remote, os.environ), timeout=seconds)


def _environment(remote: Remote, env: Mapping[str, str]) -> dict[str, str]:
    settings = list(SETTINGS)
    if remote.token:
        basic = base64.b64encode(f"x-access-token:{remote.token}".encode()).decode()
        settings.append((f"http.{remote.server}/.extraHeader", f"Authorization: Basic {basic}"))
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for index, (key, value) in enumerate(settings):
        numbered |= {f"GIT_CONFIG_KEY_{index}": key, f"GIT_CONFIG_VALUE_{index}": value}
    passed_on = {name: env[name] for name in PASSED_ON if name in env and name != "PATH"}
    return {
        **passed_on,
        **numbered,
        "GIT_ALLOW_PROTOCOL": urlsplit(remote.server).scheme,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _reason(complaint: str) -> str:
    """Git's own complaint in a few words of ours: it may quote the repository."""
    said = complaint.lower()
    if "not our ref" in said or "couldn't find remote ref" in said:
        return "the server does not have them any more"
    if "authentication" in said or "403" in said or "not found" in said or "could not read username" in said:
        return "the token may not read the repository"
    return (
        "git could not reach the server"
        if "could not resolve" in said or "connect" in said
        else "git refused"
    )
