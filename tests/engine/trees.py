"""Syntax trees as flat lists of strings, to compare those of two Pythons, and the other Python.

This file also runs by itself under the other Python, so it imports the standard library alone.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

Dump = list[str]


def dump(tree: ast.AST, *, inside_strings: bool = True) -> Dump:
    """Every node in order: its field, type, place and values. What only some Pythons know and is empty is left out.

    Without `inside_strings` the parts of f-strings have no places, nor their texts a kind, and empty ones are left out:
    Pythons before 3.13 differ in these.
    """
    lines: Dump = []
    stack: list[tuple[str, object, bool]] = [("", tree, True)]
    while stack:
        name, item, placed = stack.pop()
        if isinstance(item, list):
            lines.append(f"{name} [{len(item)}]")
            stack.extend((name, element, placed) for element in reversed(item))
        elif isinstance(item, ast.AST):
            lines.append(f"{name} {type(item).__name__}{_place(item) if placed else ''}")
            if not inside_strings and isinstance(item, ast.JoinedStr):
                placed = False
                item.values = [value for value in item.values if not _is_empty(value)]
            fields = [field for field in _fields(item) if placed or field != "kind"]
            stack.extend((field, getattr(item, field, None), placed) for field in fields)
        else:
            lines.append(f"{name} {type(item).__name__} {item!a}")
    return lines


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""


def _place(node: ast.AST) -> str:
    return "".join(f" {getattr(node, name)}" for name in node._attributes)


def _fields(node: ast.AST) -> list[str]:
    newer = ("type_comment", "type_params", "default_value")
    return [name for name in reversed(node._fields) if name not in newer or getattr(node, name, None)]


def difference(one: Dump, other: Dump) -> str:
    """The first place where two trees part, with what stands before; empty where they are equal."""
    if one == other:
        return ""
    pairs = zip(one, other, strict=False)
    index = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    before = " / ".join(one[max(0, index - 3) : index])
    return f"after {before}: {one[index : index + 2]} is not {other[index : index + 2]}"


def find_python(version: str) -> str | None:
    """The path of `python<version>`, by PATH or among pyenv's, where it runs."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    installed = [str(path) for path in sorted(pyenv.glob(f"{version}*/bin/python{version}"))]
    for candidate in [*installed, shutil.which(f"python{version}")]:
        if (
            candidate
            and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0
        ):
            return candidate
    return None


class Reference:
    """Another Python's `ast.parse`, in a child process of its own."""

    def __init__(self, python: str) -> None:
        self._child = subprocess.Popen(
            [python, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="ascii",
        )

    def dump(self, source: bytes) -> Dump | None:
        """The tree of `source`; None where that Python refuses it."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(source.decode("latin-1")) + "\n")
        self._child.stdin.flush()
        answer: Dump | None = json.loads(self._child.stdout.readline())
        return answer

    def close(self) -> None:
        self._child.communicate()


def own(source: bytes) -> Dump | None:
    """What this Python's `ast.parse` makes of `source`; places inside f-strings only where it is Python 3.13."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return dump(ast.parse(source), inside_strings=sys.version_info[:2] == (3, 13))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _main() -> None:
    for line in sys.stdin:
        print(json.dumps(own(json.loads(line).encode("latin-1"))), flush=True)


if __name__ == "__main__":
    _main()
