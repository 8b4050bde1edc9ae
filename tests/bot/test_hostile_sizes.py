"""Repositories that are made to be too much: deep, wide, large, or small ones that expand."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import MEGABYTE
from tests.bot import hostile_git
from tests.bot.conftest import World
from tests.bot.hostile_git import FILE, FOLDER
from tests.bot.test_hostile_repositories import ENGINE, MARKED, UNTIMED, commented, grown, proposed
from tests.github.git import Files, Git

TOO_LARGE = "The repository is larger than this installation of Rubricate may fetch."
MANY: Files = {f"p{number % 300}/m{number}.py": "x = 1\n" for number in range(100_000)}


def on_disk(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
async def test_folders_ten_thousand_deep_are_reviewed_with_their_neighbours(world: World) -> None:
    git = world.repository.git
    deep = (FOLDER, b"d", hostile_git.deep(git, UNTIMED, 10_000))
    pull = grown(world, deep, (FILE, b"honest.py", hostile_git.blob(git, UNTIMED)))
    started = time.monotonic()
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert "honest.py" in commented(world)
    assert time.monotonic() - started < 30


@pytest.mark.slow
async def test_a_hundred_thousand_files_do_not_slow_down_the_review_of_one(world: World) -> None:
    world.github.commit(world.repository, "main", MANY)
    pull = proposed(world, {"honest.py": UNTIMED})
    async with world.app(child=ENGINE):
        started = time.monotonic()
        await world.hear(pull)
    assert commented(world) == ["honest.py"]
    assert time.monotonic() - started < 30


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_a_change_of_a_hundred_thousand_files_is_reviewed(world: World) -> None:
    pull = proposed(world, {**MANY, "honest.py": UNTIMED})
    async with world.app(child=ENGINE):
        await world.deliver("pull_request", "opened", pull=pull)
        await world.settle(380)
    assert (commented(world), world.run.status) == (["honest.py"], "completed"), world.run


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_a_file_of_two_gigabytes_is_named_and_its_neighbours_are_reviewed(world: World) -> None:
    git = world.repository.git
    zeros = large_file(git, 2 << 30)
    pull = grown(world, (FILE, b"zeros.py", zeros), (FILE, b"honest.py", hostile_git.blob(git, UNTIMED)))
    async with world.app(child=ENGINE):
        await world.deliver("pull_request", "opened", pull=pull)
        await world.settle(300)
    assert commented(world) == ["honest.py"]
    assert "zeros.py" in (world.run.summary or "")
    assert on_disk(world.config.data_dir) < 50 * MEGABYTE


def large_file(git: Git, size: int) -> str:
    """A file of zeros, which takes its thousandth part in a pack; its id."""
    marks = git.path / "marks"
    command = ["git", "--git-dir", str(git.path), "fast-import", "--quiet", f"--export-marks={marks}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        importing.stdin.write(b"blob\nmark :1\ndata %d\n" % size)
        for _ in range(size // MEGABYTE):
            importing.stdin.write(bytes(MEGABYTE))
        importing.stdin.write(b"\ndone\n")
    assert importing.returncode == 0
    return marks.read_text().split()[1]


@pytest.mark.slow
async def test_a_pack_that_expands_on_the_disk_stays_a_pack(world: World) -> None:
    """Four files of 64 MB that repeat one megabyte of noise, which no compression of a single file sees."""
    git, noise, times = world.repository.git, os.urandom(MEGABYTE), 64
    base, ends = hostile_git.object_id("blob", noise), [b"%d" % number for number in range(4)]
    expanded = [hostile_git.object_id("blob", noise * times + end) for end in ends]
    deltas = [(base, hostile_git.repeating(noise, times, end)) for end in ends]
    hostile_git.store(git, hostile_git.pack([("blob", noise)], deltas))
    pull = grown(
        world,
        (FILE, b"noise.bin", base),
        *((FILE, b"noise-%d.bin" % number, oid) for number, oid in enumerate(expanded)),
        (FILE, b"honest.py", hostile_git.blob(git, UNTIMED)),
    )
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert commented(world) == ["honest.py"]
    assert on_disk(world.config.data_dir / "clones") < 8 * MEGABYTE


async def test_a_pack_that_expands_in_memory_is_refused_and_the_next_pull_request_is_reviewed(
    world: World,
) -> None:
    """Some thousand bytes that say a megabyte of zeros over and over."""
    git, zeros, times = world.repository.git, bytes(MEGABYTE), 480
    base, hashed = hostile_git.object_id("blob", zeros), hashlib.sha1(b"blob %d\0" % (times * MEGABYTE))
    for _ in range(times):
        hashed.update(zeros)
    delta = (base, hostile_git.repeating(zeros, times))
    hostile_git.store(git, hostile_git.pack([("blob", zeros)], [delta]))
    hostile = grown(world, (FILE, b"small.bin", base), (FILE, b"bomb.bin", hashed.hexdigest()))
    honest = proposed(world, {"honest.py": MARKED})
    async with world.app(limits=replace(world.config.limits, memory=384 * MEGABYTE)):
        await world.hear(hostile)
        assert (world.run.conclusion, world.run.summary) == ("failure", TOO_LARGE)
        await world.hear(honest)
    assert commented(world) == ["honest.py"]
