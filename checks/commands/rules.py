"""`rubricate rules`: what is looked for."""

from __future__ import annotations

import json

import click

from checks.checklist import ITEMS, SECTIONS


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Form of the list.",
)
@click.argument("section", required=False, type=click.Choice(tuple(SECTIONS)))
def rules(format_: str, section: str | None) -> None:
    """List the rules, all or those of a section."""
    from checks.registry import all_rules

    listed = [rule for rule in all_rules() if section is None or rule.id.startswith(f"{section}/")]
    if format_ == "json":
        rows = [
            {
                "id": rule.id,
                "title": rule.title,
                "checklist": rule.checklist,
                "severity": rule.severity.label,
                "confidence": rule.confidence.label,
                "cwe": rule.cwe,
            }
            for rule in listed
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for name, title in SECTIONS.items():
        group = [rule for rule in listed if rule.id.startswith(f"{name}/")]
        if not group:
            continue
        click.echo(f"{title}")
        for rule in group:
            click.echo(f"  {rule.id:<42} {rule.severity.label:<9} {rule.title}")
    answered = len({rule.checklist for rule in listed})
    click.echo(
        f"{len(listed)} rules answer {answered} of {len(ITEMS)} checklist items; `rubricate explain RULE` says more"
    )
