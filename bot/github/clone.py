"""Cached bare clones: one per repository and installation, fetched with a short-lived token, evicted by size.

Nothing is ever checked out, and no configuration, hook, filter or submodule of a repository takes effect. The token
goes to git in the environment alone: not in an argument, a URL or a file.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot import process
from bot.config import Limits
from bot.github.locks import locked, locked_now

PASSED_ON = (
    "PATH",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
)
OUTPUT = 1024 * 1024
QUICK = 60
# A fetch that failed for a passing reason is repeated at once: git itself repeats nothing.
REPEATS = 2
PAUSE = 0.5
_TOO_LARGE = ("file too large", "signal 25", "out of memory")

# What git reads instead of any configuration file. Some old repositories hold objects with harmless, well-known faults
# that a strict check would refuse: https://git-scm.com/docs/git-fsck#_fsck_messages
# A pack of a few kilobytes can stand for many gigabytes. It stays a pack, since git does not unpack what it checks;
# large files pass through without being held in memory; and few threads hold bases of deltas at a time.
SETTINGS = (
    ("core.bigFileThreshold", "32m"),
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("credential.helper", ""),
    ("fetch.fsckObjects", "true"),
    ("fetch.fsck.zeroPaddedFilemode", "ignore"),
    ("fetch.fsck.badTimezone", "ignore"),
    ("fetch.fsck.missingSpaceBeforeDate", "ignore"),
    ("fetch.recurseSubmodules", "false"),
    ("gc.autoDetach", "false"),
    ("http.followRedirects", "false"),
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "60"),
    ("maintenance.autoDetach", "false"),
    ("pack.threads", "2"),
    ("protocol.version", "2"),
    ("submodule.recurse", "false"),
)


class FetchFailed(Exception):
    """The commits could not be fetched. The message is one plain sentence.

    `gone` when they no longer exist, `passing` when it may well work later.
    """

    def __init__(self, sentence: str, *, gone: bool = False, passing: bool = False) -> None:
        super().__init__(sentence)
        self.gone = gone
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Wanted:
    """The two commits of a pull request, and where they are; `number` is 0 for those of a branch."""

    installation: int
    repository: int
    full_name: str
    number: int
    base: str
    head: str


class Clones:
    """The folder of clones: `<installation>/<repository id>.git`, with its lock files beside it."""

    def __init__(self, root: Path, server: str, *, size: int, limits: Limits) -> None:
        self._root = root
        self._server = server.rstrip("/")
        self._size = size
        self._limits = limits

    @contextlib.asynccontextmanager
    async def holding(self, wanted: Wanted, token: str) -> AsyncIterator[Path]:
        """The bare clone that holds both commits, kept from eviction while it is used. Raises `FetchFailed`."""
        folder = self._root / str(wanted.installation)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clone = folder / f"{wanted.repository}.git"
        async with locked(clone.with_suffix(".use"), shared=True):
            async with locked(clone.with_suffix(".fetch")):
                await self._bring(clone, wanted, token)
            os.utime(clone.with_suffix(".use"))
            yield clone

    async def evict(self) -> int:
        """Remove the clones used longest ago until the rest fits; those in use stay. Returns how many went."""
        return await asyncio.to_thread(self._evict)

    async def remove(self, installation: int, repository: int | None = None) -> None:
        """Remove one clone, or all of an installation."""
        folder = self._root / str(installation)
        names = f"{repository}.git" if repository is not None else "*.git"
        for clone in list(folder.glob(names)):
            async with locked(clone.with_suffix(".use")):
                await asyncio.to_thread(shutil.rmtree, clone, True)
        if repository is None:
            await asyncio.to_thread(shutil.rmtree, folder, True)

    def _evict(self) -> int:
        used = sorted(self._root.glob("*/*.git"), key=_last_use, reverse=True)
        total, gone = 0, 0
        for clone in used:
            total += _size(clone)
            if total <= self._size:
                continue
            with locked_now(clone.with_suffix(".use")) as free:
                if free:
                    shutil.rmtree(clone, ignore_errors=True)
                    gone += 1
        return gone

    async def _bring(self, clone: Path, wanted: Wanted, token: str) -> None:
        """Fetch what is missing, once more from nothing where the clone itself is damaged."""
        existed = (clone / "HEAD").exists()
        if existed and await self._has(clone, wanted):
            return
        finished = await self._fetch(clone, wanted, token)
        if finished.code and existed and _is_damaged(finished):
            broken = clone.with_suffix(f".broken-{time.time_ns()}")
            clone.rename(broken)
            await asyncio.to_thread(shutil.rmtree, broken, True)
            finished = await self._fetch(clone, wanted, token)
        for attempt in range(REPEATS):
            if not finished.code or not _may_pass(finished):
                break
            await asyncio.sleep(PAUSE * 2**attempt)
            finished = await self._fetch(clone, wanted, token)
        if finished.code:
            raise _fetch_failed(finished)

    async def _fetch(self, clone: Path, wanted: Wanted, token: str) -> process.Finished:
        """One fetch from the base repository: a fork is never contacted. The caller holds the lock."""
        if not (clone / "HEAD").exists():
            await self._git("init", "--quiet", "--bare", str(clone), seconds=QUICK)
        _tidy(clone)
        ours, pull = f"refs/rubricate/{wanted.number}", f"refs/pull/{wanted.number}/head"
        try:
            return await self._git(
                *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--force", "--end-of-options"),
                f"{self._server}/{wanted.full_name}.git",
                *((f"{pull}:{pull}",) if wanted.number else ()),
                f"{wanted.head}:{ours}/head",
                f"{wanted.base}:{ours}/base",
                clone=clone,
                token=token,
                seconds=self._limits.fetch_seconds,
            )
        finally:
            _tidy(clone)

    async def _has(self, clone: Path, wanted: Wanted) -> bool:
        """Whether both commits are there with their history, which only a reference vouches for."""
        refs = f"refs/rubricate/{wanted.number}/"
        finished = await self._git("for-each-ref", "--format=%(objectname)", refs, clone=clone, seconds=QUICK)
        return finished.code == 0 and finished.output.decode().split() == [wanted.base, wanted.head]

    async def _git(
        self, *arguments: str, seconds: float, clone: Path | None = None, token: str = ""
    ) -> process.Finished:
        place = () if clone is None else (f"--git-dir={clone}",)
        try:
            return await process.run(
                ("git", *place, *arguments),
                env=self._environment(token),
                cwd=self._root,
                seconds=seconds,
                most=OUTPUT,
                # of memory what is written to counts, and not the packs that are mapped
                limits={
                    "DATA": self._limits.memory,
                    "FSIZE": self._limits.pack,
                    "NOFILE": 1024,
                    "CORE": 0,
                },
            )
        except process.TooLong:
            raise FetchFailed(f"The repository could not be fetched within {seconds:g} seconds.") from None

    def _environment(self, token: str) -> dict[str, str]:
        settings = list(SETTINGS)
        if token:
            basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
            settings.append((f"http.{self._server}/.extraHeader", f"Authorization: Basic {basic}"))
        numbered: dict[str, str] = {"GIT_CONFIG_COUNT": str(len(settings))}
        for index, (key, value) in enumerate(settings):
            numbered |= {f"GIT_CONFIG_KEY_{index}": key, f"GIT_CONFIG_VALUE_{index}": value}
        return {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            **numbered,
            "GIT_ALLOW_PROTOCOL": urlsplit(self._server).scheme,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "HOME": str(self._root),
            "LC_ALL": "C",
        }


def _tidy(clone: Path) -> None:
    """Remove what a git that was killed left: its locks, and what it had of a pack, which may be large."""
    for stale in (*clone.rglob("*.lock"), *clone.glob("objects/**/tmp_*")):
        if stale.is_file():
            stale.unlink(missing_ok=True)


def _fetch_failed(finished: process.Finished) -> FetchFailed:
    """Git's complaint may quote the repository, so it is read and not repeated."""
    said = finished.complaint.lower()
    if (
        "not found" in said
        or "couldn't find remote ref" in said
        or "not our ref" in said
        or "error: 403" in said
    ):
        return FetchFailed("The repository or the pull request's commits are gone.", gone=True)
    if any(sign in said for sign in ("fsck", "bad object", "tree depth")):
        return FetchFailed("The repository holds objects that git's own checks refuse.")
    if finished.code < 0 or any(sign in said for sign in _TOO_LARGE):
        return FetchFailed("The repository is larger than this installation of Rubricate may fetch.")
    return FetchFailed("The repository could not be fetched from GitHub.", passing=True)


def _may_pass(finished: process.Finished) -> bool:
    """Whether a failed fetch is worth another: 403 is said to who may not read, and to who asks too often."""
    return _fetch_failed(finished).passing or "error: 403" in finished.complaint.lower()


def _is_damaged(finished: process.Finished) -> bool:
    said = finished.complaint.lower()
    return any(
        sign in said for sign in ("corrupt", "cannot lock ref", "not a git repository", "unable to read")
    )


def _last_use(clone: Path) -> float:
    with contextlib.suppress(OSError):
        return clone.with_suffix(".use").stat().st_mtime
    return time.time()


def _size(folder: Path) -> int:
    total = 0
    for path, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118
    return total
