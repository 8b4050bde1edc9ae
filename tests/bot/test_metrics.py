"""What is counted, as Prometheus reads it."""

from __future__ import annotations

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.bot.conftest import World
from tests.github import Fault

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"


async def scraped(world: World) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels' values."""
    async with aiohttp.ClientSession() as session, session.get(f"{world.url}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        text = await answer.text()
    families = text_string_to_metric_families(text)
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


async def test_a_review_is_counted_from_the_delivery_to_the_comment(world: World) -> None:
    pull = world.open({"new.py": BAD})
    world.github.faults.add(Fault("GET /repos/octo/shop/pulls/1", status=502))
    async with world.app():
        before = await scraped(world)
        await world.hear(pull)
        await world.deliver("pull_request", "converted_to_draft", pull=pull)
        async with aiohttp.ClientSession() as session:
            await session.post(f"{world.url}/webhooks/github", data=b"{}")
        after = await scraped(world)

    def grown(*sample: str) -> float:
        return after.get(sample, 0) - before.get(sample, 0)

    assert grown("rubricate_deliveries_total", "pull_request", "stored") == 1
    assert grown("rubricate_deliveries_total", "pull_request", "nothing to do") == 1
    assert grown("rubricate_deliveries_total", "", "refused with 401") == 1
    assert grown("rubricate_reviews_total", "reviewed") == 1
    assert grown("rubricate_review_seconds_count", "reviewed") == 1
    assert grown("rubricate_comments_total") == 1
    assert grown("rubricate_github_requests_total", "GET", "502") == 1
    assert grown("rubricate_github_requests_total", "POST", "201") >= 2
    assert after["rubricate_queue_depth", "waiting"] == after["rubricate_queue_depth", "running"] == 0
    assert after["rubricate_workers_alive",] == 1
    assert world.repository.installation is not None
    left = after["rubricate_github_rate_limit_remaining", str(world.repository.installation.id), "core"]
    assert 4_900 < left < 5_000


async def test_the_queue_is_counted_while_it_is_worked_on(world: World) -> None:
    slow = [world.open({f"f{n}.py": "slow = 1  # SLEEP 2\n"}, f"b{n}") for n in range(2)]
    async with world.app(reviews_at_once=1):
        for pull in slow:
            await world.deliver("pull_request", "opened", pull=pull)
        await world.until((world.config.data_dir / "noted.json").exists)
        seen = await scraped(world)
        await world.settle()
    assert (seen["rubricate_queue_depth", "running"], seen["rubricate_queue_depth", "waiting"]) == (1, 1)


async def test_a_review_that_failed_is_counted_as_such(world: World) -> None:
    pull = world.open({"new.py": "x = 1  # FAIL no\n"})
    async with world.app():
        before = await scraped(world)
        await world.hear(pull)
        after = await scraped(world)
    name = ("rubricate_reviews_total", "failed")
    assert after[name] - before.get(name, 0) == 1
