"""What people judged of findings in the pinned projects: whether each deserved a comment, and why.

    python -m benchmarks.verdicts merge [FOLDER]   take in JSON lines: project, rule, path, line, deserved, why
    python -m benchmarks.verdicts shares [--list]  what share was deserved, what is not judged yet, what is no more

A verdict is kept under its finding's fingerprint. One whose finding is no longer reported keeps its reason, for when it
comes back, and has no confidence: it counts in no share.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.corpus import PINNED, NoWheel, cache_folder
from benchmarks.findings import CONFIDENCES, CORPUS, Found, scan_all
from benchmarks.process import Failed

VERDICTS = CORPUS / "verdicts.jsonl"
_GIVEN = {"project": str, "rule": str, "path": str, "line": int, "deserved": bool, "why": str}


_T = TypeVar("_T", "Found", "Judgement")


class NotAVerdict(Exception):
    """A line that is no verdict; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of the findings of a rule on a line."""

    project: str
    rule: str
    path: str
    line: int
    deserved: bool
    why: str

    @property
    def place(self) -> tuple[str, str, str, int]:
        """Which findings it is about."""
        return self.project, self.rule, self.path, self.line


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judged finding; `confidence` is its label, `None` when the finding is no longer reported."""

    project: str
    version: str
    rule: str
    path: str
    line: int
    confidence: str | None
    deserved: bool
    why: str
    fingerprint: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells one from another."""
        return self.project, self.fingerprint


@dataclass(frozen=True, slots=True)
class Share:
    """How many findings were judged, and how many of them deserved a comment."""

    judged: int
    deserved: int

    @property
    def value(self) -> float:
        """The part that was deserved; 0 when none was judged."""
        return self.deserved / self.judged if self.judged else 0.0


def load(path: Path = VERDICTS) -> list[Verdict]:
    """The verdicts of the file. Raises NotAVerdict."""
    names = {field.name for field in fields(Verdict)}
    found = []
    for place, data in _lines(path):
        if set(data) != names:
            raise NotAVerdict(f"{place}: has {sorted(data)}, not {sorted(names)}")
        found.append(Verdict(**data))
    return found


def render(verdicts: Iterable[Verdict]) -> str:
    """The file's text: one verdict a line, in a fixed order."""
    ordered = sorted(
        verdicts, key=lambda one: (one.project.lower(), one.rule, one.path, one.line, one.fingerprint)
    )
    return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in ordered)


def judgements(folder: Path) -> list[Judgement]:
    """What the JSON lines files of a folder say. Raises NotAVerdict."""
    return [
        _judgement(place, data) for path in sorted(folder.rglob("*.jsonl")) for place, data in _lines(path)
    ]


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        try:
            data = json.loads(line)
        except ValueError as error:
            raise NotAVerdict(f"{place}: {error}") from error
        if not isinstance(data, dict):
            raise NotAVerdict(f"{place}: no JSON object")
        yield place, data


def _judgement(place: str, data: Mapping[str, Any]) -> Judgement:
    wrong = [name for name, kind in _GIVEN.items() if type(data.get(name)) is not kind]
    if wrong:
        raise NotAVerdict(f"{place}: without {', '.join(wrong)}, or of another type")
    return Judgement(**{name: data[name] for name in _GIVEN})


def merge(
    known: Sequence[Verdict], judged: Sequence[Judgement], found: Sequence[Found], versions: Mapping[str, str]
) -> tuple[list[Verdict], list[Judgement]]:
    """The verdicts with what was judged since, as the findings stand now; and the judgements that match no finding.

    Several judgements of one place are about its findings in turn where there are as many, else the last is about all.
    """
    standing = {(one.project, one.fingerprint): one for one in found}
    merged = {one.key: _as_it_stands(one, standing.get(one.key), versions) for one in known}
    findings = _by_place(found)
    unmatched = []
    for place, said in _by_place(judged).items():
        about = findings.get(place, [])
        if not about:
            unmatched += said
        in_turn = said if len(said) == len(about) else [said[-1]] * len(about)
        for finding, judgement in zip(about, in_turn, strict=True):
            verdict = _verdict(finding, judgement, versions[finding.project])
            merged[verdict.key] = verdict
    return list(merged.values()), unmatched


def _by_place(items: Iterable[_T]) -> dict[tuple[str, str, str, int], list[_T]]:
    places: dict[tuple[str, str, str, int], list[_T]] = defaultdict(list)
    for item in items:
        places[item.place].append(item)
    return places


def _as_it_stands(verdict: Verdict, finding: Found | None, versions: Mapping[str, str]) -> Verdict:
    version = versions.get(verdict.project, verdict.version)
    if finding is None:
        return replace(verdict, version=version, confidence=None)
    return replace(
        verdict, version=version, path=finding.path, line=finding.line, confidence=finding.confidence
    )


