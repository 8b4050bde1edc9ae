"""`rubricate serve` and `rubricate demo`, as processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot import demo
from checks.errors import UserError
from tests.bot.conftest import World
from tests.github.auth import Keyring

RUBRICATE = (sys.executable, "-I", "-m", "checks")


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "RUBRICATE_APP_ID": "1",
        "RUBRICATE_PRIVATE_KEY": Keyring().private_key_pem.replace("\n", "\\n"),
        "RUBRICATE_WEBHOOK_SECRET": "hush-hush",
        "RUBRICATE_DATA_DIR": str(tmp_path / "data"),
        "RUBRICATE_PORT": str(port),
    }


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_serve_names_every_wrong_setting_and_exits_with_2(settings: dict[str, str]) -> None:
    wrong = settings | {"RUBRICATE_PORT": "eighty", "RUBRICATE_APP_ID": ""}
    done = subprocess.run([*RUBRICATE, "serve"], env=wrong, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "rubricate: RUBRICATE_APP_ID is not set",
        "rubricate: RUBRICATE_PORT is wrong: it is a number from 0 to 65,535",
    ]


async def test_serve_is_ready_and_ends_in_good_order(
    world: World, settings: dict[str, str], processes: list[subprocess.Popen[str]]
) -> None:
    process = subprocess.Popen([*RUBRICATE, "serve"], env=settings, stderr=subprocess.PIPE, text=True)
    processes.append(process)
    url = f"http://127.0.0.1:{settings['RUBRICATE_PORT']}"
    for _ in range(200):
        if await _health(url) == 200:
            break
        time.sleep(0.1)
    assert await _health(url) == 200
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "serving on" in said
    assert "hush-hush" not in said
    assert "PRIVATE KEY" not in said


async def test_serve_says_that_its_port_is_taken(settings: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(settings["RUBRICATE_PORT"])))
        taken.listen()
        done = subprocess.run(
            [*RUBRICATE, "serve"], env=settings, capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert "can't listen on 127.0.0.1" in done.stderr


async def test_serve_says_that_its_database_is_away(settings: dict[str, str]) -> None:
    away = settings | {"RUBRICATE_DATABASE_URL": "postgresql://rubricate:pass-word@127.0.0.1:9/jobs"}
    done = subprocess.run([*RUBRICATE, "serve"], env=away, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "RUBRICATE_DATABASE_URL can't be used" in done.stderr
    assert "pass-word" not in done.stderr


def test_the_demo_shows_the_review_of_the_planted_defects(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = subprocess.run([*RUBRICATE, "demo"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d+) of (\d+) planted defects found\.", done.stdout)
    assert found is not None
    assert done.returncode == (0 if found[1] == found[2] else 1)
    assert "django/config/settings/production.py:8\n" in done.stdout
    assert "Suggestion, at one click:\n    DEBUG = False\n" in done.stdout
    assert "from security/reflected-xss; on the deleted line" in done.stdout
    assert "Check run: Rubricate, failure" in done.stdout
    assert "Debug mode is off in production" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["The App waits", "The signed webhook was answered"])
def test_an_interrupted_demo_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, moment: str, processes: list[subprocess.Popen[str]]
) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [*RUBRICATE, "demo"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    processes.append(process)
    assert process.stderr is not None
    while moment not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_the_demo_outside_a_checkout_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "EXAMPLES", tmp_path)
    with pytest.raises(UserError, match="needs the source checkout"):
        demo.main()


async def _health(url: str) -> int:
    async with aiohttp.ClientSession() as session:
        try:
            async with session.get(f"{url}/readyz") as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0
