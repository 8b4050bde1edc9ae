"""Over real code the lowered tree is that which Python builds: a sample, or everything with RUBRICATE_TREES=all."""

import ast
import hashlib
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checks.engine.lower import TooDeep, lower
from checks.engine.parse import Module, collector_off, parse
from tests.engine.trees import Dump, Reference, difference, dump, find_python, own

ALL = os.environ.get("RUBRICATE_TREES") == "all"
SAMPLE_LINES = 50_000

# Written for this part of the syntax, so in every sample.
ALWAYS = frozenset(
    f"test_{name}.py"
    for name in (
        "fstring",
        "grammar",
        "type_params",
        "type_aliases",
        "patma",
        "unpack_ex",
        "string_literals",
        "unparse",
    )
)

# What libcst does not read: an annotation of a name in parentheses, `(name): int`, and what may be too deep for it.
# In 3.4 million lines these are two files each of CPython's own tests of grammar, annotations and tracebacks.
TOO_DEEP = "a chain of 700 assignments"
GAP = re.compile(r"\s*\(\w+\)\s*:")


def library(python: str) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    return Path(
        subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )


def corpus(roots: list[Path]) -> list[Path]:
    """All files of the roots, or an arbitrary but constant choice of them."""
    found = [
        (root, path)
        for root in roots
        for path in sorted(root.rglob("*.py"))
        if "site-packages" not in path.relative_to(root).parts
    ]
    if ALL:
        return [path for _, path in found]
    always = [path for _, path in found if path.name in ALWAYS]
    found.sort(key=lambda pair: hashlib.sha256(str(pair[1].relative_to(pair[0])).encode()).digest())
    sample: list[Path] = []
    lines = 0
    for _, path in found:
        if lines < SAMPLE_LINES:
            sample.append(path)
            lines += path.read_bytes().count(b"\n")
    return [*always, *sample]


@dataclass
class Tally:
    """What was compared, and what differs."""

    files: int = 0
    lines: int = 0
    refused: int = 0
    with_reference: int = 0
    with_own: int = 0
    gaps: list[Path] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)


def lowered(data: bytes) -> ast.Module | SyntaxError | None:
    """What libcst makes of the file; None for one that is no text at all."""
    module = parse("a.py", data)
    if not isinstance(module, Module) and module.kind != "syntax":
        return None
    text = module.text if isinstance(module, Module) else data.decode("utf-8", "replace")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return lower(text)
        except (RecursionError, TooDeep):
            return SyntaxError("", (None, None, None, TOO_DEEP))
        except SyntaxError as error:
            error.text = [*text.splitlines(), ""][(error.lineno or 1) - 1]
            return error


def compare(tally: Tally, path: Path, reference: Reference | None) -> None:
    data = path.read_bytes()
    expected = reference.dump(data) if reference else None
    mine = own(data)
    result = lowered(data)
    if result is None or (expected is None and mine is None):
        tally.refused += 1
        return
    if isinstance(result, SyntaxError):
        if result.text == TOO_DEEP or GAP.match(result.text or ""):
            tally.gaps.append(path)
        else:
            tally.mismatches.append(f"{path}:{result.lineno}: libcst refuses {result.text}")
        return
    tally.files += 1
    tally.lines += data.count(b"\n")
    exact = sys.version_info[:2] == (3, 13)
    pairs: list[tuple[str, Dump | None, bool]] = [
        ("Python 3.13's", expected, True),
        ("this Python's", mine, exact),
    ]
    for name, tree, inside in pairs:
        if tree is not None and (found := difference(dump(result, inside_strings=inside), tree)):
            tally.mismatches.append(f"{path}: unlike {name}: {found}")
    tally.with_reference += expected is not None
    tally.with_own += mine is not None


@pytest.fixture(scope="module")
def python313() -> str | None:
    return find_python("3.13")


@pytest.fixture
def reference(python313: str | None) -> Iterator[Reference | None]:
    if python313 is None:
        yield None
        return
    child = Reference(python313)
    yield child
    child.close()


@pytest.mark.timeout(7200 if ALL else 300)
def test_real_code_is_lowered_to_the_tree_that_python_builds(
    python313: str | None, reference: Reference | None, capsys: pytest.CaptureFixture[str]
) -> None:
    roots = [library(sys.executable), Path(pytest.__file__).parents[1]]
    if python313 is not None:
        roots.append(library(python313))
    tally = Tally()
    with collector_off():
        for path in corpus(roots):
            compare(tally, path, reference)
    with capsys.disabled():
        compared = f"{tally.with_reference} with Python 3.13, {tally.with_own} with this Python"
        print(
            f"\n{tally.files} files, {tally.lines} lines ({compared}), {len(tally.mismatches)} mismatches, ",
            end="",
        )
        print(f"{tally.refused} refused by all, {len(tally.gaps)} by libcst alone")
    assert tally.mismatches == []
    assert tally.files > 100
    assert len(tally.gaps) <= 6, tally.gaps


def test_python_3_13_is_there_for_the_comparison(python313: str | None) -> None:
    if python313 is None:
        pytest.skip(
            "Python 3.13 is missing (python3.13 on PATH, or pyenv's): trees were compared with this Python's alone"
        )
