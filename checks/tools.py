"""The door to child processes: git and other tools, started with a minimal environment and under limits."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.errors import UserError

MEBIBYTE = 1 << 20
NOWHERE = "/nonexistent"  # Debian's name for a home that no user has

# What a repository's own configuration could make git run or read is overruled here. Each of these wins over the
# repository's `config` and over what that includes: https://git-scm.com/docs/git-config#SCOPES
_GIT_CONFIGURATION: Mapping[str, str] = {
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "protocol.allow": "never",
    "safe.directory": "*",
}

_GIT_ENVIRONMENT: Mapping[str, str] = {
    # `protocol.ext.allow` of a hostile repository would win over `protocol.allow`; nothing wins over this one.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


Process = subprocess.Popen[bytes]
"""A tool that the caller talks to."""


class ToolError(Exception):
    """A child process failed, took too long or said too much: the message is one line."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What a child process answered."""

    returncode: int
    stdout: bytes
    stderr: bytes

    @property
    def complaint(self) -> str:
        """The line of its stderr that tells most, for messages."""
        lines = self.stderr.decode("utf-8", "replace").strip().splitlines()
        serious = [line for line in lines if line.startswith(("fatal:", "error:"))]
        return next(iter([*serious, *lines]), f"exit code {self.returncode}")


def run(
    argv: Sequence[str],
    *,
    cwd: str | Path = "/",
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    timeout: float = 60.0,
    max_output: int = 64 * MEBIBYTE,
    group: bool = True,
) -> Completed:
    """Run a tool to its end and return what it answered, whatever its exit code.

    The tool sees a minimal environment and what `environment` adds, and starts in `cwd`: never in the reviewed project
    unless the caller says so. It gets a process group of its own unless `group` is false, and the whole group is
    killed after `timeout` seconds or `max_output` bytes of stdout or stderr, which raise ToolError. A tool that is
    not installed raises UserError.
    """
    process = start(argv, cwd=cwd, environment=environment, group=group, stderr=subprocess.PIPE)
    try:
        stdout, stderr = _converse(process, stdin, time.monotonic() + timeout, max_output)
    except _Ended as ended:
        raise ToolError(f"{Path(argv[0]).name} {ended.args[0]}") from None
    finally:
        _kill(process, group)
    return Completed(process.returncode, stdout, stderr)


