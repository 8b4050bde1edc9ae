"""A scan of one tree, and a review of what a change introduces: trees in, a `Report` out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checks.baseline import Baseline
from checks.checklist import judge
from checks.config import Config
from checks.diff import Diff
from checks.engine.affected import affected
from checks.engine.analyse import Analyser, Judged, Progress, Store, deep_recursion, readable
from checks.engine.callers import callers_reached
from checks.engine.changes import judge_changes, without_suspicions
from checks.engine.compare import introduced
from checks.engine.tree import Tree, Unreadable
from checks.exemptions import added_exemptions
from checks.fingerprint import with_fingerprints
from checks.model import Confidence, Exemption, Finding, Place, Problem, Report, Statistics
from checks.places import places_to_look
from checks.registry import all_rules
from checks.rule import Rule
from checks.suppress import Suppression, apply, suppressions

MAX_SOURCE = 500_000
"""Characters of a file that a report carries along for excerpts."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is made, not what it finds. `strict` lets a rule's crash pass, as tests want it."""

    jobs: int = 1
    strict: bool = False
    progress: Progress | None = None
    store: Store = field(default_factory=Store)


def scan(
    tree: Tree,
    config: Config,
    *,
    rules: Sequence[Rule] | None = None,
    baseline: Baseline | None = None,
    paths: Iterable[str] | None = None,
    options: Options | None = None,
) -> Report:
    """Judge the files of a tree: all of them, or those of `paths`."""
    options = options or Options()
    started = time.monotonic()
    enabled = enabled_rules(config, rules)
    wanted = set(paths) if paths is not None else None
    chosen = [path for path in tree.paths() if _chosen(path, config) and (wanted is None or path in wanted)]
    analyser = Analyser(tree, enabled, config, strict=options.strict)
    judged = _judge(analyser, chosen, options)
    kept, suppressed, unused = _suppress(judged, enabled, config, tree, whole=wanted is None)
    found, baselined = baseline.apply(kept) if baseline is not None else (kept, 0)
    return _report(
        found,
        judged,
        (*_problems(judged), *unused, *analyser.own_problems()),
        enabled,
        config,
        tree,
        Statistics(seconds=time.monotonic() - started, suppressed=suppressed, baselined=baselined),
    )


def review(
    base: Tree,
    head: Tree,
    diff: Diff,
    config: Config,
    *,
    rules: Sequence[Rule] | None = None,
    baseline: Baseline | None = None,
    options: Options | None = None,
) -> Report:
    """Judge what a change introduces: the findings of `head` that `base`, the merge base, did not have.

    `diff` leads from base to head. Configuration and baseline are given, since who may change them is the caller's
    to say; what the change does to excuse itself is listed in the report.
    """
    options = options or Options()
    started = time.monotonic()
    enabled = enabled_rules(config, rules)
    before, after = (Analyser(tree, enabled, config, strict=options.strict) for tree in (base, head))
    before.project.beside, after.project.beside = after.project, before.project
    old_paths, new_paths = affected(before.project, after.project, diff)
    old = _judge(before, _readable_in(base, old_paths, config), options)
    new = _judge(after, _readable_in(head, new_paths, config), options)
    callers, unfollowed = _callers(_Side(before, old), _Side(after, new), diff, options)
    old += _judge(before, _readable_in(base, callers - old_paths, config), options)
    new += _judge(after, _readable_in(head, callers - new_paths, config), options)

    new += judge_changes(before.project, after.project, diff, enabled, config, strict=options.strict)

    exemptions = added_exemptions(base, head, diff, _comments(old), _comments(new))
    refused = exemptions if config.new_suppressions == "refuse" else ()
    known, _, _ = _suppress(old, enabled, config, base)
    kept, suppressed, unused = _suppress(new, enabled, config, head, refused=refused)
    fresh = introduced(known, kept, diff, _Lines(base), _Lines(head))
    fresh = without_suspicions(fresh, enabled)
    found, baselined = baseline.apply(fresh) if baseline is not None else (fresh, 0)
    statistics = Statistics(
        seconds=time.monotonic() - started,
        suppressed=suppressed,
        baselined=baselined,
        known=len(kept) - len(fresh),
    )
    touched = {file.new_path for file in diff.files}
    problems = [problem for problem in (*_problems(new), *unused) if problem.path in touched]
    problems += (*unfollowed, *after.own_problems())
    report = _report(found, new, problems, enabled, config, head, statistics, places_to_look(diff))
    listed = exemptions if config.new_suppressions != "allow" else ()
    return replace(report, exemptions=listed)


