"""Draw the README's picture: the review of the planted pull request of `examples/`, as the HTML report shows it.

python -m docs.draw_picture docs/review.png
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import screenshot
from tests.repository import Repository

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
WIDTH, HEIGHT = 1100, 1720


def planted(folder: Path) -> Repository:
    """A repository whose main holds the examples and whose branch `feature` plants the defects."""
    repository = Repository(folder)
    shutil.copytree(
        EXAMPLES,
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("defects", "__pycache__", "*.sqlite3"),
    )
    repository.commit({}, "Sell books")
    repository.git("switch", "--quiet", "--create", "feature")
    repository.git("apply", "--index", str(EXAMPLES / "defects" / "defects.patch"))
    repository.commit({}, "Import books from suppliers, with a quick mode")
    return repository


def main(target: Path) -> None:
    """Review the planted branch, and photograph the report."""
    with tempfile.TemporaryDirectory() as folder:
        repository = planted(Path(folder) / "bookshop")
        page = Path(folder) / "report.html"
        command = [
            sys.executable,
            "-I",
            "-m",
            "checks",
            "review",
            "--repo",
            str(repository.root),
            "--base",
            "main",
        ]
        subprocess.run([*command, "--format", "html", "--output", str(page)], check=False)
        screenshot(page, target, WIDTH, HEIGHT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
