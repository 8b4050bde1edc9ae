"""Logs, tracebacks and warnings: logging, traceback, warnings, syslog; structlog and loguru beside them.

From the documentation of logging (Logger Objects), traceback, warnings; of structlog ("API Reference") and
loguru. A message is a template for the arguments; `extra` is kept apart from it, and is no part of the line
by default.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, TRUTH, each, of
from checks.semantics.library import Entry, Library, Sink, gives, passes, source

LOGGER = "logging.Logger"
_LEVELS = "critical debug error exception fatal info warn warning"
_LINE = Entry(sinks=(Sink("log", (0, "msg")), *(Sink("log", place) for place in range(1, 6))))
_AT_LEVEL = Entry(sinks=(Sink("log", (1, "msg")), *(Sink("log", place) for place in range(2, 7))))
_EVENT = Entry(sinks=(Sink("log", (0, "event")),))

library = Library(
    "standard.logs",
    entries={
        **of("logging", {**each(_LEVELS, _LINE), "log": _AT_LEVEL}),
        **of(LOGGER, {**each(_LEVELS, _LINE), "log": _AT_LEVEL}),
        **each("logging.getLogger logging.LoggerAdapter multiprocessing.get_logger", gives(LOGGER)),
        "logging.Logger": gives(LOGGER),
        **of(
            LOGGER,
            each("addFilter addHandler removeFilter removeHandler setLevel propagate handlers", NOTHING),
        ),
        **of(LOGGER, {"getChild": gives(LOGGER), "isEnabledFor": TRUTH, "hasHandlers": TRUTH, "name": TEXT}),
        **of(LOGGER, each("getEffectiveLevel level", NUMBER)),
        **of(
            "logging", each("addLevelName basicConfig captureWarnings disable getLevelName shutdown", NOTHING)
        ),
        **of("logging", each("FileHandler Formatter NullHandler StreamHandler Filter LogRecord", NOTHING)),
        **of("logging", each("CRITICAL DEBUG ERROR FATAL INFO NOTSET WARNING", NUMBER)),
        **of("logging.config", each("dictConfig fileConfig", NOTHING)),
        **of("traceback", each("format_exc", source("exception", "builtins.str"))),
        **of(
            "traceback",
            each("extract_stack format_stack format_tb format_list", source("exception", "builtins.list")),
        ),
        **of(
            "traceback",
            each("format_exception format_exception_only extract_tb", source("exception", "builtins.list")),
        ),
        "traceback.TracebackException": source("exception"),
        **of("traceback", each("print_exc print_exception print_stack print_tb", NOTHING)),
        **of("warnings", each("catch_warnings filterwarnings resetwarnings simplefilter warn", NOTHING)),
        "syslog.syslog": Entry(sinks=(Sink("log", 0), Sink("log", 1))),
        **each(
            "structlog.get_logger structlog.getLogger structlog.stdlib.get_logger",
            gives("structlog.BoundLogger"),
        ),
        **of(
            "structlog.BoundLogger",
            {**each(_LEVELS, _EVENT), **each("bind new unbind", gives("structlog.BoundLogger"))},
        ),
        "loguru.logger": gives("loguru.Logger"),
        **of("loguru.Logger", {**each(f"{_LEVELS} success trace", _LINE), "log": _AT_LEVEL}),
        **of("loguru.Logger", {**each("bind opt patch", gives("loguru.Logger")), "add": NOTHING}),
        "celery.utils.log.get_task_logger": gives(LOGGER),
        "cgitb.text": source("exception", "builtins.str"),
        "cgitb.html": source("exception", "builtins.str"),
        "warnings.formatwarning": passes(0, returns="builtins.str"),
    },
    aliases={"logging.LoggerAdapter.": f"{LOGGER}."},
)
