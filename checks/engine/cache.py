"""Judged files kept between runs, by content: a file that did not change, under the same rules, is not judged again.

JSON in SQLite, below the user's cache folder. The key is made of the tool's own code, the rules and configuration in
force, the path and the file's identity; what was asked of other files is checked on reading (`checks.engine.uses`).
A cache that can't be read or written is as good as none: it never fails a run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import checks
from checks.config import Config
from checks.engine.analyse import Judged, Store
from checks.engine.tree import Tree, Unreadable
from checks.engine.uses import Group, Holding
from checks.model import Confidence, Edit, Finding, Fix, Problem, Severity, Span, Step
from checks.suppress import Suppression

MAX_ROWS = 200_000
"""Rows kept, about 200 MB at the most; the ones unused for longest go first."""

MAX_GROUPS = 2_000
"""Groups kept: a run has a few, of up to some thousand paths each."""

_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS judged (key BLOB PRIMARY KEY, used INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS groups (key TEXT PRIMARY KEY, used INTEGER NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
"""
_BATCH = 500


class DiskStore(Store):
    """Judged files in an SQLite database."""

    def __init__(self, database: sqlite3.Connection, setting: str) -> None:
        self._database = database
        self._setting = setting

    def get(self, paths: Sequence[str], tree: Tree) -> dict[str, Judged]:
        """What is known of some files as they stand in a tree."""
        keys = {key: path for path in paths if (key := self._key(path, tree)) is not None}
        known: dict[str, Judged] = {}
        holding = Holding(tree, self._group)
        with contextlib.suppress(sqlite3.Error, ValueError, KeyError, TypeError):
            for key, value in self._rows(list(keys)):
                judged = _unpack(json.loads(value))
                if judged.path == keys[key] and holding.holds(judged.uses):
                    known[judged.path] = judged
        return known

    def put(self, judged: Sequence[Judged], tree: Tree) -> None:
        """Keep what was said of some files; what crashed or ran out of memory is tried again the next time."""
        rows = [
            (key, json.dumps(asdict(replace(one, groups={})), separators=(",", ":")))
            for one in judged
            if not any(problem.kind == "crash" for problem in one.problems)
            and (key := self._key(one.path, tree)) is not None
        ]
        with contextlib.suppress(sqlite3.Error, UnicodeEncodeError), self._database:
            self._database.executemany("INSERT OR REPLACE INTO judged VALUES (?, unixepoch(), ?)", rows)
            excess = f"SELECT key FROM judged ORDER BY used DESC LIMIT -1 OFFSET {MAX_ROWS}"
            self._database.execute(f"DELETE FROM judged WHERE key IN ({excess})")
            groups = {digest: group for one in judged for digest, group in one.groups.items()}
            self._database.executemany(
                "INSERT OR REPLACE INTO groups VALUES (?, unixepoch(), ?)",
                [(digest, json.dumps(group)) for digest, group in groups.items()],
            )
            excess = f"SELECT key FROM groups ORDER BY used DESC LIMIT -1 OFFSET {MAX_GROUPS}"
            self._database.execute(f"DELETE FROM groups WHERE key IN ({excess})")

    def _rows(self, keys: list[bytes]) -> Iterator[tuple[bytes, str]]:
        for start in range(0, len(keys), _BATCH):
            some = keys[start : start + _BATCH]
            marks = ",".join("?" * len(some))
            yield from self._database.execute(f"SELECT key, value FROM judged WHERE key IN ({marks})", some)

    def _group(self, digest: str) -> Group | None:
        row = self._database.execute("SELECT value FROM groups WHERE key = ?", (digest,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def _key(self, path: str, tree: Tree) -> bytes | None:
        try:
            identity = tree.identity(path)
        except (KeyError, Unreadable):
            return None
        parts = "\0".join((self._setting, path, identity))
        return hashlib.blake2b(parts.encode("utf-8", "surrogateescape"), digest_size=20).digest()


@contextlib.contextmanager
def open_store(config: Config, *, enabled: bool = True) -> Iterator[Store]:
    """The store for runs under a configuration; one that keeps nothing where the cache can't be used."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rubricate"
    database = _open(folder / "judged-1.sqlite3") if enabled else None
    if database is None:
        yield Store()
        return
    try:
        yield DiskStore(database, "\0".join((own_digest(), sys.version, config.digest)))
    finally:
        database.close()


def _open(path: Path) -> sqlite3.Connection | None:
    for attempt in (1, 2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = sqlite3.connect(path, timeout=2)
        except (sqlite3.Error, OSError):
            return None
        try:
            database.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            database.close()
            if attempt == 1:
                # A damaged database is worth nothing: begin anew.
                with contextlib.suppress(OSError):
                    path.unlink()
        else:
            return database
    return None


@lru_cache(maxsize=1)
def own_digest() -> str:
    """A digest of this tool's own code: what another version kept, or a rule since edited, is not found."""
    digest = hashlib.blake2b(digest_size=16)
    root = Path(checks.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _unpack(data: dict[str, Any]) -> Judged:
    return Judged(
        path=data["path"],
        lines=data["lines"],
        findings=tuple(_finding(one) for one in data["findings"]),
        checked=data["checked"],
        problems=tuple(Problem(**one) for one in data["problems"]),
        suppressions=tuple(
            Suppression(**{**one, "rules": tuple(one["rules"])}) for one in data["suppressions"]
        ),
        uses=data["uses"],
        effects=data["effects"],
    )


def _finding(data: dict[str, Any]) -> Finding:
    fix = data["fix"]
    return Finding(
        **{
            **data,
            "severity": Severity(data["severity"]),
            "confidence": Confidence(data["confidence"]),
            "span": Span(**data["span"]),
            "trace": tuple(Step(**step) for step in data["trace"]),
            "parts": tuple(data["parts"]),
            "fix": None
            if fix is None
            else Fix(fix["title"], fix["safe"], tuple(Edit(**edit) for edit in fix["edits"])),
        }
    )
