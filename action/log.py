"""What the step leaves behind: its log with annotations, its summary, its outputs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from checks.model import Finding, Report
from checks.report import github, markdown, render

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
LARGEST_SUMMARY = 1024 * 1024


def write_report(report: Report, out: TextIO) -> None:
    """The report in the log. It quotes the reviewed project, so the runner is told not to look for commands in it.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
    """
    token = secrets.token_hex(16)
    text = render(report, "text", width=120)
    out.write(f"::group::Report\n::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n::endgroup::\n")


def annotate(report: Report, findings: Sequence[Finding], out: TextIO) -> str:
    """Annotate findings that have no comment, and what was not checked; return what GitHub's caps hide."""
    lines = github.render(replace(report, findings=tuple(findings))).splitlines()
    hidden = lines[-1] if lines[-1].startswith("Not shown above") else ""
    for line in lines:
        if line.startswith("::") or line == hidden:
            out.write(f"{line}\n")
    return hidden


def notice(message: str, out: TextIO, level: str = "notice") -> None:
    """One annotation about the run itself."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    out.write(f"::{level} title=Rubricate::{escaped}\n")


def summarize(path: Path | None, report: Report, notes: Sequence[str], blob_url: str) -> None:
    """The checklist on the run's page, under the notes, in what GitHub takes: over that it shows nothing at all."""
    head = "".join(f"> {note}\n\n" for note in notes if note)
    room = LARGEST_SUMMARY - len(head.encode()) - 1
    write_summary(path, head + markdown.summary(report, limit=room, blob_url=blob_url))


def write_summary(path: Path | None, text: str) -> None:
    """Text on the run's page."""
    if path is not None:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{text}\n")


def write_outputs(path: Path | None, outputs: Mapping[str, str]) -> None:
    """The step's outputs, each under a delimiter that its value can't know."""
    if path is None:
        return
    with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
        for name, value in outputs.items():
            end = f"end-{secrets.token_hex(16)}"
            file.write(f"{name}<<{end}\n{value}\n{end}\n")
