"""Files that every user of the machine may change.

## What it does
Reports `chmod` with a mode that lets others write, a `umask` of 0, and upload settings of Django with such a mode.

## Why it matters
Any other account on the machine, one broken service is enough, can then change what your program reads or runs: its
configuration, its templates, its code.

## Example
```python title="shop/export.py"
import os


def publish(path):
    os.chmod(path, 0o777)
```

## Use instead
```python title="shop/export.py"
import os


def publish(path):
    os.chmod(path, 0o640)
```

## Limits
Modes are judged where they are constants. Files that others may only read are not reported, even where they hold keys.

## References
- [Python: os.chmod](https://docs.python.org/3/library/os.html#os.chmod)
- [Django: FILE_UPLOAD_PERMISSIONS](https://docs.djangoproject.com/en/stable/ref/settings/#file-upload-permissions)
- [CWE-732: Incorrect Permission Assignment for Critical Resource](https://cwe.mitre.org/data/definitions/732.html)
"""

from __future__ import annotations

import ast
import stat
from collections.abc import Iterator

from checks.rule import LIKELY, LOW, MEDIUM, Call, File, Finding, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=732,
    severity=MEDIUM,
    message="`{mode}` lets every user of the machine change {what}",
    advice="Give rights to the owner and group only, such as `0o640`",
)

_DEPTH = 8


@rule.on_call("os.chmod", "os.fchmod", "os.lchmod")
def check_function(call: Call, file: File) -> Iterator[Finding]:
    """A mode given to the operating system."""
    yield from _chmod(call, file)


@rule.on_call("*.chmod", "*.lchmod")
def check_method(call: Call, file: File) -> Iterator[Finding]:
    """A mode given to a `Path`, or to a client of another machine."""
    if not call.name.startswith("os."):
        yield from _chmod(call, file)


def _chmod(call: Call, file: File) -> Iterator[Finding]:
    """A mode with the right to write for others; a `Path` takes it first, `os` and clients second."""
    for mode in (call.argument(1, "mode"), call.argument(0, "mode")):
        value = _mode(mode, file, _DEPTH)
        if mode is not None and value is not None:
            # A sticky folder is meant to be shared, like /tmp.
            if value & stat.S_IWOTH and not value & stat.S_ISVTX:
                yield rule.finding(mode, file, mode=file.segment(mode), what="the file")
            return


@rule.on_call("os.umask")
def check_umask(call: Call, file: File) -> Iterator[Finding]:
    """A mask that takes no rights away."""
    mask = call.constant(0, "mask")
    if mask is not None and type(mask.value) is int and not mask.value & stat.S_IWOTH:
        yield rule.finding(
            call.node, file, severity=LOW, confidence=LIKELY, mode=file.segment(call.node), what="new files"
        )


@rule.on_setting("FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """Uploads that everyone may change."""
    value = _mode(setting.value, file, _DEPTH)
    if value is not None and value & stat.S_IWOTH:
        yield rule.finding(setting.node, file, mode=file.segment(setting.value), what="what visitors upload")


def _mode(node: ast.expr | None, file: File, depth: int) -> int | None:
    """The bits that a mode is sure to have: of constants, names of `stat`, and such joined by `|`."""
    if node is None or depth <= 0:
        return None
    known = file.constant(node)
    if known is not None:
        return known.value if type(known.value) is int else None
    value = file.names.value(node)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        sides = [_mode(side, file, depth - 1) for side in (value.left, value.right)]
        bits = [side for side in sides if side is not None]
        return (bits[0] | bits[-1]) if bits else None
    name = file.resolve(value) or ""
    bit = getattr(stat, name.removeprefix("stat."), None) if name.startswith("stat.S_I") else None
    return bit if isinstance(bit, int) else None
