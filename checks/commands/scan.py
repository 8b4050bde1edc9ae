"""`rubricate scan`: all findings of a project as it stands."""

from __future__ import annotations

from pathlib import Path

import click

from checks.commands.common import Run, progress_bar, report_options


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--all", "everything", is_flag=True, help="Report what the baseline accepts as well.")
@report_options
def scan(paths: tuple[Path, ...], everything: bool, run: Run) -> int:
    """Check files or folders as they stand [default: the current folder]."""
    from checks.commands.project import accepted, below, configured, root_of
    from checks.engine.analyse import usable_cpus
    from checks.engine.cache import open_store
    from checks.engine.run import Options
    from checks.engine.run import scan as scan_tree
    from checks.engine.tree import FolderTree

    given = paths or (Path(),)
    root = root_of(given)
    tree = FolderTree(root)
    config = configured(tree, run.choice)
    baseline = None if everything else accepted(tree)
    chosen = below(root, given, tree.paths())
    with progress_bar("Checking") as progress, open_store(config, enabled=run.cache) as store:
        options = Options(run.jobs or usable_cpus(), progress=progress, store=store)
        report = scan_tree(tree, config, baseline=baseline, paths=chosen, options=options)
    return run.output.write(report)
