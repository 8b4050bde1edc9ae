"""Pull requests of every shape, reviewed by the real engine: large ones, and files that are no plain text."""

from __future__ import annotations

import sys

from tests.bot.conftest import World
from tests.github import Entry
from tests.github.git import Files

ENGINE = (sys.executable, "-I", "-m", "checks.job")
UNTIMED = "import requests\n\n\ndef fetch(url):\n    return requests.get(url)\n"
TIMED = "import requests\n\n\ndef fetch(url):\n    return requests.get(url, timeout=5)\n"
LONG = "".join(f"line_{number} = {number}\n" for number in range(40))
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "4" * 64 + "\nsize 12345\n"


def comments(world: World) -> list[tuple[str, int | None, str]]:
    return [(thread.path, thread.line, thread.side) for thread in world.github.threads]


async def test_renamed_binary_deleted_submodule_and_lfs_files_are_taken_as_they_are(world: World) -> None:
    before: Files = {"old.py": LONG + TIMED, "gone.py": "import os\n", "picture.png": b"\x89PNG\x00\x01"}
    world.github.commit(world.repository, "main", before)
    after: Files = {
        "old.py": None,
        "new/name.py": LONG + UNTIMED,
        "gone.py": None,
        "picture.png": b"\x89PNG\x00\x02\xff",
        "data.py": b"\x00\x01\x02\xfe",
        "model.py": LFS,
        "vendor": Entry(b"1" * 40, "160000"),
        "link.py": Entry(b"/etc/passwd", "120000"),
    }
    world.github.commit(world.repository, "feature", after, start="main")
    pull = world.github.open_pull_request(world.repository, "main", "feature")
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert comments(world) == [("new/name.py", 45, "RIGHT")]
    assert world.run.status == "completed"
    summary = world.run.summary or ""
    for path in ("data.py", "model.py"):  # what could not be read is named, and nothing else
        assert path in summary, path
    for path in ("gone.py", "vendor", "picture.png", "etc/passwd"):
        assert path not in summary, path


async def test_more_than_three_thousand_files_are_reviewed_whole(world: World) -> None:
    files: dict[str, str | None] = {f"docs/{number}.txt": "text\n" for number in range(3_100)}
    pull = world.open(files | {"zz/last.py": UNTIMED})
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert comments(world) == [("zz/last.py", 5, "RIGHT")]
    asked = {request.operation for request in world.github.requests}
    assert "pulls/list-files" not in asked  # its answer ends at 3,000 files, and a diff's at 300


async def test_a_forks_pull_request_gets_comments_threads_and_a_check_run(world: World) -> None:
    fork = world.github.fork(world.repository, "stranger")
    world.github.commit(fork, "feature", {"new.py": UNTIMED}, start="main")
    pull = world.github.open_pull_request(world.repository, "main", "feature", fork=fork)
    async with world.app(child=ENGINE):
        await world.hear(pull)
        world.github.commit(fork, "feature", {"new.py": TIMED})
        await world.hear(pull, "synchronize")
    assert comments(world) == [("new.py", 5, "RIGHT")]
    assert "Fixed in" in world.github.threads[0].comments[1].body
    assert [run.conclusion for run in world.github.check_runs][-1] == "success"


async def test_an_installation_that_may_write_nothing_is_left_in_peace(world: World) -> None:
    installation = world.repository.installation
    assert installation is not None
    installation.permissions = dict.fromkeys(("checks", "contents", "metadata", "pull_requests"), "read")
    pull = world.open({"new.py": UNTIMED})
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert (world.reviews, world.github.check_runs) == ([], [])
    assert not [each for each in world.github.requests if "git-upload-pack" in each.path]


async def test_an_installation_without_check_runs_gets_its_review(world: World) -> None:
    installation = world.repository.installation
    assert installation is not None
    installation.permissions = {"contents": "read", "metadata": "read", "pull_requests": "write"}
    pull = world.open({"new.py": UNTIMED})
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert (comments(world), world.github.check_runs) == ([("new.py", 5, "RIGHT")], [])


async def test_workflow_files_need_no_permission_of_their_own(world: World) -> None:
    workflow = "on: pull_request\njobs: {}\n"
    pull = world.open({".github/workflows/ci.yml": workflow, "new.py": UNTIMED})
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert comments(world) == [("new.py", 5, "RIGHT")]
