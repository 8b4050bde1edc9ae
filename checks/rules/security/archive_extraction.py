"""Archives that write outside the folder they are unpacked to.

## What it does
Reports `extractall` and `extract` of a tar archive without a `filter`, `shutil.unpack_archive` of one, and members of
an archive whose names are joined to a path by hand.

## Why it matters
A member of an archive may be called `../../app/settings.py`, be a link to `/etc`, or a device. Unpacked without a look,
it replaces the program that unpacks it.

## Example
```python title="shop/imports.py"
import tarfile


def unpack(upload, folder):
    with tarfile.open(fileobj=upload) as archive:
        archive.extractall(folder)
```

## Use instead
```python title="shop/imports.py"
import tarfile


def unpack(upload, folder):
    with tarfile.open(fileobj=upload) as archive:
        archive.extractall(folder, filter="data")
```

## Limits
Python 3.14 takes the filter `data` by default; which version a project runs on is not looked at. `zipfile` itself takes
`..` and absolute paths out of names. Checks of the members are recognised by what they call, in the same function.

## References
- [Python: extraction filters](https://docs.python.org/3/library/tarfile.html#extraction-filters)
- [Python: zipfile, extract](https://docs.python.org/3/library/zipfile.html#zipfile.ZipFile.extract)
- [CWE-22: Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')](https://cwe.mitre.org/data/definitions/22.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import with_keyword
from checks.model import Fix
from checks.rule import HIGH, LIKELY, MEDIUM, POSSIBLE, Call, File, Finding, Rule
from checks.semantics.enclosing import called, calls_in, kept, scope_around, words_called
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=22,
    severity=HIGH,
    confidence=LIKELY,
    message="`{call}` {state}: a member called `../x` is written outside the folder",
    advice='Pass `filter="data"`, and check names that you join yourself',
)

_ARCHIVES = ("tarfile.open", "tarfile.TarFile", "tarfile.TarFile.open", "tarfile.TarFile.gzopen")
_LISTS = frozenset(
    {f"{archive}.{method}" for archive in _ARCHIVES for method in ("getmembers", "getnames")}
    | {f"zipfile.ZipFile.{method}" for method in ("infolist", "namelist")}
)
_CHECKS = frozenset(
    {
        "abspath",
        "basename",
        "commonpath",
        "commonprefix",
        "is_relative_to",
        "normpath",
        "realpath",
        "relative_to",
        "resolve",
        "safe_join",
        "secure_filename",
        "startswith",
    }
)


@rule.on_call(*(f"{archive}.{method}" for archive in _ARCHIVES for method in ("extract", "extractall")))
def check_tar(call: Call, file: File) -> Iterator[Finding]:
    """A tar archive unpacked as it is."""
    filtered = call.argument(None, "filter")
    known = file.constant(filtered)
    trusted = known is not None and known.value == "fully_trusted"
    if (filtered is not None and not trusted) or call.unpacks:
        return
    if not trusted and (_has_members(call) or _is_checked(call.node)):
        return
    edit = with_keyword(file, call.node, "filter", '"data"')
    yield rule.finding(
        call.node,
        file,
        call=file.segment(call.node.func),
        state="filters nothing",
        fix=Fix("Let Python refuse such members", False, (edit,)) if edit else None,
        cause_hint=r"filter\s*=",
    )


def _has_members(call: Call) -> bool:
    """Whether the members are chosen: `extractall(path, members)`."""
    return call.name.endswith("all") and call.argument(1, "members") is not None


@rule.on_call("shutil.unpack_archive")
def check_unpacked(call: Call, file: File) -> Iterator[Finding]:
    """The same by `shutil`, which hands a filter on; zip archives it checks itself."""
    if call.argument(3, "filter") is not None or call.unpacks:
        return
    kind, name = call.constant(2, "format"), call.constant(0, "filename")
    words = [str(known.value) for known in (kind, name) if known is not None]
    if any(word.endswith("zip") for word in words) or _is_checked(call.node):
        return
    sure = any("tar" in word or word.endswith("tgz") for word in words)
    yield rule.finding(
        call.node,
        file,
        severity=MEDIUM,
        confidence=None if sure else POSSIBLE,
        call=file.segment(call.node.func),
        state="filters nothing",
        fix=None,
    )


@rule.on_node(ast.For)
def check_loop(node: ast.For, file: File) -> Iterator[Finding]:
    """A loop over the members that joins their names to a path and writes there."""
    listed = file.names.value(node.iter)
    if not isinstance(listed, ast.Call) or file.resolve(listed.func) not in _LISTS:
        return
    if not isinstance(node.target, ast.Name) or _is_checked(node):
        return
    writes = any(called(call) in ("open", "copyfileobj", "write_bytes", "write") for call in calls_in(node))
    for call in calls_in(node) if writes else ():
        if file.resolve(call.func) == "os.path.join" and any(
            _is_name_of(argument, node.target.id) for argument in call.args[1:]
        ):
            yield rule.finding(
                call, file, call=file.segment(call.func), state="takes the name as the archive has it"
            )


def _is_name_of(argument: ast.expr, member: str) -> bool:
    """Whether an argument is the member's name: itself, or its attribute."""
    value = (
        argument.value
        if isinstance(argument, ast.Attribute) and argument.attr in ("filename", "name")
        else argument
    )
    return isinstance(value, ast.Name) and value.id == member


def _is_checked(node: ast.AST) -> bool:
    """Whether the function around looks at paths or at the members' kinds before."""
    scope = scope_around(node)
    return not words_called(scope).isdisjoint(_CHECKS) or kept(
        scope, "names_parent", lambda: _names_parent(scope)
    )


def _names_parent(scope: ast.AST) -> bool:
    return any(isinstance(inner, ast.Constant) and inner.value == ".." for inner in descendants(scope))
