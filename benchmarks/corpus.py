"""Real projects to measure on: fetched as wheels, composed to trees, and made into repositories with a change.

Wheels hold the sources, templates and migrations; nothing of them is built or run. All of it is kept in a folder
outside this repository, and made once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PINNED = {
    "wagtail": "8.0.1",
    "flask-appbuilder": "5.3.0",
    "FlaskBB": "2.2.0",
    "weblate": "2026.10.1",
    "apache-superset": "6.1.0",
    "pretix": "2026.8.0",
    "arches": "8.1.5",
    "django-cms": "5.1.3",
    "lemur": "1.9.3",
    "django-oscar": "4.2.1",
    "pretalx": "2026.1.2",
    "mezzanine": "6.1.1",
    "kiwitcms": "12.4",
    "mayan-edms": "4.12.2",
    "nautobot": "3.2.7",
    "kolibri": "0.19.5",
}
"""Well-kept projects and the releases that all counts, verdicts and times are about."""

CHANGED_FILES = 10
_UNCHANGED = ("test", "migration")
_ADDED = '''

def opened_by_link_{number}(request):
    """What the change under measurement adds."""
    target = request.GET.get("next") or "/"
    request.session["opened"] = target
    return redirect(target)
'''


class NoWheel(Exception):
    """A release that can't be fetched as a wheel; the message is pip's."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A tree of real code: the folder, the projects in it, and how many Python files and lines they have."""

    folder: Path
    projects: tuple[str, ...]
    files: int
    lines: int

    @property
    def label(self) -> str:
        """How tables name it: by its size."""
        return f"{self.lines:,} lines"


def cache_folder() -> Path:
    """Where wheels, trees and repositories are kept when nobody says otherwise."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rubricate-corpus"


def fetch(name: str, version: str, folder: Path) -> Path:
    """The unpacked wheel of a release, fetched when it is not there yet. Raises NoWheel."""
    target = folder / f"{name}-{version}"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    wheels = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--dest", str(folder)]
    answer = pip("download", "--quiet", *wheels, f"{name}=={version}")
    stem = name.replace("-", "_").lower()
    for wheel in folder.glob("*.whl"):
        parts = wheel.name.lower().split("-")
        if parts[:2] == [stem, version]:
            unpack(wheel, target)
            wheel.unlink()
            return target
    raise NoWheel(f"{name} {version}: {answer.stderr.strip()[-500:] or 'no wheel'}")


def unpack(wheel: Path, target: Path) -> None:
    """Unpack a wheel; the folder appears only when it is complete."""
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(partial)
    partial.rename(target)


def pip(*args: str) -> subprocess.CompletedProcess[str]:
    """Run pip and return what it said."""
    argv = [sys.executable, "-m", "pip", "--disable-pip-version-check", *args]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def python_files(folder: Path) -> Iterator[Path]:
    """The Python files below a folder, in a fixed order."""
    return (path for path in sorted(folder.rglob("*.py")) if path.is_file())


def lines_of(path: Path) -> int:
    """How many lines a file has, as `wc -l` counts them."""
    return path.read_bytes().count(b"\n")


def compose(sources: Sequence[tuple[str, Path]], folder: Path) -> Corpus:
    """One tree with each project in a folder of its name, by hard links where the file system has them."""
    target = folder / "trees" / "+".join(name for name, _ in sources)
    for name, source in sources:
        if not (target / name).exists():
            shutil.copytree(source, target / name, copy_function=_link)
    # semgrep leaves out tests and vendored folders of itself; what it shall leave out is nothing.
    (target / ".semgrepignore").write_text("")
    files = list(python_files(target))
    return Corpus(target, tuple(name for name, _ in sources), len(files), sum(map(lines_of, files)))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def repository_of(corpus: Corpus, folder: Path) -> Path:
    """A bare repository with the tree as commit `base`, and as `head` a change of ten of its files."""
    repository = folder / "repositories" / f"{corpus.folder.name}.git"
    if _has_head(repository):
        return repository
    shutil.rmtree(repository, ignore_errors=True)
    repository.mkdir(parents=True)
    git(repository, "init", "--quiet", "--bare", ".")
    git(repository, "add", "--all", "--force", ".", tree=corpus.folder)
    base = _commit(repository, "base")
    for number, path in enumerate(_to_change(corpus)):
        text = path.read_bytes().rstrip(b"\n") + b"\n" + _ADDED.format(number=number).encode()
        blob = git(repository, "hash-object", "-w", "--stdin", text=text)
        place = path.relative_to(corpus.folder).as_posix()
        git(repository, "update-index", "--cacheinfo", f"100644,{blob},{place}")
    _commit(repository, "head", parent=base)
    git(repository, "repack", "-adq")
    return repository


def _to_change(corpus: Corpus) -> list[Path]:
    """Ten files of a usual length, spread evenly over the tree, no tests nor migrations."""
    usual = [
        path
        for path in python_files(corpus.folder)
        if not any(word in path.relative_to(corpus.folder).as_posix() for word in _UNCHANGED)
        and 50 <= lines_of(path) <= 800
    ]
    step = max(1, len(usual) // CHANGED_FILES)
    return usual[step // 2 :: step][:CHANGED_FILES]


def _has_head(repository: Path) -> bool:
    argv = ["git", f"--git-dir={repository}", "rev-parse", "--verify", "--quiet", "refs/tags/head"]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


def _commit(repository: Path, tag: str, *, parent: str | None = None) -> str:
    tree = git(repository, "write-tree")
    commit = git(repository, "commit-tree", tree, "-m", tag, *(["-p", parent] if parent else []))
    git(repository, "tag", tag, commit)
    return commit


def git(repository: Path, *args: str, tree: Path | None = None, text: bytes = b"") -> str:
    """Run git in a bare repository, on another folder as its working tree; its answer."""
    identity = ["-c", "user.name=corpus", "-c", "user.email=corpus@example.invalid"]
    unchanged = ["-c", "core.autocrlf=false", "-c", "gc.auto=0"]
    extra = [f"--work-tree={tree}"] if tree else []
    argv = ["git", f"--git-dir={repository}", *extra, *identity, *unchanged, *args]
    done = subprocess.run(argv, input=text, check=True, capture_output=True, cwd=tree or repository)
    return done.stdout.decode().strip()
