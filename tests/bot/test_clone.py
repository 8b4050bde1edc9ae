"""Clones: fetched with a token that nobody else sees, kept while used, gone when too many."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import MEGABYTE, Limits
from bot.github.clone import Clones, FetchFailed, Wanted
from tests.github import Fault, Github, PullRequest, Repository
from tests.github.auth import Actor

ROOM = 1024 * MEGABYTE
LIMITS = Limits()


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[Github]:
    async with Github(tmp_path / "github") as running:
        yield running


@pytest.fixture
def repository(github: Github) -> Repository:
    return github.add_repository("octo/shop", private=True, files={"a.py": "fine = 1\n"})


@pytest.fixture
def pull(github: Github, repository: Repository) -> PullRequest:
    github.commit(repository, "feature", {"b.py": "more = 1\n"}, start="main")
    return github.open_pull_request(repository, "main", "feature")


@pytest.fixture
def token(github: Github, repository: Repository) -> str:
    return token_for(github, repository)


def token_for(github: Github, repository: Repository) -> str:
    reader = Actor(
        "installation",
        user=github.state.app.bot,
        app=github.state.app,
        repositories=(repository,),
        permissions={"contents": "read", "metadata": "read"},
    )
    return github.state.keyring.issue("ghs", reader)


def clones(github: Github, folder: Path, size: int = ROOM, limits: Limits = LIMITS) -> Clones:
    folder.mkdir(exist_ok=True)
    return Clones(folder, github.url, size=size, limits=limits)


def wanted(pull: PullRequest, **changes: str) -> Wanted:
    commits = {"base": pull.base_sha, "head": pull.head_sha} | changes
    return Wanted(7, pull.repository.id, pull.repository.full_name, pull.number, **commits)


def git(clone: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", f"--git-dir={clone}", *arguments], capture_output=True, text=True, check=True
    ).stdout


async def test_both_commits_and_their_history_are_there(
    github: Github, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    async with clones(github, tmp_path / "c").holding(wanted(pull), token) as clone:
        assert git(clone, "merge-base", pull.base_sha, pull.head_sha).strip() == pull.base_sha
        assert git(clone, "show", f"{pull.head_sha}:b.py") == "more = 1\n"
        assert git(clone, "rev-parse", "--is-bare-repository").strip() == "true"
        assert git(clone, "tag") == ""


async def test_what_is_there_is_not_fetched_again(
    github: Github, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    cache = clones(github, tmp_path / "c")
    async with cache.holding(wanted(pull), token):
        asked = len(github.requests)
    async with cache.holding(wanted(pull), "no token at all"):
        assert len(github.requests) == asked


async def test_a_force_push_is_followed(
    github: Github, repository: Repository, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    cache = clones(github, tmp_path / "c")
    async with cache.holding(wanted(pull), token):
        pass
    github.commit(repository, "feature", {"b.py": "other = 1\n"}, start="main")
    async with cache.holding(wanted(pull), token) as clone:
        assert git(clone, "show", f"{pull.head_sha}:b.py") == "other = 1\n"


async def test_the_token_is_in_no_argument_url_or_file(
    github: Github, pull: PullRequest, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, noted = shutil.which("git"), tmp_path / "argv"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> {noted}\nexport GIT_EXEC_PATH=$({real} --exec-path)\nexec {real} "$@"\n'
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")
    async with clones(github, tmp_path / "c").holding(wanted(pull), token):
        pass
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    assert "fetch" in noted.read_text()
    files = [noted, *(path for path in (tmp_path / "c").rglob("*") if path.is_file())]
    assert len(files) > 10
    for path in files:
        content = path.read_bytes()
        assert token.encode() not in content
        assert basic.encode() not in content
    assert not [request for request in github.requests if token in str(request)]


async def test_no_configuration_of_the_machine_takes_effect(
    github: Github, pull: PullRequest, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    redirect = f'[url "{github.url}/evil/"]\n\tinsteadOf = {github.url}/octo/\n'
    (tmp_path / "home" / ".gitconfig").write_text(redirect)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=false'")
    async with clones(github, tmp_path / "c").holding(wanted(pull), token):
        assert not [request for request in github.requests if "/evil/" in request.path]


async def test_hooks_of_a_template_do_not_run(
    github: Github, pull: PullRequest, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "template" / "hooks" / "reference-transaction"
    hook.parent.mkdir(parents=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path / "template"))
    async with clones(github, tmp_path / "c").holding(wanted(pull), token):
        assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("what", ["head", "base"])
async def test_a_commit_that_is_gone_is_told_apart(
    github: Github, pull: PullRequest, token: str, tmp_path: Path, what: str
) -> None:
    with pytest.raises(FetchFailed) as caught:
        async with clones(github, tmp_path / "c").holding(wanted(pull, **{what: "1" * 40}), token):
            raise AssertionError
    assert caught.value.gone


async def test_a_repository_that_is_gone_is_told_apart(
    github: Github, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    del github.state.repositories["octo/shop"]
    with pytest.raises(FetchFailed) as caught:
        async with clones(github, tmp_path / "c").holding(wanted(pull), token):
            raise AssertionError
    assert caught.value.gone


async def test_a_server_that_does_not_answer_is_no_reason_to_give_up(
    github: Github, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    cache = Clones(folder, "http://127.0.0.1:9", size=ROOM, limits=Limits())
    with pytest.raises(FetchFailed) as caught:
        async with cache.holding(wanted(pull), token):
            raise AssertionError
    assert caught.value.passing


@pytest.mark.parametrize("status", [403, 429, 502])
async def test_a_fetch_that_is_refused_now_and_not_later_is_asked_for_again(
    github: Github, pull: PullRequest, token: str, tmp_path: Path, status: int
) -> None:
    fault = github.faults.add(Fault("GET /octo/shop.git/info/refs", status=status, times=2))
    async with clones(github, tmp_path / "c").holding(wanted(pull), token) as clone:
        assert clone.exists()
    assert fault.hits == 2


async def test_a_fetch_that_stays_refused_is_given_up(
    github: Github, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    github.faults.add(Fault("GET /octo/shop.git/info/refs", status=403, times=None))
    with pytest.raises(FetchFailed) as caught:
        async with clones(github, tmp_path / "c").holding(wanted(pull), token):
            raise AssertionError
    assert caught.value.gone


async def test_a_fetch_that_takes_too_long_is_ended(pull: PullRequest, token: str, tmp_path: Path) -> None:
    left = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    folder = tmp_path / "c"
    folder.mkdir()
    cache = Clones(folder, url, size=ROOM, limits=Limits(fetch_seconds=1))
    async with server:
        with pytest.raises(FetchFailed, match="within 1 seconds"):
            async with cache.holding(wanted(pull), token):
                raise AssertionError
        await left.wait()


async def test_a_repository_over_the_size_limit_is_refused(
    github: Github, repository: Repository, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    github.commit(repository, "feature", {"big.bin": os.urandom(3 * MEGABYTE)})
    with pytest.raises(FetchFailed) as caught:
        async with clones(github, tmp_path / "c", limits=Limits(pack=MEGABYTE)).holding(wanted(pull), token):
            raise AssertionError
    assert str(caught.value) == "The repository is larger than this installation of Rubricate may fetch."
    assert not list((tmp_path / "c").rglob("tmp_*"))  # what it had written of the pack is gone


async def test_locks_and_damage_that_a_killed_git_left_are_mended(
    github: Github, repository: Repository, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    cache = clones(github, tmp_path / "c")
    async with cache.holding(wanted(pull), token) as clone:
        pass
    (clone / "packed-refs.lock").touch()
    (clone / "refs/rubricate/1/head.lock").touch()
    (clone / "still the same").touch()
    github.commit(repository, "feature", {"b.py": "other = 1\n"})
    async with cache.holding(wanted(pull), token) as clone:
        assert git(clone, "show", f"{pull.head_sha}:b.py") == "other = 1\n"
        assert (clone / "still the same").exists()
    shutil.rmtree(clone / "objects")
    (clone / "objects").mkdir()
    (clone / "HEAD").write_bytes(b"\0")
    github.commit(repository, "feature", {"b.py": "third = 1\n"})
    async with cache.holding(wanted(pull), token) as clone:
        assert git(clone, "show", f"{pull.head_sha}:b.py") == "third = 1\n"


async def test_the_clone_used_longest_ago_goes_first_and_one_in_use_stays(
    github: Github, tmp_path: Path
) -> None:
    cache = clones(github, tmp_path / "c", size=1)
    pulls = []
    for name in ("first", "second"):
        repository = github.add_repository(f"octo/{name}", files={"a.py": "fine = 1\n"})
        github.commit(repository, "feature", {"b.py": name}, start="main")
        pulls.append(github.open_pull_request(repository, "main", "feature"))
    for pull in pulls:
        async with cache.holding(wanted(pull), token_for(github, pull.repository)) as clone:
            old = clone.with_suffix(".use")
        os.utime(old, (time.time() - 100, time.time() - 100))
    async with cache.holding(wanted(pulls[0]), token_for(github, pulls[0].repository)) as first:
        assert await cache.evict() == 1
        assert first.exists()
    assert await cache.evict() == 1
    assert not list((tmp_path / "c").glob("*/*.git"))


async def test_two_reviews_of_one_repository_read_at_the_same_time(
    github: Github, repository: Repository, pull: PullRequest, token: str, tmp_path: Path
) -> None:
    github.commit(repository, "another", {"c.py": "more = 1\n"}, start="main")
    other = github.open_pull_request(repository, "main", "another")
    cache = clones(github, tmp_path / "c")
    async with (
        asyncio.timeout(20),
        cache.holding(wanted(pull), token) as first,
        cache.holding(wanted(other), token) as second,
    ):
        assert first == second
