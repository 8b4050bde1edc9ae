"""`rubricate explain`: a rule's documentation, or the advice for a checklist item."""

from __future__ import annotations

import sys

import click

from checks.checklist import ITEMS
from checks.errors import UserError


@click.command()
@click.argument("name", metavar="RULE|ITEM")
def explain(name: str) -> None:
    """Explain a rule (security/weak-hash) or a checklist item (security.csrf)."""
    text = explanation(name)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console(width=100).print(Markdown(text))
    else:
        click.echo(text)


def explanation(name: str) -> str:
    """The Markdown that explains a rule or an item; UserError, with the nearest name, where there is none."""
    from checks.advice import advice
    from checks.registry import all_rules, nearest, rule_by_id

    rule = rule_by_id(name)
    if rule is not None:
        facts = f"`{rule.id}`, severity {rule.severity.label}, answers `{rule.checklist}`"
        cwe = f", CWE-{rule.cwe}" if rule.cwe else ""
        title, _, rest = rule.documentation.strip().partition("\n")
        return f"# {title}\n\n{facts}{cwe}\n{rest}"
    if name in ITEMS:
        answered = [rule.id for rule in all_rules() if rule.checklist == name]
        return advice(name) + (
            f"\n\nRules: {', '.join(answered)}" if answered else "\n\nNo rule answers it yet."
        )
    close = nearest(name, [*(rule.id for rule in all_rules()), *ITEMS])
    raise UserError(f"no rule or checklist item `{name}`" + (f", did you mean `{close}`?" if close else ""))
