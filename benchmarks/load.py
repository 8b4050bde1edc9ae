"""Sends webhooks at a steady rate, in a process of its own: `python -m benchmarks.load FILE URL RATE`.

FILE holds one JSON object a line: headers and body. Each is sent at its time, whether earlier ones were answered or
not, and its latency counts from that time: a server that falls behind can't hide it. Prints latencies and statuses.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp


async def main(file: Path, url: str, rate: float) -> list[tuple[float, int]]:
    """Send all; the latency in seconds and the status of each."""
    messages = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        started = time.monotonic() + 0.5
        sending = [
            asyncio.ensure_future(_send(session, url, message, started + number / rate))
            for number, message in enumerate(messages)
        ]
        return await asyncio.gather(*sending)


async def _send(
    session: aiohttp.ClientSession, url: str, message: Mapping[str, Any], at: float
) -> tuple[float, int]:
    await asyncio.sleep(at - time.monotonic())
    try:
        async with session.post(url, data=message["body"].encode(), headers=message["headers"]) as answer:
            await answer.read()
            return time.monotonic() - at, answer.status
    except aiohttp.ClientError:
        return time.monotonic() - at, 0


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])))))
