"""`rubricate baseline`: accept what stands, so that only what is new is reported."""

from __future__ import annotations

from pathlib import Path

import click

from checks.commands.common import progress_bar
from checks.commands.project import configured, root_of
from checks.errors import UserError


@click.command()
@click.argument("path", default=Path(), type=click.Path(path_type=Path))
def baseline(path: Path) -> None:
    """Write .rubricate-baseline.json with the findings of the project at PATH [default: here]."""
    from checks.baseline import BASELINE_FILE, dump
    from checks.engine.analyse import usable_cpus
    from checks.engine.run import Options, scan
    from checks.engine.tree import FolderTree

    root = root_of([path])
    tree = FolderTree(root)
    with progress_bar("Checking") as progress:
        report = scan(tree, configured(tree), options=Options(usable_cpus(), progress=progress))
    target = root / BASELINE_FILE
    try:
        target.write_text(dump(report.findings), encoding="utf-8")
    except OSError as error:
        raise UserError(f"{target}: {error.strerror}") from error
    count = len(report.findings)
    click.echo(f"{target}: {count} finding{'' if count == 1 else 's'} accepted; commit the file")
