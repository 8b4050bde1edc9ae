"""`rubricate serve`, `rubricate worker` and `rubricate demo`."""

from __future__ import annotations

import gc
import os

import click

from checks.errors import UserError

USER_ERROR = 2


@click.command()
def serve() -> int:
    """Run the GitHub App: it receives webhooks, and reviews. Its settings are in the environment: docs/operating.md."""
    return _run(worker=False)


@click.command()
def worker() -> int:
    """Review what `rubricate serve` received, on this or another machine. Needs a PostgreSQL that both use."""
    return _run(worker=True)


def _run(*, worker: bool) -> int:
    from bot import logs
    from bot.config import Config

    gc.enable()  # `checks.cli.main` leaves it off for commands that end soon
    while True:
        try:
            config = Config.from_env(os.environ, worker=worker)
        except UserError as error:
            for line in str(error).split("\n"):
                click.echo(f"rubricate: {line}", err=True)
            return USER_ERROR
        logs.configure(config.log_format, (config.webhook_secret, config.client_secret))
        from bot.app import make_app, make_worker, run, set_up

        if config.is_set_up:
            return run(config, make_worker(config) if worker else make_app(config))
        # once there are credentials the App starts with them; without, a signal has ended it
        if not set_up(config):
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
