"""Fixes made over a whole tree, until none is left: what one fix leaves may be what the next one mends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checks.baseline import Baseline
from checks.config import Config
from checks.engine.overlay import OverlayTree
from checks.engine.parse import parse
from checks.engine.run import Options, scan
from checks.engine.tree import Tree, Unreadable
from checks.fixes.apply import apply_edits, compatible, edits_by_path
from checks.model import Finding, Fix, Problem
from checks.rule import Rule

PASSES = 10
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Mended:
    """What fixes made of a tree: the changed files' texts, old and new; the fixes; what could not be changed."""

    texts: Mapping[str, tuple[str, str]]
    fixes: tuple[Fix, ...]
    problems: tuple[Problem, ...]


def mend(
    tree: Tree,
    config: Config,
    paths: Iterable[str] | None = None,
    *,
    unsafe: bool = False,
    rules: Sequence[Rule] | None = None,
    baseline: Baseline | None = None,
    options: Options | None = None,
) -> Mended:
    """Make every fix that the findings of a tree offer, the unsafe ones where asked; nothing is written.

    A file is left as it is, and named as a problem, when it is not UTF-8 or when a fix would break its syntax.
    """
    changes: dict[str, bytes] = {}
    made: list[Fix] = []
    problems: dict[str, Problem] = {}
    wanted = paths
    for _ in range(PASSES):
        current = OverlayTree(tree, changes)
        report = scan(current, config, rules=rules, baseline=baseline, paths=wanted, options=options)
        fixes = _possible(report.findings, problems, unsafe)
        done = make(current, fixes, changes, problems)
        if not done:
            break
        made.extend(done)
        wanted = {edit.path for fix in done for edit in fix.edits}
    texts = {
        path: (tree.read(path).decode("utf-8"), new.decode("utf-8")) for path, new in sorted(changes.items())
    }
    return Mended(texts, tuple(made), tuple(problems.values()))


def _possible(findings: Sequence[Finding], problems: Mapping[str, Problem], unsafe: bool) -> list[Fix]:
    able = [
        item for item in findings if item.fix and all(edit.path not in problems for edit in item.fix.edits)
    ]
    return compatible(able, unsafe=unsafe)


def make(
    tree: Tree, fixes: Sequence[Fix], changes: dict[str, bytes], problems: dict[str, Problem]
) -> list[Fix]:
    """Put the files as these fixes leave them into `changes`; return the fixes that were made.

    Why a file is left as it is goes into `problems`: it is not UTF-8, or would not be Python any more.
    """
    refused: set[str] = set()
    for path, edits in edits_by_path(fixes).items():
        try:
            text = tree.read(path).decode("utf-8")
        except (UnicodeDecodeError, Unreadable, KeyError):
            problems[path] = Problem(
                path, "encoding", "its fixes are not made: it is not UTF-8, or can't be read"
            )
            refused.add(path)
            continue
        mark = _BOM if text.startswith(_BOM) else ""
        changed = mark + apply_edits(text.removeprefix(_BOM), edits)
        if _breaks(path, changed):
            problems[path] = Problem(path, "syntax", "its fixes are not made: the result would not be Python")
            refused.add(path)
        else:
            changes[path] = changed.encode("utf-8")
    return [fix for fix in fixes if all(edit.path not in refused for edit in fix.edits)]


def _breaks(path: str, text: str) -> bool:
    if not path.endswith((".py", ".pyi")):
        return False
    return isinstance(parse(path, text.encode("utf-8")), Problem)
