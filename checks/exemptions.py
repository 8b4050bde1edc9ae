"""How a change excuses itself from its review: suppressions that it adds, edits of configuration and baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from checks.baseline import BASELINE_FILE, Baseline, Entry, Files, added_entries, load_baseline
from checks.config import CONFIG_FILE, KEYS, PROJECT_FILE, raw_config
from checks.diff import Diff
from checks.errors import UserError
from checks.folders import raw_folder
from checks.model import Exemption
from checks.suppress import Suppression

_NAMED_ENTRIES = 3


def added_exemptions(
    base: Files, head: Files, diff: Diff, old: Iterable[Suppression], new: Iterable[Suppression]
) -> tuple[Exemption, ...]:
    """All of them, sorted by place. `old` and `new` are the suppressions of the files that the change touches."""
    found = [
        *added_suppressions(old, new, diff),
        *_configuration(base, head, diff),
        *_baseline(base, head, diff),
    ]
    return tuple(sorted(found, key=lambda exemption: (exemption.path, exemption.line, exemption.kind)))


def added_suppressions(
    old: Iterable[Suppression], new: Iterable[Suppression], diff: Diff
) -> tuple[Exemption, ...]:
    """The suppressions that the head has and the base had not.

    A comment that moved along with the code that it covers is not new, wherever it went; one that now covers other
    code is, even where its own line stayed as it was.
    """
    known = Counter(_key(comment, diff.new_path(comment.path)) for comment in old)
    added = []
    # Of equal ones, those on lines that stayed were there before.
    for comment in sorted(new, key=lambda comment: _is_added(comment, diff)):
        key = _key(comment, comment.path)
        if known[key] > 0:
            known[key] -= 1
        else:
            added.append(Exemption("suppression", comment.path, comment.line, comment.rules, comment.reason))
    return tuple(added)


def _key(comment: Suppression, path: str | None) -> tuple[object, ...]:
    return comment.rules, comment.reason, comment.code, path if comment.whole_file else None


def _is_added(comment: Suppression, diff: Diff) -> bool:
    file = diff.by_new(comment.path)
    return file is not None and comment.line in file.added


def _configuration(base: Files, head: Files, diff: Diff) -> list[Exemption]:
    """Edits of the configuration and of folders': which keys differ, and which rules are named that were not."""
    path = CONFIG_FILE if any(CONFIG_FILE in tree for tree in (base, head)) else PROJECT_FILE
    found = _edit(path, raw_config(base), raw_config(head), diff)
    for name in sorted(name for name in diff.paths if name.endswith(f"/{CONFIG_FILE}")):
        found += _edit(name, raw_folder(base, name), raw_folder(head, name), diff)
    return found


def _edit(path: str, old: Mapping[str, Any], new: Mapping[str, Any], diff: Diff) -> list[Exemption]:
    if old == new:
        return []
    changed = [key for key in KEYS if old.get(key) != new.get(key)]
    unknown = sorted(
        str(key) for key in old.keys() | new.keys() if key not in KEYS and old.get(key) != new.get(key)
    )
    rules = tuple(sorted(_rules(new) - _rules(old)))
    reason = f"changes {', '.join([*changed, *unknown])[:200]}"
    return [Exemption("configuration", path, _line(path, diff), rules, reason)]


def _rules(config: Mapping[str, Any]) -> set[str]:
    """The rules that a configuration takes away or gives another severity."""
    entries = config.get("paths")
    tables = [
        config,
        *(entry for entry in (entries if isinstance(entries, list) else []) if isinstance(entry, dict)),
    ]
    named: list[Any] = []
    for table in tables:
        for key in ("ignore", "severity"):
            value = table.get(key)
            named.extend(value if isinstance(value, (list, dict)) else ())
    return {rule for rule in named if isinstance(rule, str)}


def _baseline(base: Files, head: Files, diff: Diff) -> list[Exemption]:
    try:
        added = added_entries(_loaded(base), load_baseline(head))
    except UserError as error:
        return [Exemption("baseline", BASELINE_FILE, _line(BASELINE_FILE, diff), (), str(error))]
    if not added:
        return []
    rules = tuple(sorted({entry.rule for entry in added}))
    return [Exemption("baseline", BASELINE_FILE, _line(BASELINE_FILE, diff), rules, _accepted(added))]


def _accepted(added: Sequence[Entry]) -> str:
    paths = list(dict.fromkeys(entry.path for entry in added))
    more = ", ..." if len(paths) > _NAMED_ENTRIES else ""
    findings = f"{len(added)} finding{'' if len(added) == 1 else 's'}"
    return f"accepts {findings} in {', '.join(paths[:_NAMED_ENTRIES])}{more}"


def _loaded(base: Files) -> Baseline | None:
    try:
        return load_baseline(base)
    except UserError:
        return None


def _line(path: str, diff: Diff) -> int:
    """The first line of a file that the change added, else its first."""
    file = diff.by_new(path)
    return min(file.added, default=1) if file is not None else 1