class _Side:
    """The base or the head with what was said of its files, as they are compared for callers."""

    def __init__(self, analyser: Analyser, judged: Iterable[Judged]) -> None:
        self.analyser = analyser
        self.project = analyser.project
        self._known = {one.path: one.effects for one in judged}

    def effects(self, path: str) -> Mapping[str, str]:
        """What the functions of a file do to their callers: as it was judged, perhaps in an earlier run."""
        return self._known[path] if path in self._known else self.analyser.effects(path)


def _callers(
    before: _Side, after: _Side, diff: Diff, options: Options
) -> tuple[set[str], tuple[Problem, ...]]:
    """The files with callers that a change reaches; where looking for them crashes, a problem and none."""
    if not after.analyser.follows:
        return set(), ()
    changed = {file.new_path for file in diff.files if file.new_path and file.old_path}
    try:
        with deep_recursion():
            return callers_reached(before, after, changed), ()
    except Exception as error:
        if options.strict:
            raise
        message = f"looking for callers crashed: {type(error).__name__}: {error}"[:300]
        return set(), tuple(Problem(path, "crash", message) for path in sorted(changed)[:1])


def enabled_rules(config: Config, rules: Sequence[Rule] | None = None) -> tuple[Rule, ...]:
    """The rules that the configuration leaves on."""
    return tuple(rule for rule in (all_rules() if rules is None else rules) if config.enabled(rule.id))


def _judge(analyser: Analyser, paths: Sequence[str], options: Options) -> list[Judged]:
    """Judge files, taking from the store what it knows."""
    known = options.store.get(paths, analyser.tree)
    rest = [path for path in paths if path not in known]
    fresh = analyser.judge_all(rest, jobs=options.jobs, progress=options.progress)
    options.store.put(fresh, analyser.tree)
    known.update((one.path, one) for one in fresh)
    return [known[path] for path in paths]


def _chosen(path: str, config: Config) -> bool:
    return readable(path) and not config.excludes(path)


def _readable_in(tree: Tree, paths: Iterable[str], config: Config) -> list[str]:
    return sorted(path for path in paths if path in tree and _chosen(path, config))


def _suppress(
    judged: Sequence[Judged],
    rules: Sequence[Rule],
    config: Config,
    tree: Tree,
    *,
    refused: Sequence[Exemption] = (),
    whole: bool = False,
) -> tuple[tuple[Finding, ...], int, tuple[Problem, ...]]:
    """The findings that no comment excuses, how many were excused, and the comments' problems.

    Unless the `whole` tree was judged, a comment may excuse what only a file that was left out leads to: of rules that
    follow values none counts as unused.
    """
    single = {rule.id for rule in rules if rule.one_for_place}
    found = with_fingerprints(
        replace(finding, severity=config.severity(finding)) for finding in _once(judged, single)
    )
    barred = {(exemption.path, exemption.line) for exemption in refused if exemption.kind == "suppression"}
    elsewhere = {finding.path for finding in found} - {one.path for one in judged}
    every = [*_comments(judged), *(comment for path in sorted(elsewhere) for comment in _read(path, tree))]
    comments = [comment for comment in every if (comment.path, comment.line) not in barred]
    used = [rule.id for rule in rules if whole or not rule.follows]
    kept, suppressed, problems = apply(found, comments, [rule.id for rule in all_rules()], used)
    return kept, len(suppressed), problems


