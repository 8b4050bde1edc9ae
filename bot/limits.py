"""Sets limits on this process, then becomes another program: `python -I limits.py PARENT NAME=VALUE… -- PROGRAM ARG…`.

A script of the standard library alone, started by path. It stands in for `preexec_fn`, which is unsafe in a server with
threads (https://docs.python.org/3/library/subprocess.html#subprocess.Popen), and sees to it that the program does not
outlive a server that is killed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
CPU_GRACE = 5


def main(argv: list[str]) -> None:
    parent, split = int(argv[0]), argv.index("--")
    for setting in argv[1:split]:
        name, _, value = setting.partition("=")
        _limit(name, int(value))
    if sys.platform == "linux":
        # https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html: kept across exec, lost on fork
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        raise SystemExit(1)
    program = argv[split + 1 :]
    os.execvp(program[0], program)


def _limit(name: str, value: int) -> None:
    """Lower one limit; a hard limit that stands lower already stays.

    A program over its processor time is to get SIGXCPU, by which it is known, and SIGKILL only if it stays.
    """
    which = getattr(resource, f"RLIMIT_{name}")
    hard = resource.getrlimit(which)[1]
    last = value + CPU_GRACE if name == "CPU" else value
    if hard != resource.RLIM_INFINITY:
        value, last = min(value, hard), min(last, hard)
    resource.setrlimit(which, (value, last))


if __name__ == "__main__":
    main(sys.argv[1:])
