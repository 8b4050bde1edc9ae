"""Programs that are started: subprocess, os, asyncio's subprocesses, pty; the process itself: sys.

From the standard library's documentation: subprocess (Security Considerations), os (Process Management),
asyncio-subprocess, pty.
"""

from __future__ import annotations

from checks.frameworks.libraries.conditions import in_shell, no
from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, TRUTH, each, of, sinks
from checks.semantics.library import Entry, Library, Sink, gives, sink, source

_IN_SHELL = in_shell((0, "args"), (8, "shell"))
_STARTED = (Sink("shell", (0, "args"), _IN_SHELL), Sink("command", (0, "args"), no(_IN_SHELL), first=True))
_LINE = (Sink("shell", (0, "cmd")),)

library = Library(
    "standard.processes",
    entries={
        **of(
            "subprocess",
            {
                **each("Popen", Entry(returns="subprocess.Popen", sinks=_STARTED)),
                **each("call check_call", Entry(returns="builtins.int", sinks=_STARTED, work="process")),
                "run": Entry(returns="subprocess.CompletedProcess", sinks=_STARTED, work="process"),
                "check_output": Entry(returns="builtins.bytes", sinks=_STARTED, work="process"),
                "getoutput": Entry(returns="builtins.str", sinks=_LINE, work="process"),
                "getstatusoutput": Entry(returns="builtins.tuple", sinks=_LINE, work="process"),
                "list2cmdline": Entry(returns="builtins.str", passes=(0,)),
            },
        ),
        **of(
            "subprocess.Popen",
            {
                "communicate": Entry(returns="builtins.tuple", work="process"),
                "wait": Entry(returns="builtins.int", work="process"),
                **each("pid returncode poll", NUMBER),
                **each("kill send_signal terminate", NOTHING),
                **each("stdin stdout stderr", gives("io.BufferedIOBase")),
                "args": NOTHING,
            },
        ),
        **of(
            "subprocess.CompletedProcess",
            {
                **each("stdout stderr", TEXT),
                "returncode": NUMBER,
                "check_returncode": NOTHING,
                "args": NOTHING,
            },
        ),
        **of(
            "os",
            {
                **each(
                    "system popen",
                    Entry(returns="io.TextIOWrapper", sinks=(Sink("shell", 0),), work="process"),
                ),
                **each("execl execle execlp execlpe startfile", sink("command", 0)),
                **each(
                    "execv execve execvp execvpe", sinks(Sink("command", 0), Sink("command", 1, first=True))
                ),
                **each("spawnl spawnle spawnlp spawnlpe", sink("command", 1)),
                **each(
                    "spawnv spawnve spawnvp spawnvpe",
                    sinks(Sink("command", 1), Sink("command", 2, first=True)),
                ),
                **each("posix_spawn posix_spawnp", sinks(Sink("command", 0), Sink("command", 1, first=True))),
            },
        ),
        "asyncio.create_subprocess_shell": sink("shell", (0, "cmd"), returns="asyncio.subprocess.Process"),
        "asyncio.create_subprocess_exec": sink(
            "command", (0, "program"), returns="asyncio.subprocess.Process"
        ),
        **of(
            "asyncio.subprocess.Process",
            {
                "communicate": gives("builtins.tuple"),
                **each("kill send_signal terminate", NOTHING),
                "wait": NUMBER,
            },
        ),
        "pty.spawn": sinks(Sink("command", (0, "argv"), first=True)),
        **each("multiprocessing.cpu_count threading.active_count threading.get_ident", NUMBER),
        **each("threading.Lock threading.RLock threading.Event multiprocessing.Lock", NOTHING),
        **each("signal.signal signal.alarm atexit.register", NOTHING),
        **each("platform.system platform.node platform.machine platform.release platform.version", TEXT),
        "platform.python_version": TEXT,
        **of(
            "sys",
            {
                "argv": source("local", "builtins.list"),
                "stdin": source("local", "io.TextIOWrapper"),
                **each("stdout stderr", gives("io.TextIOWrapper")),
                "exit": Entry(ends=True),
                "exc_info": source("exception", "builtins.tuple"),
                "exception": source("exception"),
                **each("byteorder executable platform prefix version", TEXT),
                **each("getsizeof getrefcount getrecursionlimit maxsize", NUMBER),
                **each("modules path version_info flags", NOTHING),
                "intern": Entry(returns="builtins.str", passes=(0,)),
                "is_finalizing": TRUTH,
            },
        ),
    },
    aliases={
        "asyncio.subprocess.create_subprocess_exec": "asyncio.create_subprocess_exec",
        "asyncio.subprocess.create_subprocess_shell": "asyncio.create_subprocess_shell",
        "posix.": "os.",
    },
)
