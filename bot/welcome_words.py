"""What the first pull request says of itself. A paragraph is one line: GitHub shows line breaks as they are."""

from __future__ import annotations

from checks.baseline import BASELINE_FILE
from checks.config import CONFIG_FILE
from checks.onboarding import Onboarding

TITLE = "Configure Rubricate"
HEADLINE = "Add Rubricate's configuration"
MARK = "<!-- rubricate:onboarding -->"
_INTRODUCTION = (
    "Rubricate reviews the pull requests of this repository from now on, with or without this one. It adds\n\n"
    f"- `{CONFIG_FILE}`: the configuration. It changes nothing yet: the defaults stand there in comments, with what "
    "each key does."
)
_BASELINE = (
    "- `{file}`: the {findings} that stand{s} in the project today: {sections}. With the baseline they are accepted, "
    "and only what is new is reported."
)
_TOO_MANY = (
    "\nThere is no baseline: a file with the {findings} that stand in the project today would be too large. Reviews "
    "report what a pull request brings all the same."
)
_CLOSE = (
    "\nMerge it, or change the files here first. To do without, close it: it is not opened again.\n\n" + MARK
)


def body(found: Onboarding) -> str:
    """The pull request's text, with our mark at its end."""
    parts = [_INTRODUCTION]
    if found.sections:
        total = sum(found.sections.values())
        by_section = sorted(found.sections.items(), key=lambda each: (-each[1], each[0]))
        told = ", ".join(f"{count:,} of {name}" for name, count in by_section)
        s = "s" if total == 1 else ""
        parts.append(_BASELINE.format(file=BASELINE_FILE, findings=_count(total), s=s, sections=told))
    if found.too_many:
        parts.append(_TOO_MANY.format(findings=_count(found.too_many)))
    return "\n".join([*parts, _CLOSE])


def _count(number: int) -> str:
    return f"{number:,} finding{'' if number == 1 else 's'}"
