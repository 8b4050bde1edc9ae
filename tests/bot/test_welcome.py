"""A repository that the App comes to is offered a configuration and a baseline: once, and where it has a use for it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from dbos import DBOS

from bot import welcome
from bot.github import branches
from bot.welcome import BRANCH
from bot.welcome_words import MARK
from checks.baseline import BASELINE_FILE
from checks.commands.init import configuration
from checks.config import CONFIG_FILE
from tests.bot.conftest import World
from tests.bot.desk import Desk
from tests.bot.processes import Process
from tests.github import Delivery, Fault, PullRequest, Repository

SETTINGS = "INSTALLED_APPS = []\nROOT_URLCONF = 'shop.urls'\nDEBUG = True\n"
DJANGO = {"requirements.txt": "Django==5.2\n", "shop/settings.py": SETTINGS}
LOUD = "import requests\n\n\ndef rate():\n    return requests.get('https://rates.example.com')\n"
CLEAN = {"requirements.txt": "flask==3.1.0\n", "shop.py": "from flask import Flask\n"}


def slow(*values: object) -> Any:
    """A case that adds little to the others."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.fixture(autouse=True)
def granted(world: World) -> None:
    """Only an installation that may write files is asked to."""
    installation = world.repository.installation
    assert installation is not None
    installation.permissions["contents"] = "write"


def project(world: World, name: str = "octo/web", files: dict[str, str] | None = None) -> Repository:
    return world.github.add_repository(name, private=True, files=DJANGO if files is None else files)


async def come(world: World, *repositories: Repository, **given: Any) -> Delivery:
    """The App is told that it has come to these repositories, and does what it does."""
    known: dict[str, Any] = {"installation": repositories[0].installation, "repositories": list(repositories)}
    delivery = await world.deliver("installation_repositories", "added", **known, **given)
    assert delivery.status == 202, delivery
    await world.settle(60)
    return delivery


def opened(repository: Repository) -> list[PullRequest]:
    return list(repository.pulls.values())


def text(repository: Repository, path: str, branch: str = BRANCH) -> str | None:
    content = repository.git.blob(f"refs/heads/{branch}", path)
    return None if content is None else content.decode()


