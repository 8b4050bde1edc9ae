"""What the subcommands share: their options, how a report is written, progress on a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from checks.errors import UserError
from checks.model import Report, Severity

FORMATS = ("text", "json", "sarif", "markdown", "html", "github")
GATES = ("low", "medium", "high", "critical", "never")

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Output:
    """Where a report goes, and in what form."""

    format: str
    path: Path | None
    statistics: bool

    def write(self, report: Report) -> int:
        """Write the report; return the exit code that it asks for."""
        from checks.report import render

        terminal = self.path is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        colour = terminal or (self.path is None and "FORCE_COLOR" in os.environ)
        text = render(
            report, self.format, colour=colour, width=_width(), rules=_documentation(report, self.format)
        )
        if self.path is None:
            click.echo(text, nl=not text.endswith("\n"), color=True)
        else:
            try:
                self.path.write_text(
                    text if text.endswith("\n") else text + "\n", encoding="utf-8", errors="backslashreplace"
                )
            except OSError as error:
                raise UserError(f"--output {self.path}: {error.strerror}") from error
        if self.statistics:
            _write_statistics(report)
        return 1 if report.failed else 0


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line says over the configuration: rules to select or ignore, and the gate's word."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The options that every command with a report takes; no `jobs` means one per processor."""

    output: Output
    choice: Choice
    jobs: int
    cache: bool


_REPORT_OPTIONS = (
    click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="Form of the report.",
    ),
    click.option(
        "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file."
    ),
    click.option(
        "--fail-on",
        type=click.Choice(GATES),
        help="Severity from which a finding fails the run [default: the configuration's, else high].",
    ),
    click.option(
        "--jobs",
        "-j",
        type=click.IntRange(0),
        default=0,
        help="Processes to use [default: one per processor].",
    ),
    click.option("--no-cache", is_flag=True, help="Judge every file anew, and keep nothing."),
    click.option("--statistics", is_flag=True, help="Add counts, seconds and memory, on standard error."),
)
_CHOICE_OPTIONS = (
    click.option(
        "--select",
        multiple=True,
        metavar="RULE",
        help="Only these rules (ids or section/*; repeat, or separate by commas).",
    ),
    click.option("--ignore", multiple=True, metavar="RULE", help="Not these rules."),
)


def report_options(function: _F) -> _F:
    """The options of every command that makes a report, handed over as `run`."""

    @wraps(function)
    def command(
        format_: str,
        output: Path | None,
        fail_on: str | None,
        jobs: int,
        no_cache: bool,
        statistics: bool,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        **rest: Any,
    ) -> Any:
        choice = Choice(_words(select), _words(ignore), fail_on)
        return function(run=Run(Output(format_, output, statistics), choice, jobs, not no_cache), **rest)

    return cast("_F", _with(command, (*_CHOICE_OPTIONS, *_REPORT_OPTIONS)))


def choice_options(function: _F) -> _F:
    """The options that choose rules, handed over as `choice`."""

    @wraps(function)
    def command(select: tuple[str, ...], ignore: tuple[str, ...], **rest: Any) -> Any:
        return function(choice=Choice(_words(select), _words(ignore)), **rest)

    return cast("_F", _with(command, _CHOICE_OPTIONS))


def _with(command: Any, options: Sequence[Callable[[Any], Any]]) -> Any:
    for option in reversed(options):
        command = option(command)
    return command


def _documentation(report: Report, format_: str) -> dict[str, str] | None:
    """The rules' own pages, which SARIF alone carries along."""
    if format_ != "sarif":
        return None
    from checks.registry import all_rules

    spoken = {finding.rule for finding in report.findings}
    return {rule.id: rule.documentation for rule in all_rules() if rule.id in spoken}


def gate_of(name: str) -> Severity | None:
    """The severity that a `--fail-on` word names, `None` for never."""
    return None if name == "never" else Severity[name.upper()]


def _words(values: Sequence[str]) -> tuple[str, ...]:
    """Repeated and comma-separated values as one list."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error for anything over a second, where that is a terminal; else `None`."""
    if not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()
    bar: Any = None
    task: Any = None

    def advance(done: int, total: int) -> None:
        nonlocal bar, task
        if bar is None:
            if time.monotonic() - started < 1:
                return
            from rich.console import Console
            from rich.progress import Progress

            bar = Progress(console=Console(stderr=True), transient=True)
            task = bar.add_task(what, total=total)
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((100, 24)).columns, 140)


def _write_statistics(report: Report) -> None:
    import resource

    statistics = report.statistics
    own, children = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    scale = 1 if sys.platform == "darwin" else 1024
    rate = statistics.lines / statistics.seconds if statistics.seconds else 0
    click.echo(
        f"{statistics.files:,} files, {statistics.lines:,} lines in {statistics.seconds:.2f} s ({rate:,.0f} lines/s), "
        f"peak memory {max(own, children) * scale / 2**20:,.0f} MiB; "
        f"{statistics.suppressed} suppressed, {statistics.baselined} in the baseline, {statistics.known} known before",
        err=True,
    )
    for rule, count in sorted(statistics.rules.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{count:7,} {rule}", err=True)
