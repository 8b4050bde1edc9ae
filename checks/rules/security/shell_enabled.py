"""Commands that go through a shell for no reason.

## What it does
Reports `subprocess` calls with `shell=True` whose command is a constant, or a list.

## Why it matters
With a shell, the day that somebody puts a variable into the command, its text is run as code. Of a list, the shell
takes the first part for the command, and the others do nothing, silently.

## Example
```python title="shop/version.py"
import subprocess


def version():
    return subprocess.check_output("git describe --tags", shell=True, text=True)
```

## Use instead
```python title="shop/version.py"
import subprocess


def version():
    return subprocess.check_output(["git", "describe", "--tags"], text=True)
```

## Limits
Commands that use what only a shell has (pipes, redirection, wildcards, variables) are left alone when they are
constant. Commands with variables in them are judged by where those come from, by another rule.

## References
- [Python: subprocess, security considerations](https://docs.python.org/3/library/subprocess.html#security-considerations)
- [CWE-78: Improper Neutralization of Special Elements used in an OS Command ('OS Command Injection')](https://cwe.mitre.org/data/definitions/78.html)
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator

from checks.fixes.calls import rewrite
from checks.model import Edit, Fix
from checks.rule import LOW, MEDIUM, Call, File, Finding, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=78,
    severity=LOW,
    message="`{call}` starts a shell {why}",
    advice="Pass the command as a list, without `shell=True`",
)

_SPECIAL = re.compile(r"[|&;<>()$`*?\[\]{}~#\n\\!]|^\s*\w+=")
_BUILTINS = frozenset(
    {
        "alias",
        "bg",
        "cd",
        "command",
        "eval",
        "exec",
        "exit",
        "export",
        "fg",
        "hash",
        "jobs",
        "read",
        "set",
        "source",
        "time",
        "trap",
        "type",
        "ulimit",
        "umask",
        "unset",
        "wait",
        ".",
        ":",
    }
)


@rule.on_call(*(f"subprocess.{name}" for name in ("Popen", "call", "check_call", "check_output", "run")))
def check(call: Call, file: File) -> Iterator[Finding]:
    """A shell for a command without anything that only a shell can do."""
    shell, command = call.constant(None, "shell"), call.argument(0, "args")
    if shell is None or shell.value is not True or command is None:
        return
    value = file.names.value(command)
    if isinstance(value, (ast.List, ast.Tuple)):
        fix = _fix(call, None, file)
        yield _finding(
            call, file, "and gives it a list, of which it runs the first part only", fix, listed=True
        )
        return
    words = _words(file.constant(command))
    if words:
        yield _finding(call, file, "for a command that needs none", _fix(call, words, file), listed=False)


def _finding(call: Call, file: File, why: str, fix: Fix | None, *, listed: bool) -> Finding:
    return rule.finding(
        call.node,
        file,
        severity=MEDIUM if listed else None,
        call=file.segment(call.node.func),
        why=why,
        fix=fix,
    )


def _words(known: object) -> list[str]:
    """The words of a command that no shell is needed for; none for others."""
    text = getattr(known, "value", None)
    if not isinstance(text, str) or _SPECIAL.search(text):
        return []
    try:
        words = shlex.split(text)
    except ValueError:
        return []
    return [] if not words or words[0] in _BUILTINS else words


def _fix(call: Call, words: list[str] | None, file: File) -> Fix | None:
    """The command as a list, where it is written in the call; for a list, `shell=True` goes, and it runs as a whole."""
    first = call.node.args[0] if call.node.args else None
    if words is not None and not isinstance(first, ast.Constant):
        return None
    edit = _without_shell(call, words, file)
    title = "Run the command without a shell" if words else "Run the whole list, without a shell"
    return Fix(title, words is not None, (edit,)) if edit else None


def _without_shell(call: Call, words: list[str] | None, file: File) -> Edit | None:
    import libcst as cst

    def change(node: cst.Call) -> cst.Call:
        given = [item for item in node.args if item.keyword is None or item.keyword.value != "shell"]
        if words is not None:
            quoted = ", ".join('"' + word.replace('"', '\\"') + '"' for word in words)
            given[0] = given[0].with_changes(value=cst.parse_expression(f"[{quoted}]"))
        if given and given[-1] is not node.args[-1]:
            given[-1] = given[-1].with_changes(comma=node.args[-1].comma)
        return node.with_changes(args=given)

    return rewrite(file, call.node, change)
