"""Output by `print` where a log record belongs.

## What it does

Reports `print` in the modules of a web application, where nobody sits at the terminal.

## Why it matters

What is printed has no level, time or place. Nobody can filter it, send it where errors are collected, or turn it off,
and under a server it ends in a buffer, mixed with the lines of other workers, or nowhere. What was left over from
debugging also likes to hold what must not be in a log: passwords, tokens, whole requests.

## Example

```python title="shop/views.py"
from django.http import HttpResponse


def order(request, number):
    print("ordered", number)
    return HttpResponse()
```

## Use instead

```python title="shop/views.py"
import logging

from django.http import HttpResponse

logger = logging.getLogger(__name__)


def order(request, number):
    logger.info("ordered %s", number)
    return HttpResponse()
```

## Limits

A module counts as part of a web application when it imports Django, Flask or a package made for them, or when a
`manage.py`, `wsgi.py` or `app.py` stands in a folder above it. Output for somebody at a terminal is left alone:
management commands, commands of click and Flask, modules that run as a script, read the command line or use
`sys.stdout`, what `verbosity` asks for, last words before `sys.exit`, and `print` with `file=` or `end=""`. The fix
logs at the level `info`, or with the traceback where an exception is handled; whether that level is the right one, and
whether it is shown, only the author and the configuration know.

## References

- [Django: logging](https://docs.djangoproject.com/en/stable/topics/logging/)
- [Flask: logging](https://flask.palletsprojects.com/en/stable/logging/)
- [Python: when to use logging](https://docs.python.org/3/howto/logging.html#when-to-use-logging)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.fixes.logs import logged
from checks.frameworks.setting import is_main_guard
from checks.model import Fix
from checks.rule import LOW, Call, File, Finding, Role, Rule
from checks.semantics.names import ancestors, parent
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="deployment.logging",
    severity=LOW,
    message="`{call}` has no level, time or place: nobody can filter it or turn it off",
    advice="Log it: `logging.getLogger(__name__)`, and `info`, `warning` or `error`",
    roles=(Role.PRODUCTION,),
)

_WEB = re.compile(r"(django|flask|quart|rest_framework|wagtail|celery|ninja|werkzeug)(_\w+)?")
_COMMAND_LINE = frozenset({"argparse", "click", "cmd", "docopt", "fire", "getopt", "optparse", "typer"})
_COMMANDS = re.compile(r"(^|/)(management|cli|commands)(/|\.py$)|(^|/)__main__\.py$|(^|/)migrations\.py$")
_TERMINAL = frozenset({"sys.argv", "sys.stderr", "sys.stdout"})
_ENTRY_POINTS = ("manage.py", "wsgi.py", "app.py")


@rule.on_call("builtins.print")
def check(call: Call, file: File) -> Iterator[Finding]:
    """A print in a module that is part of a web application, not of a command."""
    if _is_aimed(call) or _is_command(call.node, file) or not _is_web(file):
        return
    level = "exception" if isinstance(parent(parent(call.node) or call.node), ast.ExceptHandler) else "info"
    edits = logged(call.node, level, file)
    yield rule.finding(
        call.node,
        file,
        fix=Fix("Log it with the module's logger", safe=True, edits=edits) if edits else None,
        call=file.segment(call.node),
    )


def _is_aimed(call: Call) -> bool:
    """Whether the output goes to a file, or draws on a line of a terminal."""
    end = call.constant(None, "end")
    return call.argument(None, "file") is not None or (end is not None and "\n" not in str(end.value))


def _is_command(node: ast.Call, file: File) -> bool:
    """Whether somebody sits at the terminal: a command of any kind, a script, output that is asked for by an option."""
    if _COMMANDS.search(file.path) or not _COMMAND_LINE.isdisjoint(file.imports) or _uses_terminal(file):
        return True
    if "__main__" in file.text and any(is_main_guard(statement) for statement in file.nodes):
        return True
    return _ends_program(node, file) or any(
        (isinstance(above, ast.If) and _asks_for_output(above.test))
        or (
            isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef))
            and any(map(_makes_command, above.decorator_list))
        )
        for above in ancestors(node)
    )


def _uses_terminal(file: File) -> bool:
    """Whether the module reads the command line or writes to the terminal by other ways than `print` too."""
    words = ("argv", "stdout", "stderr")
    return any(word in file.text for word in words) and any(
        isinstance(node, (ast.Attribute, ast.Name)) and file.resolve(node) in _TERMINAL for node in file.nodes
    )


def _asks_for_output(test: ast.expr) -> bool:
    """Whether a condition is Django's option for how much a command says, or what others call theirs."""
    names = (getattr(node, "attr", getattr(node, "id", None)) for node in descendants(test))
    return any(name in ("verbose", "verbosity") for name in names)


def _ends_program(node: ast.Call, file: File) -> bool:
    """Whether one of the next statements ends the program: then the message is its last words."""
    statement = parent(node)
    holder = parent(statement) if statement is not None else None
    for field in ("body", "orelse", "finalbody"):
        block = getattr(holder, field, None)
        if isinstance(block, list) and statement in block:
            after = block[block.index(statement) + 1 :][:5]
            return any(_is_exit(item, file) for item in after)
    return False


def _is_exit(statement: ast.stmt, file: File) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and file.resolve(statement.value.func) in ("sys.exit", "os._exit", "builtins.exit", "builtins.quit")
    )


def _makes_command(decorator: ast.expr) -> bool:
    """Whether a decorator makes a command: `@app.cli.command("import")`, `@group.command`."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Attribute) and function.attr in ("command", "shell_context_processor")


def _is_web(file: File) -> bool:
    if file.project.frameworks_at(file.path) or any(_WEB.fullmatch(package) for package in file.imports):
        return True
    folders = file.path.split("/")[:-1]
    above = [
        "/".join([*folders[:depth], name]) for depth in range(len(folders) + 1) for name in _ENTRY_POINTS
    ]
    return any(file.project.file(path) is not None for path in above)
