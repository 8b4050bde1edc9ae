"""The objects of a repository, read through a git directory of our own, so that its configuration has no say at all.

So a blob that a partial clone lacks is simply missing: git would turn to the clone's promisor for it, or end.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from checks.errors import UserError
from checks.tools import Git, Process, ToolError

# Names that Windows or macOS could not hold are fine: nothing of a reviewed project is ever checked out.
_CONFIG = """\
[core]
\trepositoryformatversion = {version}
\tbare = true
\tcompression = 0
\tprotectHFS = false
\tprotectNTFS = false
"""
_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"


def plant(folder: Path, object_format: str = "sha1") -> None:
    """Make a folder an empty bare repository, as `git init` would without templates and configuration."""
    sha256 = object_format == "sha256"
    (folder / "objects").mkdir()
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    (folder / "config").write_text(_CONFIG.format(version=int(sha256)) + _SHA256 * sha256)


class Objects:
    """What a repository's object store holds.

    Blobs are read through one `git cat-file --batch`. It starts with the first read, and anew in a forked child, which
    must not share its parent's pipes. UserError where there is no repository.
    """

    _folder: Path | None = None
    _batch: Process | None = None
    _reader = 0

    def __init__(self, repository: Git) -> None:
        try:
            answer = repository.run(
                "rev-parse", "--show-object-format", "--path-format=absolute", "--git-path", "objects"
            )
        except ToolError:
            raise UserError(f"{repository.repository} is not a git repository") from None
        object_format, _, store = answer.decode("utf-8", "surrogateescape").removesuffix("\n").partition("\n")
        self._creator = os.getpid()
        self._folder = Path(tempfile.mkdtemp(prefix="rubricate-"))
        plant(self._folder, object_format)
        self._git = Git(self._folder, git=repository.git, objects=store)

    def run(self, *args: str, stdin: bytes = b"") -> bytes:
        """Run a git command that knows these objects, and neither references nor configuration."""
        return self._git.run(*args, stdin=stdin)

    def read(self, oid: str) -> bytes:
        """The content of a blob; OSError when it is missing, or git ends."""
        try:
            return self._ask(oid)
        except OSError:
            self._end()
            raise

    def reopen(self) -> None:
        """Forget the process of another one of ours, which a fork has copied, without ending it."""
        if self._batch is not None:
            for pipe in (self._batch.stdin, self._batch.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
            self._batch.returncode = 0  # it is not ours to wait for
        self._batch = None

    def close(self) -> None:
        """End the process and remove our git directory: nothing can be read any more."""
        self._end()
        if self._folder is not None and self._creator == os.getpid():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __del__(self) -> None:
        self.close()

    def _end(self) -> None:
        if self._batch is not None and self._reader == os.getpid():
            self._batch.kill()
            self._batch.wait()
        self.reopen()

    def _ask(self, oid: str) -> bytes:
        batch = self._process()
        assert batch.stdin and batch.stdout
        batch.stdin.write(oid.encode() + b"\n")
        batch.stdin.flush()
        answer = batch.stdout.readline().split()
        if len(answer) != 3 or answer[1] != b"blob":
            raise OSError(b" ".join(answer[1:]).decode("ascii", "replace") or "git cat-file ended early")
        content = batch.stdout.read(int(answer[2]) + 1)
        if len(content) != int(answer[2]) + 1:
            raise OSError("git cat-file ended early")
        return content[:-1]

    def _process(self) -> Process:
        if self._reader != os.getpid():
            self.reopen()
        if self._batch is None:
            if self._folder is None:
                raise OSError("the repository was closed")
            self._batch = self._git.start("cat-file", "--batch")
            self._reader = os.getpid()
        return self._batch
