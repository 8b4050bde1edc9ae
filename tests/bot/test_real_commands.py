"""`rubricate serve` and `rubricate worker` as processes that review: their sockets, their settings, their end."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from bot.app import SHUTDOWN_SECONDS
from tests.bot.commands import RUBRICATE, Running, settings_for
from tests.bot.conftest import World
from tests.bot.people import WRITER
from tests.bot.processes import UNFINISHED
from tests.github import Fault

UNTIMED = "import requests\n\n\ndef fetch(url):\n    return requests.get(url)\n"
RULE = "performance/http-timeout-missing"


class Start(Protocol):
    def __call__(self, command: str, name: str = ..., **changes: str) -> Running: ...


@pytest.fixture
def start(world: World, tmp_path: Path) -> Iterator[Start]:
    """Starts commands; those that still run at the end are killed."""
    running: list[Running] = []

    def start(command: str, name: str = "", **changes: str) -> Running:
        settings = settings_for(world, tmp_path / (name or command), **changes)
        running.append(Running(command, settings, tmp_path / f"{name or command}.log"))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()
        print(f"--- {each.log.name}\n{each.log.read_text()}")


def refused(world: World, command: str, folder: Path, **changes: str) -> list[str]:
    """What a command that does not start says, with exit code 2."""
    settings = {name: value for name, value in settings_for(world, folder, **changes).items() if value}
    done = subprocess.run(
        [*RUBRICATE, command], env=settings, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert world.github.webhook_secret not in done.stderr
    return done.stderr.splitlines()


def completed(world: World, count: int = 1) -> bool:
    return [run.status for run in world.github.check_runs] == ["completed"] * count


# One process on SQLite


async def test_serve_alone_takes_a_delivery_and_reviews_it(world: World, start: Start) -> None:
    pull = world.open({"new.py": UNTIMED})
    serve = start("serve")
    await serve.is_ready(world)
    assert (await world.deliver("pull_request", "opened", pull=pull)).status == 202
    await world.until(lambda: completed(world))
    assert [(thread.path, thread.line) for thread in world.github.threads] == [("new.py", 5)]
    told = (await serve.ask("/metrics"))[1]
    assert 'rubricate_deliveries_total{event="pull_request",result="stored"} 1.0' in told
    assert re.search(r'rubricate_reviews_total\{outcome="reviewed"\} 1\.0', told)
    assert serve.stop()[0] == 0


@pytest.mark.slow
async def test_a_review_that_runs_does_not_hold_up_the_end_and_goes_on_at_the_next_start(
    world: World, start: Start
) -> None:
    pull = world.open({"new.py": UNTIMED})
    fault = world.github.faults.add(Fault("POST /octo/shop.git/git-upload-pack", "delay", delay=20))
    serve = start("serve")
    await serve.is_ready(world)
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: fault.hits > 0)
    code, seconds = serve.stop()
    assert code == 0
    assert seconds < SHUTDOWN_SECONDS + 5
    assert world.reviews == []
    await start("serve").is_ready(world)
    await world.until(lambda: completed(world))
    assert len(world.reviews) == 1


# Wrong settings


def test_a_worker_names_every_wrong_setting_in_a_line(world: World, tmp_path: Path) -> None:
    said = refused(world, "worker", tmp_path / "data", app_id="", reviews_at_once="0", port="70000")
    assert [line.split()[:2] for line in said] == [
        ["rubricate:", "RUBRICATE_APP_ID"],
        ["rubricate:", "RUBRICATE_DATABASE_URL"],
        ["rubricate:", "RUBRICATE_PORT"],
        ["rubricate:", "RUBRICATE_REVIEWS_AT_ONCE"],
    ]


def test_a_worker_says_that_its_database_is_away(world: World, tmp_path: Path) -> None:
    away = "postgresql://rubricate:pass-word@127.0.0.1:9/jobs"
    said = refused(world, "worker", tmp_path / "data", database_url=away)
    assert "RUBRICATE_DATABASE_URL can't be used" in said[-1]
    assert "pass-word" not in "\n".join(said)


def test_a_data_folder_that_is_none_is_named(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (said,) = refused(world, "serve", tmp_path / "file" / "data")
    assert "RUBRICATE_DATA_DIR" in said


# Servers and workers on PostgreSQL


@pytest.mark.slow
async def test_a_worker_reviews_what_serve_took_and_both_end_in_good_order(
    world: World, start: Start, postgresql: str
) -> None:
    pull = world.open({"new.py": UNTIMED})
    serve = start("serve", database_url=postgresql, reviews_at_once="0")
    worker = start("worker", database_url=postgresql, reviews_at_once="1")
    await worker.is_ready(world)
    await serve.is_ready(world)
    assert (await worker.ask("/webhooks/github", "POST"))[0] == 404
    assert (await world.deliver("pull_request", "opened", pull=pull)).status == 202
    await world.until(lambda: completed(world))
    assert [(thread.path, thread.line) for thread in world.github.threads] == [("new.py", 5)]
    for process in (serve, worker):
        assert (await process.ask("/healthz"))[0] == 200
        assert '"ready": true' in (await process.ask("/readyz"))[1]
    reviewed = r'rubricate_reviews_total\{outcome="reviewed"\} 1\.0'
    assert re.search(reviewed, (await worker.ask("/metrics"))[1])
    told = (await serve.ask("/metrics"))[1]
    assert not re.search(reviewed, told)
    assert "rubricate_workers_alive 2.0" in told
    assert not list((serve.log.parent / "serve/clones").glob("*/*.git"))
    for process in (worker, serve):
        code, seconds = process.stop()
        assert code == 0
        assert seconds < SHUTDOWN_SECONDS + 5


@pytest.mark.slow
async def test_a_worker_says_that_its_port_is_taken(world: World, tmp_path: Path, postgresql: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refused(world, "worker", tmp_path / "data", database_url=postgresql, port=port)
    assert f"can't listen on 127.0.0.1:{port}" in said[-1]


@pytest.mark.slow
async def test_commands_in_comments_are_carried_out_by_a_worker(
    world: World, start: Start, postgresql: str
) -> None:
    world.github.add_collaborator(world.repository, WRITER, "write")
    pull = world.open({"new.py": UNTIMED})
    serve = start("serve", database_url=postgresql, reviews_at_once="0")
    worker = start("worker", database_url=postgresql, reviews_at_once="2")
    await serve.is_ready(world)
    await worker.is_ready(world)
    world.url = serve.url
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: completed(world))

    async def say(body: str, login: str = WRITER) -> list[str]:
        before = len(world.github.comments)
        comment = world.github.comment(pull, login, body)
        await world.deliver("issue_comment", "created", comment=comment, sender=login)
        await world.until(lambda: bool(comment.reactions), seconds=40)
        await world.until(lambda: unfinished(postgresql) == 0, seconds=40)
        return [each.body for each in world.github.comments[before + 1 :]]

    assert await say("/rubricate ignore this", "stranger") == []
    (fixed,) = await say("/rubricate fix")
    assert "timeout=" in fixed
    (checklist,) = await say("/rubricate checklist")
    assert f"**Checklist at {pull.head_sha[:7]}.**" in checklist
    (ignored,) = await say(f"/rubricate ignore {RULE} answers are local")
    assert ignored.startswith(f"Ignoring `{RULE}` on this pull request, for ada: answers are local.")
    assert world.run.conclusion == "success"
    assert "answers are local" in (world.run.summary or "")


def unfinished(database_url: str) -> int:
    with psycopg.connect(database_url) as connection:
        found = connection.execute(UNFINISHED.format("dbos.")).fetchone()
    assert found is not None
    return int(found[0])
