"""Texts of ours that answer people: help, and rules in short."""

from __future__ import annotations

import asyncio
from fnmatch import fnmatchcase

from checks.report import links
from checks.report.escape import code

HELP = """\
| Command | |
| --- | --- |
| `/rubricate review` | review the head now, also while paused |
| `/rubricate fix [RULE]` | commit the safe fixes, or show them as a patch |
| `/rubricate ignore this [reason]` | in a thread: ignore its finding |
| `/rubricate ignore RULE [reason]` | ignore a rule on this pull request |
| `/rubricate explain RULE` | what a rule is about |
| `/rubricate pause`, `resume` | leave pushes alone, and review them again |
| `/rubricate checklist` | the checklist, with boxes for what a person has to judge |

They take write permission, and a line each."""
LONGEST = 2_500


async def rules_like(name: str) -> tuple[str, ...]:
    """The rules of an id, of a name without its section, or of a pattern such as `security/*`."""
    return await asyncio.to_thread(_rules_like, name)


async def no_such_rule(name: str) -> str:
    """Says that there is none, and which may have been meant."""
    near = await asyncio.to_thread(_nearest, name.lower())
    return f"There is no rule {code(name, 60)}." + (f" Did you mean {code(near)}?" if near else "")


def explanation(name: str) -> str:
    """What a rule reports and why that matters, with a link to its page; empty when there is no such rule."""
    from checks.registry import rule_by_id

    known = _rules_like(name)
    rule = rule_by_id(known[0]) if len(known) == 1 else None
    if rule is None:
        return ""
    told = (rule.sections.get(heading, "").strip() for heading in ("What it does", "Why it matters"))
    text = "\n\n".join(filter(None, told))[:LONGEST]
    return (
        f"**{code(rule.id)}** ({rule.severity.label})\n\n{text}\n\n[All about it]({links.rule_url(rule.id)})"
    )


def _rules_like(name: str) -> tuple[str, ...]:
    from checks.registry import all_rules

    ids = [rule.id for rule in all_rules()]
    if "*" in name:
        return tuple(each for each in ids if fnmatchcase(each, name))
    return tuple(each for each in ids if name in (each, each.rpartition("/")[2]))


def _nearest(name: str) -> str | None:
    from checks.registry import all_rules, nearest

    return nearest(name, [rule.id for rule in all_rules()])
