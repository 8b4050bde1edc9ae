"""The command's frame: `rubricate`, whose subcommands are found through the entry-point group `rubricate.commands`."""

from __future__ import annotations

import gc
import os
import sys
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

import click

from checks import __version__
from checks.errors import UserError

CLEAN, FOUND, USER_ERROR, CRASHED, INTERRUPTED = 0, 1, 2, 3, 130
# By package: the extra that its commands need, and a library that only this extra brings.
_EXTRAS = {"bot": ("bot", "dbos")}


class Commands(click.Group):
    """Subcommands imported only when used, so that `rubricate scan` never pays for the server's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all subcommands."""
        return sorted(_registered())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A subcommand by its name; one whose extra is not installed says which is missing."""
        found = _registered().get(cmd_name)
        if found is None:
            return None
        extra, library = _EXTRAS.get(found.module.partition(".")[0], ("", ""))
        if library and find_spec(library) is None:
            raise UserError(
                f"`rubricate {cmd_name}` needs the extra `{extra}` ({library} is missing): "
                f'install it with  pip install "rubricate[{extra}]"'
            )
        command = found.load()
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand that the arguments name; a mistyped one is told the nearest."""
        name = args[0]
        if name not in _registered() and not name.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(name, _registered(), n=1)
            hint = (
                f", did you mean `{close[0]}`?"
                if close
                else f" (there are: {', '.join(sorted(_registered()))})"
            )
            raise UserError(f"no command `{name}`{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands; those whose extra is missing are listed too."""
        rows = []
        for name in self.list_commands(ctx):
            try:
                command = self.get_command(ctx, name)
                rows.append((name, command.get_short_help_str(70) if command else ""))
            except UserError:
                extra, _ = _EXTRAS[_registered()[name].module.partition(".")[0]]
                rows.append((name, f"needs the extra `{extra}`"))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _registered() -> dict[str, EntryPoint]:
    return {found.name: found for found in entry_points(group="rubricate.commands")}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", prog_name="rubricate", message="%(prog)s %(version)s")
def rubricate() -> None:
    """Review Django and Flask code against a code-review checklist.

    Exit codes: 0 clean, 1 findings at or above the gate, 2 user error, 3 a bug of ours.
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    gc.disable()  # it would walk all trees once; commands that go on for days turn it on again
    code = run(argv)
    sys.stdout.flush()
    sys.stderr.flush()
    # Freeing hundreds of megabytes of syntax trees takes longer than a small review: the system does it at once.
    os._exit(code)


def run(argv: list[str] | None = None) -> int:
    """Run the command and return its exit code; every error of the user's is told in one line."""
    try:
        result = rubricate.main(argv, prog_name="rubricate", standalone_mode=False)
    except UserError as error:
        return _say(str(error), USER_ERROR)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        return _say(error.format_message(), USER_ERROR)
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except Exception as error:
        if os.environ.get("RUBRICATE_TRACEBACK"):
            raise
        where = f"{type(error).__name__}: {error}"
        return _say(
            f"a bug of ours: {where} (set RUBRICATE_TRACEBACK=1 for the traceback, and report it)", CRASHED
        )
    return result if isinstance(result, int) else CLEAN


def _say(message: str, code: int) -> int:
    click.echo(f"rubricate: {' '.join(message.split())}", err=True)
    return code
