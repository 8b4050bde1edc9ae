"""A stranger's configuration: the base's holds, and what the head brings is read as data and listed."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from checks.baseline import BASELINE_FILE
from tests.bot.conftest import World
from tests.github import PullRequest

ENGINE = (sys.executable, "-I", "-m", "checks.job")
HONEST = "import requests\n\n\ndef fetch(url):\n    return requests.get(url)\n"
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


def from_a_fork(world: World, files: dict[str, str], owner: str = "stranger") -> PullRequest:
    fork = world.github.fork(world.repository, owner)
    world.github.commit(fork, "feature", {f"{owner}.py": HONEST, **files}, start="main")
    return world.github.open_pull_request(world.repository, "main", "feature", fork=fork, author=owner)


def commented(world: World) -> list[str]:
    return sorted(thread.path for thread in world.github.threads)


async def test_a_fork_s_configuration_is_neither_obeyed_nor_a_way_to_harm(
    world: World, tmp_path: Path
) -> None:
    owned = f"touch {tmp_path}/owned"
    tried = {
        "tags": (".rubricate.yml", f"select: !!python/object/apply:os.system ['{owned}']\n"),
        "anchors": (".rubricate.yml", f"{LAUGHS}select: []\n"),
        "patterns": (".rubricate.yml", f"exclude: ['{'[' * 60_000}', '(a+)+$']\nselect: []\n"),
        "keys": ("pyproject.toml", f"[tool.rubricate]\n{'a.' * 20_000}b = 1\nselect = []\n"),
    }
    pulls = [from_a_fork(world, {path: text}, owner) for owner, (path, text) in tried.items()]
    started = time.monotonic()
    async with world.app(child=ENGINE):
        for pull in pulls:
            await world.deliver("pull_request", "opened", pull=pull)
        await world.settle()
    assert commented(world) == sorted(f"{owner}.py" for owner in tried)
    assert not (tmp_path / "owned").exists()
    assert time.monotonic() - started < 20


async def test_a_fork_changes_neither_configuration_nor_baseline_nor_owners(world: World) -> None:
    world.github.commit(world.repository, "main", {".rubricate.yml": "fail-on: low\n"})
    everything = {"version": 1, "findings": [{"fingerprint": "*", "rule": "*", "path": "*", "message": "*"}]}
    pull = from_a_fork(
        world,
        {
            ".rubricate.yml": "select: []\nexclude: ['*']\nfail-on: never\n"
            "pull-request: {skip-authors: ['*'], comments: 0, review-event: request-changes}\n",
            BASELINE_FILE: json.dumps(everything),
            ".github/CODEOWNERS": "* @stranger\n",
            "CODEOWNERS": "* @stranger\n",
            ".gitattributes": "*.py -diff linguist-generated binary\n",
        },
    )
    async with world.app(child=ENGINE):
        await world.hear(pull)
    assert (commented(world), world.run.conclusion) == (["stranger.py"], "failure")
    assert [review.state for review in world.reviews] == ["COMMENTED"]
    for name in (".rubricate.yml", BASELINE_FILE):
        assert name in (world.run.summary or ""), "what the change would excuse is listed"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(LAUGHS, "aliases are not read", marks=pytest.mark.slow, id="anchors"),
        pytest.param(
            f"pull-request: {{paths: ['{'[' * 60_000}']}}\n", "has more than 500 characters", id="long"
        ),
        pytest.param(
            "pull-request: {paths: ['(a+)+$', '*a*a*a*a*a*b']}\n",
            "(`paths`)",
            marks=pytest.mark.slow,
            id="wild",
        ),
    ],
)
async def test_a_team_s_own_bomb_ends_in_a_sentence_of_its_own_review(
    world: World, text: str, sentence: str
) -> None:
    world.github.commit(world.repository, "main", {".rubricate.yml": text})
    pull = world.open({"a" * 200 + ".py": "fine = 1\n"})
    started = time.monotonic()
    async with world.app():
        await world.hear(pull)
    assert sentence in (world.run.summary or "")
    assert time.monotonic() - started < 10
