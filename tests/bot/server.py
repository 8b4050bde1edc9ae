"""The App as a process of its own, for tests that kill it: `python server.py SETTINGS.json`; notes its port."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from aiohttp import web

from bot.app import make_app, make_worker
from bot.config import Config
from bot.github.throttle import Pace


async def main(settings: Path) -> None:
    values = json.loads(settings.read_text())
    worker = values.pop("worker", False)
    rebuilt = {
        "data_dir": Path(values["data_dir"]),
        "child": tuple(values["child"]),
        "pace": Pace(**values["pace"]),
    }
    config = Config(**{**values, **rebuilt})
    runner = web.AppRunner(make_worker(config) if worker else make_app(config))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = settings.with_suffix(".port")
    port.with_suffix(".new").write_text(str(runner.addresses[0][1]))
    port.with_suffix(".new").rename(port)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
