"""Temporary files whose name others can know.

## What it does
Reports `tempfile.mktemp`, and files of a fixed name in `/tmp`, `/var/tmp` or `/dev/shm` that are opened for writing.

## Why it matters
Everyone on a machine may write to `/tmp`. Whoever knows the name beforehand puts a link there, and your program
overwrites what the link points to, or reads back what somebody else wrote.

## Example
```python title="shop/export.py"
import tempfile


def export(rows):
    path = tempfile.mktemp(suffix=".csv")
    with open(path, "w") as file:
        file.writelines(rows)
    return path
```

## Use instead
```python title="shop/export.py"
import tempfile


def export(rows):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
        file.writelines(rows)
    return file.name
```

## Limits
Names are judged where they are constants, or begin with one. In a container of one process nobody else is there.

## References
- [Python: tempfile.mktemp](https://docs.python.org/3/library/tempfile.html#tempfile.mktemp)
- [CWE-377: Insecure Temporary File](https://cwe.mitre.org/data/definitions/377.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.model import Fix
from checks.rule import LIKELY, LOW, MEDIUM, Call, File, Finding, Rule
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=377,
    severity=MEDIUM,
    message="`{name}` {state}: another user of the machine can put a link there first",
    advice="Use `tempfile.NamedTemporaryFile` or `tempfile.TemporaryDirectory`",
)

_SHARED = re.compile(r"/(var/tmp|tmp|dev/shm)/[^/]")
_WRITES = re.compile(r"[wax+]")
_PATHS = frozenset({"pathlib.Path", "pathlib.PosixPath"})


@rule.on_call("tempfile.mktemp", "os.tempnam", "os.tmpnam")
def check_name(call: Call, file: File) -> Iterator[Finding]:
    """A name without its file."""
    yield rule.finding(
        call.node,
        file,
        name=file.segment(call.node.func),
        state="gives only a name",
        fix=_fix(call, file),
    )


def _fix(call: Call, file: File) -> Fix | None:
    """The file made at once, under the same name: not safe where the name is for a folder or a link."""
    if call.name != "tempfile.mktemp" or call.unpacks:
        return None
    words = zip(("suffix", "prefix", "dir"), call.node.args, strict=False)
    given = [*words, *((keyword.arg or "", keyword.value) for keyword in call.node.keywords)]
    function, needed = imported("tempfile", "NamedTemporaryFile", file)
    arguments = ", ".join([*(f"{name}={file.segment(value)}" for name, value in given), "delete=False"])
    edits = (replace(file, file.span(call.node), f"{function}({arguments}).name"), *needed)
    return Fix("Make the file together with its name", False, edits)


@rule.on_call("builtins.open", "io.open", "codecs.open", "os.open")
def check_opened(call: Call, file: File) -> Iterator[Finding]:
    """A file of a fixed name opened for writing."""
    mode = call.constant(1, "mode")
    if call.name != "os.open" and mode is not None and isinstance(mode.value, str):
        if _WRITES.search(mode.value) and "x" not in mode.value:
            yield from _shared(call.argument(0, "file"), file)


@rule.on_call(
    *(f"{path}.{method}" for path in _PATHS for method in ("open", "touch", "write_bytes", "write_text"))
)
def check_path(call: Call, file: File) -> Iterator[Finding]:
    """The same by a `Path`."""
    method = call.node.func
    if not isinstance(method, ast.Attribute):
        return
    mode = call.constant(0, "mode")
    if method.attr == "open" and not (mode and isinstance(mode.value, str) and _WRITES.search(mode.value)):
        return
    path = file.names.value(method.value)
    if isinstance(path, ast.Call) and len(path.args) == 1:
        yield from _shared(path.args[0], file)


def _shared(path: ast.expr | None, file: File) -> Iterator[Finding]:
    """A path that begins in a folder that all users of the machine write to."""
    text = _beginning(path, file) if path is not None else ""
    if path is not None and _SHARED.match(text) and not isinstance(parent(path), ast.JoinedStr):
        fixed = file.constant(path) is not None
        yield rule.finding(
            path,
            file,
            severity=None if fixed else LOW,
            confidence=LIKELY,
            name=file.segment(path),
            state="is a name that all know" if fixed else "is a name that can be guessed",
        )


def _beginning(path: ast.expr, file: File) -> str:
    """What a path begins with, followed by a mark for what is not constant."""
    known = file.constant(path)
    if known is not None:
        return known.value if isinstance(known.value, str) else ""
    value = file.names.value(path)
    if isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        return str(value.values[0].value) + "?"
    if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Mod)):
        left = file.constant(value.left)
        return f"{left.value}?" if left is not None and isinstance(left.value, str) else ""
    return ""