def _verdict(finding: Found, said: Judgement, version: str) -> Verdict:
    return Verdict(
        project=finding.project,
        version=version,
        rule=finding.rule,
        path=finding.path,
        line=finding.line,
        confidence=finding.confidence,
        deserved=said.deserved,
        why=said.why,
        fingerprint=finding.fingerprint,
    )


def shares(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], Share]:
    """What share was deserved, by rule and confidence."""
    judged: Counter[tuple[str, str]] = Counter()
    deserved: Counter[tuple[str, str]] = Counter()
    for one in verdicts:
        if one.confidence is not None:
            judged[one.rule, one.confidence] += 1
            deserved[one.rule, one.confidence] += one.deserved
    return {key: Share(number, deserved[key]) for key, number in judged.items()}


def security_share(verdicts: Iterable[Verdict]) -> Share:
    """What share of the security rules' findings at high confidence was deserved."""
    sure = [one for one in verdicts if one.rule.startswith("security/") and one.confidence == "high"]
    return Share(len(sure), sum(one.deserved for one in sure))


def table(verdicts: Sequence[Verdict], found: Sequence[Found]) -> Iterator[str]:
    """The shares as Markdown, beside how many findings there are."""
    known = {one.key for one in verdicts}
    standing = Counter((one.rule, one.confidence) for one in found)
    unjudged = Counter(
        (one.rule, one.confidence) for one in found if (one.project, one.fingerprint) not in known
    )
    judged = shares(verdicts)
    yield "| rule | confidence | findings | judged | deserved | share | not judged |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for rule, confidence in sorted({*standing, *judged}, key=lambda key: (key[0], CONFIDENCES.index(key[1]))):
        key = (rule, confidence)
        share = judged.get(key, Share(0, 0))
        part = f"{share.value:.0%}" if share.judged else ""
        numbers = f"{standing[key]} | {share.judged} | {share.deserved} | {part} | {unjudged[key]}"
        yield f"| {rule} | {confidence} | {numbers} |"
    total = security_share(verdicts)
    waiting = sum(
        number for (rule, sure), number in unjudged.items() if rule.startswith("security/") and sure == "high"
    )
    yield ""
    yield (
        f"Security at high confidence: {total.deserved} of {total.judged} judged deserved a comment "
        f"({total.value:.1%}), {waiting} not judged."
    )
    gone = known - {(one.project, one.fingerprint) for one in found}
    yield f"All rules: {sum(unjudged.values())} findings not judged, {len(gone)} verdicts of findings no more."


def listing(verdicts: Sequence[Verdict], found: Sequence[Found]) -> Iterator[str]:
    """The findings without a verdict, and the verdicts without a finding."""
    known = {one.key for one in verdicts}
    standing = {(one.project, one.fingerprint) for one in found}
    for one in found:
        if (one.project, one.fingerprint) not in known:
            yield f"not judged: {one.rule} [{one.confidence}] {one.project} {one.path}:{one.line} {one.message}"
    for verdict in verdicts:
        if verdict.key not in standing:
            said = "deserved" if verdict.deserved else "not deserved"
            place = f"{verdict.project} {verdict.path}:{verdict.line}"
            yield f"no longer found: {verdict.rule} {place} ({said}: {verdict.why})"


def main(argv: Sequence[str] | None = None) -> int:
    """Merge verdicts into the file, or say what they come to."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.verdicts", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--folder", type=Path, default=cache_folder(), help="where wheels are kept")
    commands = parser.add_subparsers(dest="command", required=True)
    merging = commands.add_parser(
        "merge", help="take in what was judged, and look which findings still stand"
    )
    merging.add_argument("judged", type=Path, nargs="?", metavar="FOLDER", help="of JSON lines files")
    sharing = commands.add_parser("shares", help="what share of the findings was deserved")
    sharing.add_argument(
        "--list", action="store_true", help="name the findings not judged, and those no more"
    )
    options = parser.parse_args(argv)
    try:
        known = load(VERDICTS) if VERDICTS.exists() else []
        judged = judgements(options.judged) if options.command == "merge" and options.judged else []
        found = scan_all(options.folder.resolve())
    except (NotAVerdict, NoWheel, Failed) as error:
        print(error, file=sys.stderr)
        return 2
    if options.command == "merge":
        known, unmatched = merge(known, judged, found, PINNED)
        VERDICTS.write_text(render(known), encoding="utf-8")
        for one in unmatched:
            print(f"matches no finding: {one.rule} {one.project} {one.path}:{one.line}", file=sys.stderr)
    print("\n".join(table(known, found)))
    if options.command == "shares" and options.list:
        print("\n".join(["", *listing(known, found)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
