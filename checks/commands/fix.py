"""`rubricate fix`: make the fixes that findings offer."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from checks.commands.common import Choice, choice_options, progress_bar
from checks.commands.project import accepted, below, configured, root_of
from checks.errors import UserError


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--unsafe", is_flag=True, help="Make fixes that may change behaviour as well.")
@click.option("--diff", "only_diff", is_flag=True, help="Show the changes, write nothing.")
@choice_options
def fix(paths: tuple[Path, ...], unsafe: bool, only_diff: bool, choice: Choice) -> int:
    """Make the fixes that findings offer, in the files or folders given [default: the current folder].

    With --diff the exit code is 1 when there is something to change.
    """
    from checks.engine.analyse import usable_cpus
    from checks.engine.mend import mend
    from checks.engine.run import Options
    from checks.engine.tree import FolderTree
    from checks.report.patch import between

    given = paths or (Path(),)
    root = root_of(given)
    tree = FolderTree(root)
    config = configured(tree, choice)
    chosen = below(root, given, tree.paths())
    with progress_bar("Fixing") as progress:
        options = Options(usable_cpus(), progress=progress)
        mended = mend(tree, config, chosen, unsafe=unsafe, baseline=accepted(tree), options=options)
    for problem in mended.problems:
        click.echo(f"{problem.path}: {problem.message}", err=True)
    if only_diff:
        for path, (old, new) in mended.texts.items():
            click.echo(between(path, old, new), nl=False)
        return 1 if mended.texts else 0
    for path, (_, new) in mended.texts.items():
        _write(root / path, new)
    click.echo(f"{_count(len(mended.fixes), 'fix', 'es')} made in {_count(len(mended.texts), 'file')}")
    return 0


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number} {noun}{'' if number == 1 else plural}"


def _write(path: Path, text: str) -> None:
    """Replace a file's text in one step, its mode kept: an interrupted run leaves the old file or the new one."""
    data = text.encode("utf-8")
    try:
        mode = path.stat().st_mode
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as temporary:
            temporary.write(data)
        Path(temporary.name).chmod(mode)
        Path(temporary.name).replace(path)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
