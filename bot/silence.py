"""Why a review said nothing on the pull request: one plain sentence for who wonders."""

from __future__ import annotations

from bot.github.publish import Published
from checks.diff import Diff
from checks.model import Report

PYTHON = (".py", ".pyi")


def reason(report: Report, diff: Diff, published: Published) -> str:
    """The sentence for a review that made no comment."""
    if published.annotations:
        return "What was found stands in the check run alone."
    if published.standing:
        return "All that was found has a comment of an earlier push."
    if report.findings:
        return "People ignore or accept all that was found."
    if not any(path.endswith(PYTHON) for path in diff.paths):
        return "The change touches no Python, and nothing was found in the rest of it."
    return "Nothing was found."
