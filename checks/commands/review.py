"""`rubricate review`: what a change introduces."""

from __future__ import annotations

from pathlib import Path

import click

from checks.commands.common import Run, progress_bar, report_options
from checks.errors import UserError


@click.command()
@click.option(
    "--repo",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The repository, bare or not [default: here].",
)
@click.option("--base", required=True, metavar="REV", help="The revision that the change starts from.")
@click.option(
    "--head",
    default="HEAD",
    metavar="REV",
    help="The revision to review, `index` or `worktree` [default: HEAD].",
)
@report_options
def review(repo: Path, base: str, head: str, run: Run) -> int:
    """Check what a change introduces: findings that the merge base did not have.

    Commits are read from the repository itself: nothing is checked out, and nothing of it is run.
    """
    from checks.commands.project import accepted, configured
    from checks.engine.analyse import usable_cpus
    from checks.engine.cache import open_store
    from checks.engine.change import Change

    if not repo.exists():
        raise UserError(f"--repo {repo}: no such folder")
    with progress_bar("Reviewing") as progress, Change.local(repo, base, head) as change:
        config = configured(change.trusted, run.choice, about=change.diff.paths)
        baseline = accepted(change.trusted)
        with open_store(config, enabled=run.cache) as store:
            jobs = run.jobs or usable_cpus()
            report = change.review(config, baseline, jobs=jobs, progress=progress, store=store)
    return run.output.write(report)