def _read(path: str, tree: Tree) -> tuple[Suppression, ...]:
    """The comments of a file that was not judged itself, in which data from another one does harm."""
    try:
        return suppressions(path, tree.read(path).decode("utf-8", "replace"))[0]
    except (KeyError, Unreadable):
        return ()


def _once(judged: Sequence[Judged], single: Collection[str]) -> list[Finding]:
    """The findings of all files; of one that data from several files leads to, the one with the shortest way.

    Of the rules that are `single` in a place it is the one that names most.
    """
    best: dict[tuple[object, ...], Finding] = {}
    for one in judged:
        for finding in one.findings:
            way = _way
            key: tuple[object, ...] = (id(finding),)
            if finding.rule in single:
                key, way = (finding.rule, finding.path, finding.span), _least
            elif finding.trace:
                key = (finding.rule, finding.path, finding.span, finding.message)
            known = best.get(key)
            if known is None or way(finding) < way(known):
                best[key] = finding
    return _surest(list(best.values()))


def _surest(findings: list[Finding]) -> list[Finding]:
    """What is followed to its source says all that a suspicion of the same weakness on the same line would."""
    followed = {
        (finding.path, line, finding.cwe)
        for finding in findings
        if finding.trace and finding.cwe is not None
        for line in (finding.span.line, finding.span.end_line)
    }
    return [
        finding
        for finding in findings
        if finding.trace
        or not {(finding.path, line, finding.cwe) for line in (finding.span.line, finding.span.end_line)}
        & followed
    ]


def _way(finding: Finding) -> tuple[object, ...]:
    doubt = -list(Confidence).index(finding.confidence)
    return (doubt, len(finding.trace), [(step.path, step.line, step.message) for step in finding.trace])


def _least(finding: Finding) -> tuple[object, ...]:
    doubt = -list(Confidence).index(finding.confidence)
    return (-len(finding.trace), doubt, [(step.path, step.line, step.message) for step in finding.trace])


def _comments(judged: Sequence[Judged]) -> list[Suppression]:
    return [comment for one in judged for comment in one.suppressions]


def _problems(judged: Iterable[Judged]) -> list[Problem]:
    return [problem for one in judged for problem in one.problems]


def _report(
    findings: Sequence[Finding],
    judged: Sequence[Judged],
    problems: Iterable[Problem],
    rules: Sequence[Rule],
    config: Config,
    tree: Tree,
    statistics: Statistics,
    places: Mapping[str, tuple[Place, ...]] | None = None,
) -> Report:
    checked: Counter[str] = Counter()
    for one in judged:
        checked.update(one.checked)
    return Report(
        findings=tuple(findings),
        checklist=judge(findings, checked, {rule.checklist for rule in rules}, config.gate, places),
        problems=tuple(sorted(problems, key=lambda problem: (problem.path, problem.line or 0, problem.kind))),
        statistics=replace(
            statistics,
            files=len(judged),
            lines=sum(one.lines for one in judged),
            rules=dict(sorted(Counter(finding.rule for finding in findings).items())),
        ),
        sources=_sources(findings, tree),
        gate=config.gate,
    )


def _sources(findings: Iterable[Finding], tree: Tree) -> Mapping[str, str]:
    """The texts of the files that the findings and their traces stand in, for excerpts."""
    paths = {finding.path for finding in findings}
    paths.update(step.path for finding in findings for step in finding.trace)
    sources = {}
    for path in sorted(paths):
        try:
            sources[path] = tree.read(path)[:MAX_SOURCE].decode("utf-8", "replace")
        except (KeyError, Unreadable):
            continue
    return sources


class _Lines:
    """The lines of the base's files, read when asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def __call__(self, path: str) -> Sequence[str]:
        try:
            return self._tree.read(path).decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
        except (KeyError, Unreadable):
            return ()
