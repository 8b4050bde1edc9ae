"""The baseline: findings that a project has accepted, by fingerprint, so that only others are reported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from checks.errors import Unreadable, UserError
from checks.model import Finding

BASELINE_FILE = ".rubricate-baseline.json"
VERSION = 1

_SIZE_LIMIT = 16 << 20
_KEYS = ("fingerprint", "rule", "path", "message")


class Files(Protocol):
    """The files of a tree, as much of it as reading a baseline takes."""

    def read(self, path: str) -> bytes: ...

    def __contains__(self, path: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted finding; rule, path and message are there for readers."""

    fingerprint: str
    rule: str
    path: str
    message: str


@dataclass(frozen=True)
class Baseline:
    """The accepted findings."""

    entries: tuple[Entry, ...] = ()
    _fingerprints: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_fingerprints", frozenset(entry.fingerprint for entry in self.entries))

    def apply(self, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], int]:
        """The findings that are not accepted, and how many are."""
        new = tuple(finding for finding in findings if finding.fingerprint not in self._fingerprints)
        return new, len(findings) - len(new)


def dump(findings: Iterable[Finding | Entry]) -> str:
    """The baseline file that accepts these findings: an entry a line, sorted, so that its diffs stay small."""
    entries = sorted(
        ({key: getattr(finding, key) for key in _KEYS} for finding in findings),
        key=lambda entry: (entry["path"], entry["rule"], entry["fingerprint"]),
    )
    lines = ",\n".join("    " + json.dumps(entry) for entry in entries)
    body = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {body}\n}}\n'


def load_baseline(tree: Files) -> Baseline | None:
    """The baseline that a tree holds, None when it has none. UserError, one line, for a file that is no baseline."""
    if BASELINE_FILE not in tree:
        return None
    try:
        content = tree.read(BASELINE_FILE)
    except Unreadable as error:
        raise UserError(f"{BASELINE_FILE}: {error}") from None
    if len(content) > _SIZE_LIMIT:
        raise UserError(f"{BASELINE_FILE}: it has {len(content):,} bytes, and the limit is {_SIZE_LIMIT:,}")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise UserError(f"{BASELINE_FILE}: not valid JSON: write it anew with `rubricate baseline`") from None
    if not isinstance(data, dict) or not isinstance(data.get("findings"), list):
        raise UserError(f"{BASELINE_FILE}: not a baseline: write it anew with `rubricate baseline`")
    if data.get("version") != VERSION:
        raise UserError(
            f"{BASELINE_FILE}: its version is not {VERSION}: write it anew with `rubricate baseline`"
        )
    return Baseline(tuple(_entry(number, entry) for number, entry in enumerate(data["findings"], 1)))


def added_entries(base: Baseline | None, head: Baseline | None) -> tuple[Entry, ...]:
    """What the head accepts and the base did not."""
    before = {entry.fingerprint for entry in base.entries} if base else set()
    return tuple(entry for entry in (head.entries if head else ()) if entry.fingerprint not in before)


def _entry(number: int, entry: Any) -> Entry:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _KEYS):
        raise UserError(f"{BASELINE_FILE}: finding {number} must have the texts {', '.join(_KEYS)}")
    return Entry(*(entry[key] for key in _KEYS))
