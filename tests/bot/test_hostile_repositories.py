"""Repositories that are made to harm: each is reviewed, or refused in one sentence, and its neighbours are reviewed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.github.clone import _fetch_failed
from bot.process import Finished
from tests.bot import hostile_git
from tests.bot.conftest import World
from tests.bot.hostile_git import FILE, FOLDER
from tests.github import Entry, PullRequest
from tests.github.git import Files

ENGINE = (sys.executable, "-I", "-m", "checks.job")
UNTIMED = "import requests\n\n\ndef fetch(url):\n    return requests.get(url)\n"
MARKED = "bad = 2  # DEFECT bad high\n"
REFUSED = "The repository holds objects that git's own checks refuse."


def commented(world: World) -> list[str]:
    """The files that a comment is about."""
    return sorted(thread.path for thread in world.github.threads)


def proposed(world: World, files: Files, branch: str = "feature") -> PullRequest:
    world.github.commit(world.repository, branch, files, start="main")
    return world.github.open_pull_request(world.repository, "main", branch)


def grown(world: World, *entries: hostile_git.Entry, branch: str = "hostile") -> PullRequest:
    """A pull request that adds objects to the root, whatever their names."""
    hostile_git.grow(world.repository.git, branch, "main", entries)
    return world.github.open_pull_request(world.repository, "main", branch)


async def test_links_that_lead_out_of_the_tree_are_not_followed(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text(UNTIMED)
    (outside / "config.yml").write_text("select: []\n")
    settings = Entry(f"{outside}/config.yml".encode(), "120000")
    world.github.commit(world.repository, "main", {".rubricate.yml": settings})
    pull = proposed(
        world,
        {
            "absolute.py": Entry(f"{outside}/secret.py".encode(), "120000"),
            "relative.py": Entry(b"../" * 30 + f"{outside}/secret.py".encode().lstrip(b"/"), "120000"),
            "folder": Entry(str(outside).encode(), "120000"),
            "itself.py": Entry(b"itself.py", "120000"),
            "pyproject.toml": Entry(b"/dev/zero", "120000"),
            "requirements.txt": Entry(b"/etc/passwd", "120000"),
            "honest.py": UNTIMED,
        },
    )
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert (commented(world), world.run.status) == (["honest.py"], "completed")
    assert "root:" not in repr(world.run)


NAMES = (
    "--upload-pack=touch owned;.py",
    "-rf.py",
    "$(touch owned).py",
    'a "quoted" name.py',
    "back\\slash.py",
    "new\nline.py",
    "tab\tname.py",
    "\u202eyp.txt.py",
    "...py",
    "..hidden/..x.py",
    "CON.py",
    "a" * 240 + ".py",
    ":(top,exclude)*.py",
    "*.py",
    "@{-1}.py",
)


async def test_odd_names_are_names_and_no_options_paths_or_patterns(world: World) -> None:
    pull = proposed(world, {**dict.fromkeys(NAMES, UNTIMED), "honest.py": UNTIMED})
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert set(commented(world)) == {"honest.py", *NAMES}
    assert (world.run.status, len(world.reviews)) == ("completed", 1)


async def test_names_that_lead_out_are_refused_and_the_next_pull_request_is_reviewed(world: World) -> None:
    git = world.repository.git
    inner = hostile_git.tree(git, [(FILE, b"x.py", hostile_git.blob(git, "x = 1\n"))])
    names = (b"..", b".git", b".", b"GIT~1", b"a/../../b.py")
    hostile = [grown(world, (FOLDER, name, inner), branch=f"b{n}") for n, name in enumerate(names)]
    await refused_and_next_reviewed(world, hostile)


async def refused_and_next_reviewed(world: World, hostile: list[PullRequest]) -> None:
    honest = proposed(world, {"honest.py": MARKED})
    async with world.app():
        for pull in hostile:
            await world.deliver("pull_request", "opened", pull=pull)
        await world.settle()
        runs = world.github.check_runs
        assert {(run.conclusion, run.summary) for run in runs} == {("failure", REFUSED)}
        assert len(runs) == len(hostile)
        await world.hear(honest)
    assert commented(world) == ["honest.py"]


@pytest.mark.slow
async def test_alternates_bring_and_read_nothing(world: World, tmp_path: Path) -> None:
    """Those of a served repository are the server's matter; those in a tree are files."""
    served = world.repository.git.path / "objects"
    elsewhere = tmp_path / "elsewhere"
    served.rename(elsewhere)
    (served / "info").mkdir(parents=True)
    (served / "pack").mkdir()
    (served / "info/alternates").write_text(f"{elsewhere}\n")
    pull = proposed(
        world,
        {
            "HEAD": "ref: refs/heads/main\n",
            "config": f"[core]\n\tfsmonitor = touch {tmp_path}/owned\n\tbare = true\n",
            "objects/info/alternates": f"{elsewhere}\n",
            "objects/info/http-alternates": "http://127.0.0.1:9/objects\n",
            "refs/heads/main": "0" * 40 + "\n",
            "nested.git/objects/info/alternates": "/\n",
            "honest.py": UNTIMED,
        },
    )
    async with world.app(child=ENGINE):
        await world.hear(pull)
    (clone,) = (world.config.data_dir / "clones").glob("*/*.git")
    assert not list(clone.rglob("*alternates*"))
    assert (commented(world), (tmp_path / "owned").exists()) == (["honest.py"], False)


async def test_submodules_are_neither_fetched_nor_obeyed(world: World, tmp_path: Path) -> None:
    pull = proposed(
        world,
        {
            ".gitmodules": f'[submodule "a"]\n\tpath = a\n\turl = ext::sh -c "touch {tmp_path}/owned"\n'
            f'[submodule "b"]\n\tpath = b\n\turl = {world.github.url}/octo/secret.git\n'
            '[submodule "c"]\n\tpath = ../../c\n\turl = file:///etc\n\tupdate = checkout\n',
            "a": Entry(b"1" * 40, "160000"),
            "b": Entry(b"2" * 40, "160000"),
            "honest.py": UNTIMED,
        },
    )
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert (commented(world), (tmp_path / "owned").exists()) == (["honest.py"], False)
    assert not [each for each in world.github.requests if "secret" in each.path]


@pytest.mark.slow
async def test_submodules_that_git_knows_as_attacks_are_refused_in_a_sentence(world: World) -> None:
    settings = ('url = "-u./payload"', "path = -x", 'update = "!touch owned"')
    hostile = [
        proposed(
            world,
            {
                ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = https://example.com/x\n\t{setting}\n',
                "x": Entry(b"1" * 40, "160000"),
            },
            setting.split()[0],
        )
        for setting in settings
    ]
    await refused_and_next_reviewed(world, hostile)


@pytest.mark.parametrize("words", ["error: exceeded maximum allowed tree depth", "fatal: fsck error"])
def test_what_git_s_checks_refuse_is_not_asked_for_again(words: str) -> None:
    failed = _fetch_failed(Finished(128, b"", f"{words}\nfatal: fetch-pack: invalid index-pack output"))
    assert (str(failed), failed.passing) == (REFUSED, False)