def accepted_by_command(folder: Path, files: dict[str, str]) -> str:
    """What `rubricate baseline` writes into a folder with these files."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    command = [sys.executable, "-m", "checks", "baseline", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / BASELINE_FILE).read_text()


async def test_a_new_installation_is_offered_what_init_and_baseline_write(
    world: World, tmp_path: Path
) -> None:
    shop = project(world, files={**DJANGO, "rates.py": LOUD})
    async with world.app():
        await world.deliver("installation", "created", installation=shop.installation)
        await world.settle(60)
    (pull,) = opened(shop)
    assert (pull.title, pull.author.login, pull.base_ref) == ("Configure Rubricate", "rubricate[bot]", "main")
    assert text(shop, CONFIG_FILE) == configuration(["django"])
    assert shop.git.commits(pull.base_sha, pull.head_sha, 9) == [pull.head_sha], "one commit"

    files = {**DJANGO, "rates.py": LOUD, CONFIG_FILE: configuration(["django"])}
    accepted = accepted_by_command(tmp_path / "shop", files)
    assert text(shop, BASELINE_FILE) == accepted

    assert pull.body is not None and pull.body.rstrip().endswith(MARK)
    findings = json.loads(accepted)["findings"]
    assert f"the {len(findings)} findings that stand in the project today" in pull.body
    assert "of security" in pull.body and "1 of performance" in pull.body
    assert opened(world.repository) == [], "it uses neither Django nor Flask"


async def test_a_project_without_findings_gets_no_baseline(world: World) -> None:
    shop = project(world, files=CLEAN)
    async with world.app():
        await come(world, shop)
    (pull,) = opened(shop)
    assert text(shop, CONFIG_FILE) == configuration(["flask"])
    assert text(shop, BASELINE_FILE) is None and BASELINE_FILE not in (pull.body or "")


async def test_repositories_that_have_no_use_for_it_are_left_alone(world: World) -> None:
    imported = {"web.py": "from flask import Flask\n\napp = Flask(__name__)\n"}
    left = [
        project(world, "octo/configured", {**DJANGO, CONFIG_FILE: "fail-on: low\n"}),
        project(world, "octo/misnamed", {**DJANGO, "rubricate.yml": "fail-on: low\n"}),
        project(world, "octo/table", {**DJANGO, "pyproject.toml": "[tool.rubricate]\n"}),
        project(world, "octo/monorepo", {**DJANGO, f"apps/a/{CONFIG_FILE}": "ignore: []\n"}),
        project(world, "octo/javascript", {"requirements.txt": "django\n", "index.js": "let a = 1;\n"}),
        project(world, "octo/library", {"setup.py": "from setuptools import setup\n"}),
        project(world, "octo/archived"),
        project(world, "octo/empty", {}),
        world.github.fork(project(world, "octo/upstream", CLEAN), "acme"),
    ]
    left[6].archived = True
    left[7].git.update_ref("refs/heads/main", None)
    fork, installation = left[8], world.repository.installation
    assert installation is not None
    fork.installation = installation
    installation.repositories.append(fork)
    wanted = project(world, "octo/imported", imported)
    async with world.app():
        await come(world, *left, wanted)
    assert [one.full_name for one in left if opened(one) or one.git.branch(BRANCH)] == []
    assert len(opened(wanted)) == 1
    fetched = {
        each.path.split("/")[2] for each in world.github.requests if each.path.endswith("git-upload-pack")
    }
    assert not fetched & {"javascript.git", "archived.git", "empty.git", "web.git"}


async def test_an_empty_repository_has_no_branch_to_begin_at(world: World) -> None:
    empty = project(world, "octo/empty", {})
    empty.git.update_ref("refs/heads/main", None)
    async with aiohttp.ClientSession() as session:
        client = await Desk(world.github, empty, session).client()
        assert await branches.tip(client, "octo/empty", "main") is None


async def test_an_installation_that_may_only_read_is_left_in_peace(world: World) -> None:
    shop = project(world)
    assert shop.installation is not None
    shop.installation.permissions["contents"] = "read"
    async with world.app():
        await come(world, shop)
        asked = [each.path for each in world.github.requests if "/octo/web" in each.path]
    assert (opened(shop), asked) == ([], [])


async def test_the_operator_can_turn_it_off(world: World) -> None:
    shop = project(world)
    async with world.app(onboarding=False):
        await come(world, shop)
    assert (opened(shop), world.github.requests) == ([], [])


@pytest.mark.parametrize(
    ("said", "count"), [("onboarding: false", 0), ("comments: 5", 1), slow("onboarding: 7", 0)]
)
async def test_an_owner_can_turn_it_off_for_their_repositories(world: World, said: str, count: int) -> None:
    world.github.add_repository(
        "octo/.github", private=True, files={CONFIG_FILE: f"pull-request: {{{said}}}\n"}
    )
    shop = project(world, files=CLEAN)
    async with world.app():
        await come(world, shop)
    assert len(opened(shop)) == count


# Once


@pytest.mark.parametrize("fate", ["closed", slow("open"), slow("merged")])
async def test_it_is_never_opened_a_second_time(world: World, fate: str) -> None:
    shop = project(world, files=CLEAN)
    async with world.app():
        first = await come(world, shop)
        (pull,) = opened(shop)
        if fate != "open":
            world.github.close_pull_request(pull, merged=fate == "merged")
            world.github.commit(shop, "main", {CONFIG_FILE: None})
            shop.git.update_ref(f"refs/heads/{BRANCH}", None)
        await world.github.deliver(
            "installation_repositories",
            first.payload,
            url=f"{world.url}/webhooks/github",
            guid=first.guid,
        )
        assert shop.installation is not None
        world.github.uninstall(shop.installation)
        shop.installation = world.github.install("octo")
        shop.installation.permissions["contents"] = "write"
        shop.installation.repositories.append(shop)
        await world.deliver("installation", "created", installation=shop.installation)
        await world.settle(60)
    assert opened(shop) == [pull]
    assert (shop.git.branch(BRANCH) is None) == (fate != "open"), "not even a branch is made again"


@pytest.mark.parametrize("begun", ["commit", slow("branch"), "older branch"])
async def test_what_was_begun_is_ended(world: World, begun: str) -> None:
    shop = project(world, files={**DJANGO, "rates.py": LOUD})
    async with world.app():
        if begun == "commit":
            await come(world, shop)
            (first,) = opened(shop)
            shop.pulls.clear()
        else:
            shop.git.update_ref(f"refs/heads/{BRANCH}", shop.git.branch("main"))
        if begun != "branch":
            world.github.commit(shop, "main", {"later.py": LOUD})
        await come(world, shop)
    (pull,) = opened(shop)
    assert [one for one in shop.git.text("log", "--format=%s", f"main..{BRANCH}").split("\n") if one] == [
        "Add Rubricate's configuration"
    ]
    assert "later.py" not in (text(shop, BASELINE_FILE) or "")
    if begun == "commit":
        assert (pull.head_sha, pull.body) == (first.head_sha, first.body)


async def test_a_write_whose_answer_is_lost_is_looked_for(world: World) -> None:
    shop = project(world, files=CLEAN)
    lost = ("POST /repos/octo/web/git/refs", "POST /api/graphql", "POST /repos/octo/web/pulls")
    faults = [world.github.faults.add(Fault(request, "cut")) for request in lost]
    async with world.app():
        await come(world, shop)
        (done,) = await DBOS.list_workflows_async(name="onboard")
    assert ([fault.hits for fault in faults], dict(done.output or {})["word"]) == ([1, 1, 1], welcome.OPENED)
    (pull,) = opened(shop)
    assert shop.git.commits(pull.base_sha, pull.head_sha, 9) == [pull.head_sha]


async def test_a_branch_of_that_name_with_somebody_s_work_is_left_alone(world: World) -> None:
    shop = project(world, files=CLEAN)
    theirs = world.github.commit(shop, BRANCH, {"work.py": "x = 1\n"}, start="main")
    async with world.app():
        await come(world, shop)
    assert (opened(shop), shop.git.branch(BRANCH)) == ([], theirs)


async def test_at_most_so_many_are_opened_for_an_installation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(welcome, "MOST_OPENED", 2)
    shops = [project(world, f"octo/shop-{number}", CLEAN) for number in range(4)]
    async with world.app():
        await come(world, *shops)
    assert [len(opened(one)) for one in shops] == [1, 1, 0, 0]


# What comes of it


async def test_our_own_review_of_it_says_nothing_and_the_next_one_only_what_is_new(world: World) -> None:
    shop = project(world, files={**DJANGO, "rates.py": LOUD})
    async with world.app(child=(sys.executable, "-I", "-m", "checks.job")):
        await come(world, shop)
        (pull,) = opened(shop)
        await world.hear(pull)
        assert (world.reviews, world.run.conclusion, world.run.annotations) == ([], "success", [])
        world.github.close_pull_request(pull, merged=True)
        world.github.commit(shop, "feature", {"rates.py": LOUD.replace("rate()", "rates()")}, start="main")
        await world.hear(world.github.open_pull_request(shop, "main", "feature"))
        assert (world.reviews, world.run.conclusion) == ([], "success")


# The server is killed


@pytest.fixture
def server(world: World) -> Iterator[Process]:
    server = Process(world)
    yield server
    if server.runs:
        server.kill()


INSTANTS = {
    "asking for the right to write": "POST /app/installations/*",
    "beginning the branch": "POST /repos/octo/web/git/refs",
    "committing": "POST /api/graphql",
    "opening": "POST /repos/octo/web/pulls",
}


@pytest.mark.slow
@pytest.mark.parametrize("instant", INSTANTS)
async def test_killed_after_a_request_took_effect_and_before_its_answer(
    world: World, server: Process, instant: str
) -> None:
    shop = project(world, files={**DJANGO, "rates.py": LOUD})
    fault = world.github.faults.add(Fault(INSTANTS[instant], "cut"))
    await server.start()
    known: dict[str, Any] = {"installation": shop.installation, "repositories": [shop]}
    await world.deliver("installation_repositories", "added", **known)
    await world.until(lambda: fault.hits == 1)
    await asyncio.sleep(0.1)
    server.kill()
    await server.start()
    await server.settle()
    (pull,) = opened(shop)
    assert shop.git.commits(pull.base_sha, pull.head_sha, 9) == [pull.head_sha]
    assert "of security" in (pull.body or "")