def start(
    argv: Sequence[str],
    *,
    cwd: str | Path = "/",
    environment: Mapping[str, str] | None = None,
    group: bool = False,
    stderr: int = subprocess.DEVNULL,
) -> Process:
    """Start a tool that the caller talks to over its pipes, and must end. UserError when it is not installed."""
    executable = find(argv[0])
    try:
        return subprocess.Popen(
            [executable, *argv[1:]],
            cwd=cwd,
            env={**minimal_environment(executable), **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            process_group=0 if group else None,
        )
    except OSError as error:
        raise UserError(f"{error.filename or executable}: {error.strerror}") from None


def find(name: str) -> str:
    """The absolute path of an executable: one installed beside this Python, else the first on PATH.

    Relative parts of PATH are left out: they may lie in the reviewed project. UserError when there is none.
    """
    if Path(name).is_absolute():
        return name
    on_path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    folders = [
        str(Path(sys.executable).parent),
        *(folder for folder in on_path if Path(folder).is_absolute()),
    ]
    executable = shutil.which(name, path=os.pathsep.join(folders))
    if executable is None:
        raise UserError(f"{name} is not installed, or not on PATH")
    return executable


def minimal_environment(executable: str) -> dict[str, str]:
    """All that a tool needs to know of the world: where programs are, and no one's home, locale or secrets."""
    folders = dict.fromkeys([str(Path(executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    environment = {"PATH": os.pathsep.join(folders), "HOME": NOWHERE, "LC_ALL": "C"}
    if "TMPDIR" in os.environ:
        environment["TMPDIR"] = os.environ["TMPDIR"]
    return environment


class Git:
    """git in one repository, deaf to what that repository, its owner and its user configure.

    `index` is another file than the repository's own index: a commit hook gets one in `GIT_INDEX_FILE`. `objects` is
    another object store than its own.
    """

    def __init__(
        self,
        repository: str | Path,
        *,
        git: str = "git",
        index: str | Path | None = None,
        objects: str | Path | None = None,
    ) -> None:
        self.repository = Path(repository).absolute()
        self.git = git
        self._environment = dict(_GIT_ENVIRONMENT)
        self._environment["GIT_CONFIG_COUNT"] = str(len(_GIT_CONFIGURATION))
        for number, (key, value) in enumerate(_GIT_CONFIGURATION.items()):
            self._environment[f"GIT_CONFIG_KEY_{number}"] = key
            self._environment[f"GIT_CONFIG_VALUE_{number}"] = value
        if index is not None:
            self._environment["GIT_INDEX_FILE"] = str(Path(index).absolute())
        if objects is not None:
            self._environment["GIT_OBJECT_DIRECTORY"] = str(objects)

    def run(
        self, *args: str, stdin: bytes = b"", timeout: float = 60.0, max_output: int = 256 * MEBIBYTE
    ) -> bytes:
        """Run a git command and return its stdout; ToolError with git's own first line when it fails."""
        completed = self.attempt(*args, stdin=stdin, timeout=timeout, max_output=max_output)
        if completed.returncode != 0:
            raise ToolError(f"git {args[0]}: {completed.complaint}")
        return completed.stdout

    def attempt(
        self, *args: str, stdin: bytes = b"", timeout: float = 60.0, max_output: int = 256 * MEBIBYTE
    ) -> Completed:
        """Run a git command and return what it answered, whatever its exit code."""
        # No process group of its own: who ends the group that reviews ends its gits as well.
        return run(
            self._argv(args),
            environment=self._environment,
            stdin=stdin,
            timeout=timeout,
            max_output=max_output,
            group=False,
        )

    def start(self, *args: str) -> Process:
        """Start a git command that the caller talks to, such as `cat-file --batch`."""
        return start(self._argv(args), environment=self._environment)

    def _argv(self, args: Sequence[str]) -> list[str]:
        return [self.git, "--no-pager", "-C", str(self.repository), *args]


class _Ended(Exception):
    """Why a child process is ended early."""


def _converse(process: Process, stdin: bytes, deadline: float, max_output: int) -> tuple[bytes, bytes]:
    """Write `stdin`, and read both outputs until the process closes them and ends."""
    assert process.stdin and process.stdout and process.stderr
    outputs = {process.stdout: bytearray(), process.stderr: bytearray()}
    rest = memoryview(stdin)
    with selectors.DefaultSelector() as selector:
        for stream in outputs:
            selector.register(stream, selectors.EVENT_READ)
        os.set_blocking(process.stdin.fileno(), False)
        selector.register(process.stdin, selectors.EVENT_WRITE)
        while selector.get_map():
            for key, _ in selector.select(_left(deadline)):
                if key.fileobj is process.stdin:
                    rest = _write(process.stdin.fileno(), rest)
                    done = not rest
                else:
                    chunk = os.read(key.fd, 1 << 16)
                    outputs[key.fileobj] += chunk  # type: ignore[index]
                    done = not chunk
                if done:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]
            if max(map(len, outputs.values())) > max_output:
                raise _Ended(f"wrote more than {max_output} bytes and was ended")
    try:
        process.wait(_left(deadline))
    except subprocess.TimeoutExpired:
        raise _Ended("took too long and was ended") from None
    return bytes(outputs[process.stdout]), bytes(outputs[process.stderr])


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _Ended("took too long and was ended")
    return left


def _write(descriptor: int, rest: memoryview) -> memoryview:
    """Write what the pipe takes; a tool that has stopped listening gets no more."""
    try:
        return rest[os.write(descriptor, rest[: 1 << 16]) :] if rest else rest
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        return rest[:0]


def _kill(process: Process, group: bool) -> None:
    """End what is left of the process, and of its group: a tool's own children may outlive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.kill()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()
