"""`rubricate init`: the files that a project starts with."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import click

from checks import __version__
from checks.commands.hook_entry import PRE_COMMIT_FILE, with_entry
from checks.commands.project import root_of
from checks.config import CONFIG_FILE, PROJECT_FILE, raw_config
from checks.engine.tree import FolderTree, Tree
from checks.errors import Unreadable, UserError

WORKFLOW_FILE = ".github/workflows/rubricate.yml"
_LARGEST = 1 << 20
_ACTION = re.compile(r"[\w.-]+/[\w./-]+@[\w./-]+")
_COMMIT = re.compile(r".*@[0-9a-f]{40}")
_MANIFESTS = re.compile(
    r"(?:requirements[\w/.-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:cfg|py)|Pipfile|environment\.ya?ml)"
)
_FRAMEWORKS = {
    "django": re.compile(r"^\W*django\b(?!-)", re.IGNORECASE | re.MULTILINE),
    "flask": re.compile(r"^\W*flask\b(?!-)", re.IGNORECASE | re.MULTILINE),
    "drf": re.compile(r"\bdjangorestframework\b", re.IGNORECASE),
    "sqlalchemy": re.compile(r"\b(?:flask-)?sqlalchemy\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a file: a new text, or none and the reason why it is kept."""

    path: str
    old: str | None
    new: str | None
    reason: str = ""


@click.command()
@click.argument("path", default=Path(), type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite the configuration and the workflow.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, write nothing.")
@click.option(
    "--action",
    default=f"rubricate/rubricate@v{__version__}",
    show_default=True,
    metavar="OWNER/NAME@REF",
    help="The Action that the workflow uses: a mirror's, or one pinned to a commit.",
)
def init(path: Path, force: bool, dry_run: bool, action: str) -> None:
    """Write a commented configuration, the workflow and the pre-commit entry into a project [default: here]."""
    if not _ACTION.fullmatch(action):
        raise UserError(f"--action: {action!r} is not OWNER/NAME@REF")
    root = root_of([path])
    tree = FolderTree(root)
    found = frameworks(tree)
    steps = [
        _configuration(root, tree, found, force),
        _fresh(root, WORKFLOW_FILE, lambda: workflow(action), force),
        _pre_commit(root, tree),
    ]
    if dry_run:
        for step in steps:
            click.echo(_shown(step), nl=False)
        return
    for step in steps:
        if step.new is not None:
            _write(root, step.path, step.new)
        done = "kept" if step.new is None else "wrote" if step.old is None else "changed"
        click.echo(f"{done:<8}{step.path}{f' ({step.reason})' if step.reason else ''}")
    click.echo(_NEXT.format(found=" and ".join(found) or "neither Django nor Flask"))


_NEXT = """
The project's manifests name {found}. What to do next:
  rubricate scan         see what stands in the project now
  rubricate baseline     accept it, so that only what is new is reported
  pre-commit install     review each commit before it is made
  git add, commit, push  review each pull request; `fetch-depth: 0` is set, no secret is needed"""


def frameworks(tree: Tree) -> tuple[str, ...]:
    """The frameworks that the project's manifests name."""
    texts = [_read(tree, path) or "" for path in tree.paths() if _MANIFESTS.fullmatch(path)]
    return tuple(name for name, pattern in _FRAMEWORKS.items() if any(pattern.search(text) for text in texts))


def configuration(found: Sequence[str]) -> str:
    """The commented configuration, with the frameworks that were found."""
    line = f"frameworks: [{', '.join(found)}]" if found else "#frameworks: [django]"
    return _template("rubricate.yml").replace("@frameworks@", line)


def workflow(action: str) -> str:
    """The workflow that uses an Action. One that is not pinned says so, and how to pin it."""
    uses = f"      - uses: {action}"
    if not _COMMIT.fullmatch(action):
        uses = (
            "      # A tag can be moved: once Dependabot or Renovate keeps this file up to date, pin the commit.\n"
            f"{uses} # zizmor: ignore[unpinned-uses]"
        )
    return _template("workflow.yml").replace("@uses@", uses)


def pre_commit_entry() -> str:
    """The hook's entry for `repos` in pre-commit's configuration."""
    return _template("pre-commit.yml").replace("@version@", __version__)


def _configuration(root: Path, tree: FolderTree, found: Sequence[str], force: bool) -> Step:
    if CONFIG_FILE not in tree and raw_config(tree):
        return Step(CONFIG_FILE, None, None, f"[tool.rubricate] in {PROJECT_FILE} configures already")
    return _fresh(root, CONFIG_FILE, lambda: configuration(found), force)


def _fresh(root: Path, path: str, text: Callable[[], str], force: bool) -> Step:
    """A file of our own: written when it is missing."""
    if not os.path.lexists(root / path):
        return Step(path, None, text())
    if not force:
        return Step(path, None, None, "there already; --force overwrites it")
    return Step(path, "", text())


def _pre_commit(root: Path, tree: FolderTree) -> Step:
    """A file that others have entries in: added to, never overwritten."""
    entry = pre_commit_entry()
    if not os.path.lexists(root / PRE_COMMIT_FILE):
        return Step(PRE_COMMIT_FILE, None, with_entry("", entry))
    text = _read(tree, PRE_COMMIT_FILE)
    if text is None:
        return Step(PRE_COMMIT_FILE, None, None, "it can't be read as text, or git ignores it")
    try:
        new = with_entry(text, entry)
    except UserError as error:
        return Step(PRE_COMMIT_FILE, text, None, str(error))
    return Step(PRE_COMMIT_FILE, text, new, "" if new is not None else "it has the hook already")


def _read(tree: Tree, path: str) -> str | None:
    if path not in tree:
        return None
    try:
        return tree.read(path).decode("utf-8") if tree.size(path) <= _LARGEST else None
    except (Unreadable, UnicodeDecodeError):
        return None


def _template(name: str) -> str:
    return (files("checks") / "templates" / name).read_text(encoding="utf-8")


def _shown(step: Step) -> str:
    if step.new is None:
        return f"# {step.path} is kept: {step.reason}\n"
    old = (step.old or "").splitlines(keepends=True)
    start = "/dev/null" if step.old is None else f"a/{step.path}"
    return "".join(difflib.unified_diff(old, step.new.splitlines(keepends=True), start, f"b/{step.path}"))


def _write(root: Path, path: str, text: str) -> None:
    """Write a file in one step, through no symbolic link: it may lead out of the project."""
    target = root / path
    if any((root / folder).is_symlink() for folder in Path(path).parents):
        raise UserError(f"{path}: its folder is a symbolic link, so nothing is written there")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as temporary:
            temporary.write(text.encode("utf-8"))
        Path(temporary.name).chmod(0o644)
        Path(temporary.name).replace(target)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
