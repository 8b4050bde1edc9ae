"""The demo's last page: the review as it stands on the pull request, read back from the stand-in GitHub."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.report.words import amount

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tests.github import CheckRun, Github, PullRequest, Thread

_RULE = re.compile(r"\[`+ ?([a-z-]+/[a-z-]+) ?`+\]")
_SUGGESTION = re.compile(r"^(`{3,})suggestion\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HIDDEN = re.compile(r"<!--.*?-->|<details>.*?</details>|<sub>.*?</sub>", re.DOTALL)
CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Said:
    """One inline comment, taken apart: where it stands and why, what it says and what it offers."""

    where: str
    why: str
    rule: str
    text: str
    code: tuple[str, ...]
    suggestion: tuple[str, ...] | None


def show(github: Github, pull: PullRequest, expected: Sequence[Mapping[str, Any]], *, plain: bool) -> int:
    """Print it; 0 when all that was planted was found, else 1."""
    from rich.console import Console

    colours = sys.stdout.isatty() and not plain
    console = Console(
        width=None if colours else 110,
        force_terminal=colours,
        no_color=not colours,
        highlight=False,
        soft_wrap=not colours,
    )
    run = github.check_runs[-1]
    comments = [_said(thread) for thread in _threads(github)]
    for part in _page(pull, run, comments, github):
        console.print(part)
    missed = _missed(github, run, expected)
    found = len(expected) - len(missed)
    console.print(f"\n{found} of {amount(len(expected), 'planted defect')} found.", style="bold")
    for each in missed:
        console.print(f"  missed: {each['rule']} in {each['path']}: {each['anchor']}", markup=False)
    return 1 if missed else 0


def _page(
    pull: PullRequest, run: CheckRun, comments: Sequence[Said], github: Github
) -> Iterator[RenderableType]:
    from rich.rule import Rule
    from rich.text import Text

    yield Rule(f"{pull.repository.full_name}#{pull.number}  {pull.title}", align="left")
    for review in github.reviews:
        yield Text(f"{review.user.login} reviewed {review.commit_id[:10]}: {_plain(review.body)}\n")
    for said in comments:
        yield from _comment(said)
    yield Rule(f"Check run: {run.name}, {run.conclusion} — {run.title}", align="left")
    for line in _checklist(run.summary or ""):
        yield Text(line, style="bold" if line.startswith("#") else "", no_wrap=True, overflow="ellipsis")
    for each in run.annotations:
        place = f"{each.path}:{each.start_line}"
        yield Text(f"{each.annotation_level}: {place}: {each.message.splitlines()[0]} [{each.title}]")


def _comment(said: Said) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(said.where, style="bold cyan")
    for line in said.code:
        yield Text(f"    {line}", style={"+": "green", "-": "red"}.get(line[:1], "dim"))
    yield Text(said.text)
    if said.suggestion is not None:
        yield Text("Suggestion, at one click:", style="italic")
        for line in said.suggestion or ("(these lines are deleted)",):
            yield Text(f"    {line}", style="green")
    yield Text(f"from {said.rule}; {said.why}\n", style="dim")


def _said(thread: Thread) -> Said:
    body = thread.comments[0].body
    match = _SUGGESTION.search(body)
    rule = _RULE.search(body)
    text = _plain(_SUGGESTION.sub("", body))
    return Said(
        where=_where(thread),
        why=_why(thread),
        rule=rule[1] if rule else "an unknown rule",
        text="\n".join(line for line in text.splitlines() if line.strip()),
        code=_code(thread),
        suggestion=tuple(match[2].splitlines()) if match else None,
    )


def _checklist(summary: str) -> Iterator[str]:
    """The summary but for its list of findings, which stand above as comments; tables as plain lines."""
    for line in summary.partition("### Findings")[0].splitlines():
        cells = [_plain(cell) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 3 and cells[0] and set(cells[0]) != {"-"}:
            yield f"  {cells[0]:<16} {cells[1]}: {cells[2]}"
        elif line.strip() and not cells:
            yield _plain(line)


def _plain(markdown: str) -> str:
    """What a reader of rendered Markdown sees, nearly."""
    return _ESCAPED.sub(r"\1", _HIDDEN.sub("", markdown).replace("**", "")).strip()


def _where(thread: Thread) -> str:
    if thread.subject == "file":
        return f"{thread.path} (the whole file)"
    lines = f"{thread.start_line}-{thread.line}" if thread.start_line else f"{thread.line}"
    return f"{thread.path}:{lines}" + (" (deleted)" if thread.side == "LEFT" else "")


def _why(thread: Thread) -> str:
    if thread.subject == "file":
        return "about the file, since the diff does not show the finding's line"
    if thread.side == "LEFT":
        return "on the deleted line, since its deletion is what made the defect"
    if thread.start_line:
        return "on the lines that the suggestion replaces"
    return "on the finding's own line, which the diff shows"


def _code(thread: Thread) -> tuple[str, ...]:
    """The diff's lines that the comment stands on, with a little of what is above."""
    shown = thread.diff_hunk.split("\n")[1:]
    length = (thread.line or 0) - (thread.start_line or thread.line or 0) + 1
    return tuple(shown[-(length + CONTEXT) :]) if thread.subject == "line" else ()


def _threads(github: Github) -> list[Thread]:
    return sorted(github.threads, key=lambda thread: (thread.path, thread.line or 0))


def _missed(github: Github, run: CheckRun, expected: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What was planted and has neither a comment nor an annotation. Two of one rule in a file need two."""
    said = [(thread.path, _said(thread).rule) for thread in github.threads]
    said += [(each.path, each.title or "") for each in run.annotations]
    missed = []
    for each in expected:
        if (each["path"], each["rule"]) in said:
            said.remove((each["path"], each["rule"]))
        else:
            missed.append(each)
    return missed
