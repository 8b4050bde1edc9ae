"""What a project asks of its reviews: `.rubricate.yml`, or `[tool.rubricate]` in `pyproject.toml`.

`config.schema.json` beside this module describes the same for editors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, Protocol

from checks.errors import Unreadable, UserError, did_you_mean, quoted
from checks.globs import matches
from checks.model import Finding, Severity
from checks.own_tables import PARTS, OwnEntry, own_entries
from checks.path_rules import Folder, PathRules
from checks.plain_toml import read_toml
from checks.plain_yaml import read_yaml
from checks.pull_request import PULL_REQUEST_KEYS, PullRequests

CONFIG_FILE = ".rubricate.yml"
PROJECT_FILE = "pyproject.toml"
FRAMEWORKS = ("django", "flask", "drf", "sqlalchemy")
POLICIES = ("allow", "report", "refuse")
LEVELS = {severity.label: severity for severity in Severity}
GATES: Mapping[str, Severity | None] = {**LEVELS, "never": None}
KEYS = (
    "select",
    "ignore",
    "severity",
    "paths",
    "exclude",
    "fail-on",
    "frameworks",
    "new-suppressions",
    "pull-request",
    *PARTS,
)
PATH_KEYS = ("path", "select", "ignore", "severity")

_SIZE_LIMIT = 64 << 10  # bytes of a configuration; a pyproject.toml may hold much else
_PROJECT_LIMIT = 1 << 20
LONGEST_PATTERN = 500  # the time that a pattern takes may grow with the square of its length

Policy = Literal["allow", "report", "refuse"]


class Files(Protocol):
    """The files of a tree, as much of it as reading a configuration takes."""

    def read(self, path: str) -> bytes: ...

    def __contains__(self, path: object) -> bool: ...


@dataclass(frozen=True)
class Config:
    """A project's configuration. Rules are named by id, or all of a section by `section/*`; the exact id wins.

    `select` None means every rule. Of `paths` the later entries win. `gate` is the severity from which a finding
    fails the run, None for never. `new_suppressions` says what becomes of the suppressions that a change adds. `own`
    are the project's own sources, sinks and sanitisers. `pull_requests` says which are reviewed, and how reviews speak.
    `folders` have configurations of their own, the outer ones first; `notes` are what is to be said of those, by file.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    paths: tuple[PathRules, ...] = ()
    exclude: tuple[str, ...] = ()
    gate: Severity | None = Severity.HIGH
    frameworks: tuple[str, ...] = ()
    new_suppressions: Policy = "report"
    own: tuple[OwnEntry, ...] = ()
    pull_requests: PullRequests = field(default_factory=PullRequests)
    folders: tuple[Folder, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    _applied: dict[str, dict[str, bool]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def excludes(self, path: str) -> bool:
        """Whether a file is left out of every review."""
        above = (pattern for folder in self.folders if folder.holds(path) for pattern in folder.exclude)
        return any(matches(pattern, path) for pattern in (*self.exclude, *above))

    def frameworks_at(self, path: str) -> tuple[str, ...]:
        """The frameworks that are named for a file: by the innermost folder that names some, else by the root."""
        named = (folder.frameworks for folder in reversed(self.folders) if folder.holds(path))
        return next((each for each in named if each is not None), self.frameworks)

    def enabled(self, rule: str) -> bool:
        """Whether a rule speaks on any path."""
        every = (*self.paths, *(entry for folder in self.folders for entry in folder.rules))
        return self._selected(rule) or any(
            _rank(rule, entry.select) > _rank(rule, entry.ignore) for entry in every
        )

    def applies(self, rule: str, path: str) -> bool:
        """Whether a rule speaks about a file."""
        if path not in self._applied:
            self._applied.clear()  # a walk asks about one file after another, and about each very often
            self._applied[path] = {}
        answers = self._applied[path]
        if rule not in answers:
            answers[rule] = not self.excludes(path) and self._decide(rule, path)
        return answers[rule]

    def severity(self, finding: Finding) -> Severity:
        """The severity of a finding in this project."""
        for entry in self._entries(finding.path):
            if entry.severity and entry.covers(finding.path):
                severity = _named(finding.rule, entry.severity)
                if severity is not None:
                    return severity
        return _named(finding.rule, self.severities) or finding.severity

    def with_choice(
        self, select: Sequence[str] = (), ignore: Sequence[str] = (), known_rules: Collection[str] = ()
    ) -> Config:
        """The configuration under a command line: chosen rules replace those selected, ignored ones are taken away.

        UserError for an id that no rule has.
        """
        reader = _Reader("command line", known_rules, ())
        chosen, left_out = reader.rules("--select", list(select)), reader.rules("--ignore", list(ignore))
        config = self
        if chosen:
            config = replace(config, select=chosen, ignore=())._each(
                lambda entry: replace(entry, select=(), only=False)
            )
        if left_out:
            config = replace(config, ignore=(*config.ignore, *left_out))._each(
                lambda entry: replace(entry, ignore=(*entry.ignore, *left_out))
            )
        return config

    @cached_property
    def digest(self) -> str:
        """A hash of all that the configuration says, for the keys of caches and of reviews."""
        parts = asdict(self)
        del parts["_applied"]
        return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()

    def _each(self, change: Callable[[PathRules], PathRules]) -> Config:
        """The configuration with each entry about paths changed."""
        folders = (replace(each, rules=tuple(map(change, each.rules))) for each in self.folders)
        return replace(self, paths=tuple(map(change, self.paths)), folders=tuple(folders))

    def _entries(self, path: str) -> Iterator[PathRules]:
        """The entries that may say something of a file, those that win first."""
        for folder in reversed(self.folders):
            if folder.holds(path):
                yield from reversed(folder.rules)
        yield from reversed(self.paths)

    def _selected(self, rule: str) -> bool:
        chosen = 0 if self.select is None else _rank(rule, self.select)
        return chosen > _rank(rule, self.ignore)

    def _decide(self, rule: str, path: str) -> bool:
        for entry in self._entries(path):
            on, off = _rank(rule, entry.select), _rank(rule, entry.ignore)
            if (entry.only or max(on, off) >= 0) and entry.covers(path):
                return on > off
        return self._selected(rule)


def load_config(tree: Files, known_rules: Collection[str], known_items: Collection[str] = ()) -> Config:
    """The configuration that a tree holds, or the default one.

    UserError, one line, for a file that can't be read, a key or a rule that nobody knows, or a value that does not fit.
    """
    data, source = _read(tree)
    return from_mapping(data, known_rules, known_items, source)


def load_pull_requests(tree: Files, defaults: Files) -> PullRequests:
    """What a tree's configuration says of pull requests, read without any knowledge of the rules.

    Each key that it leaves out is as in `defaults`, the owner's configuration for all of their repositories.
    """
    try:
        common = _pull_requests(defaults)
        read_pull_requests(common)
    except UserError as error:
        raise UserError(f"the owner's repository .github: {error}") from None
    own = _pull_requests(tree)
    return read_pull_requests({**common, **own}, _read(tree)[1])


def _pull_requests(tree: Files) -> Mapping[str, Any]:
    data, source = _read(tree)
    reader = _Reader(source, (), ())
    given = reader.mapping("the configuration", data, KEYS).get("pull-request", {})
    return reader.mapping("`pull-request`", given, PULL_REQUEST_KEYS)


def from_mapping(
    data: Any, known_rules: Collection[str], known_items: Collection[str] = (), source: str = CONFIG_FILE
) -> Config:
    """A configuration from what YAML or TOML gave. UserError naming `source`, the key and the nearest right name."""
    reader = _Reader(source, known_rules, known_items)
    given = reader.mapping("the configuration", data, KEYS)
    return Config(
        select=reader.rules("select", given["select"]) if "select" in given else None,
        ignore=reader.rules("ignore", given.get("ignore", [])),
        severities=reader.severities("severity", given.get("severity", {})),
        paths=reader.paths(given.get("paths", [])),
        exclude=reader.patterns("exclude", given.get("exclude", [])),
        gate=GATES[reader.word("fail-on", given.get("fail-on", "high"), tuple(GATES))],
        frameworks=reader.words("frameworks", given.get("frameworks", []), FRAMEWORKS),
        new_suppressions=reader.policy(given.get("new-suppressions", "report")),
        own=own_entries(dict(given), reader.error),
        pull_requests=PullRequests.read(given.get("pull-request", {}), reader),
    )


def is_configured(tree: Files) -> bool:
    """Whether a tree speaks of its configuration, be it one that can't be used."""
    try:
        return _read_own(tree) is not None or _read_table(tree) is not None
    except UserError:
        return True


def raw_config(tree: Files) -> Mapping[str, Any]:
    """What a tree's configuration says, unchecked; empty where it has none or an unreadable one."""
    try:
        found = _read_own(tree)
        found = _read_table(tree) if found is None else found
    except UserError:
        return {}
    return found if isinstance(found, dict) else {}


def read_pull_requests(table: Any, source: str = CONFIG_FILE) -> PullRequests:
    """The part on pull requests alone, which takes no knowledge of the rules. UserError as in `from_mapping`."""
    return PullRequests.read(table, _Reader(source, (), ()))


class _Reader:
    """Checks values one by one; each method names the key that it reads in its error."""

    def __init__(self, source: str, known_rules: Collection[str], known_items: Collection[str]) -> None:
        self._source = source
        self._rules = frozenset(known_rules) | {f"{rule.partition('/')[0]}/*" for rule in known_rules}
        self._items = frozenset(known_items)

    def mapping(self, key: str, value: Any, known: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.error(f"{key} must be a mapping")
        for name in value:
            if name not in known:
                raise self.error(f"unknown key {quoted(str(name))}{did_you_mean(str(name), known)}")
        return value

    def rules(self, key: str, value: Any) -> tuple[str, ...]:
        return tuple(self._rule(key, rule) for rule in self.texts(key, value))

    def severities(self, key: str, value: Any) -> Mapping[str, Severity]:
        if not isinstance(value, dict):
            raise self.error(f"`{key}` must map rules to severities")
        return {
            self._rule(key, rule): LEVELS[self.word(key, level, tuple(LEVELS))]
            for rule, level in value.items()
        }

    def paths(self, value: Any) -> tuple[PathRules, ...]:
        if not isinstance(value, list):
            raise self.error("`paths` must be a list")
        return tuple(self._path_rules(entry) for entry in value)

    def patterns(self, key: str, value: Any) -> tuple[str, ...]:
        patterns = self.texts(key, value)
        for pattern in patterns:
            if pattern.startswith("!"):
                raise self.error(f"`{key}`: {quoted(pattern)} can't be negated, name what is meant")
            if not pattern.strip("./"):
                raise self.error(f"`{key}`: {quoted(pattern)} names no path")
            if len(pattern) > LONGEST_PATTERN:
                raise self.error(f"`{key}`: {quoted(pattern)} has more than {LONGEST_PATTERN} characters")
        return patterns

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self.error(f"`{key}` must be a list of texts")
        return tuple(value)

    def words(self, key: str, value: Any, known: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.word(key, word, known) for word in self.texts(key, value))

    def word(self, key: str, value: Any, known: Sequence[str]) -> str:
        if not isinstance(value, str) or value not in known:
            raise self.error(f"`{key}` is {', '.join(known[:-1])} or {known[-1]}, not {quoted(str(value))}")
        return value

    def policy(self, value: Any) -> Policy:
        self.word("new-suppressions", value, POLICIES)
        return value  # type: ignore[no-any-return]

    def _path_rules(self, entry: Any) -> PathRules:
        given = self.mapping("an entry of `paths`", entry, PATH_KEYS)
        if "path" not in given:
            raise self.error("an entry of `paths` lacks its `path`")
        path = given["path"]
        return PathRules(
            path=self.patterns("path", [path] if isinstance(path, str) else path),
            select=self.rules("select", given.get("select", [])),
            ignore=self.rules("ignore", given.get("ignore", [])),
            severity=self.severities("severity", given.get("severity", {})),
        )

    def _rule(self, key: str, rule: Any) -> str:
        name = str(rule)
        if name in self._rules:
            return name
        what = "is an item of the checklist, not a rule" if name in self._items else "is unknown"
        raise self.error(f"`{key}`: {quoted(name)} {what}{did_you_mean(name, self._rules)}")

    def error(self, message: str) -> UserError:
        return UserError(f"{self._source}: {message}")


def _rank(rule: str, patterns: Sequence[str]) -> int:
    """How exactly patterns name a rule: 2 by its id, 1 by its section, -1 not at all. No pattern is as vague as 0."""
    if rule in patterns:
        return 2
    return 1 if f"{rule.partition('/')[0]}/*" in patterns else -1


def _named(rule: str, severities: Mapping[str, Severity]) -> Severity | None:
    return severities.get(rule) or severities.get(f"{rule.partition('/')[0]}/*")


def _read(tree: Files) -> tuple[Any, str]:
    """What a tree's configuration says, and where it stands."""
    own = _read_own(tree)
    table = _read_table(tree)
    if own is not None and table is not None:
        raise UserError(
            f"both {CONFIG_FILE} and [tool.rubricate] in {PROJECT_FILE} configure: keep one of them"
        )
    if own is not None:
        return own, CONFIG_FILE
    return table or {}, f"{PROJECT_FILE} [tool.rubricate]"


def _read_own(tree: Files) -> Any:
    for other in (".rubricate.yaml", "rubricate.yml", "rubricate.yaml"):
        if other in tree:
            raise UserError(f"{other} is not read: its name must be {CONFIG_FILE}")
    if CONFIG_FILE not in tree:
        return None
    return read_file(tree, CONFIG_FILE)


def read_file(tree: Files, path: str) -> Any:
    """What a configuration file says, unchecked. UserError for one that can't be read."""
    data = read_yaml(_text(tree, path, _SIZE_LIMIT), path)
    return {} if data is None else data


def _read_table(tree: Files) -> Any:
    """The table of `pyproject.toml`. A broken file that does not speak of us is not ours to complain about."""
    if PROJECT_FILE not in tree:
        return None
    try:
        content = _text(tree, PROJECT_FILE, _PROJECT_LIMIT)
    except UserError:
        return None
    if "rubricate" not in content:
        return None
    try:
        tool = read_toml(content).get("tool", {})
    except Unreadable as error:
        raise UserError(f"{PROJECT_FILE}: {error}") from None
    return tool.get("rubricate") if isinstance(tool, dict) else None


def _text(tree: Files, path: str, limit: int) -> str:
    try:
        content = tree.read(path)
        if len(content) > limit:
            raise UserError(f"{path}: it has {len(content):,} bytes, and the limit is {limit:,}")
        return content.decode("utf-8-sig")
    except (Unreadable, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, Unreadable) else "it is no UTF-8 text"
        raise UserError(f"{path}: {reason}") from None
