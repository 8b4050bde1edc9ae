"""`rubricate serve` and `rubricate demo`."""

from __future__ import annotations

import gc
import logging
import os

import click

from checks.errors import UserError

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
USER_ERROR = 2


@click.command()
def serve() -> int:
    """Run the GitHub App. Its settings come from the environment: see docs/operating.md."""
    from bot.config import Config

    try:
        config = Config.from_env(os.environ)
    except UserError as error:
        for line in str(error).split("\n"):
            click.echo(f"rubricate: {line}", err=True)
        return USER_ERROR
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    from bot.app import run

    gc.enable()  # `checks.cli.main` leaves it off for commands that end soon
    run(config)
    return 0


@click.command()
@click.option("--plain", is_flag=True, help="No colours and boxes, also on a terminal.")
def demo(plain: bool) -> int:
    """Show a review from end to end: the App, a stand-in GitHub on this machine, and a pull request with defects.

    Needs the source checkout. Nothing leaves this machine, and nothing is left behind.
    """
    from bot.demo import main

    gc.enable()
    return main(plain=plain)
