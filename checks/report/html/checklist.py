"""The checklist in the page: a card for each section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.model import ChecklistEntry, Verdict
from checks.report import words
from checks.report.html.parts import MARKS, esc, folded, mark, tag

_SILENT = {Verdict.MANUAL: "for a person to judge", Verdict.NOT_APPLICABLE: "not applicable"}


def checklist(entries: Sequence[ChecklistEntry], anchors: Mapping[str, str]) -> str:
    """The cards; `anchors` maps a finding's fingerprint to the place in the page where it stands."""
    if not entries:
        return ""
    cards = "".join(_card(title, group, anchors) for title, group in words.by_section(entries))
    head = f"<h2>Checklist</h2>{bar(entries)}"
    return tag("section", f'{head}<div class="cards">{cards}</div>', "checklist", id="checklist")


def bar(entries: Sequence[ChecklistEntry]) -> str:
    """How many items have each verdict, as a bar with its legend."""
    counts = dict(words.verdict_counts(entries))
    parts, legend, x = [], [], 0
    for verdict, (css, _) in MARKS.items():
        if count := counts.get(verdict, 0):
            parts.append(f'<rect class="{css}" x="{x}" y="0" width="{count}" height="1"/>')
            legend.append(tag("li", f"{mark(verdict)} <b>{count}</b> {esc(verdict.value)}"))
            x += count
    picture = f'<svg viewBox="0 0 {x} 1" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
    return f'<div class="bar">{picture}<ul>{"".join(legend)}</ul></div>'


def _card(title: str, entries: Sequence[ChecklistEntry], anchors: Mapping[str, str]) -> str:
    answered = [entry for entry in entries if entry.verdict not in _SILENT]
    rows = "".join(_entry(entry, anchors) for entry in answered)
    dots = "".join(f'<i class="{MARKS[entry.verdict][0]}"></i>' for entry in entries)
    head = f'<h3>{esc(title)}<span class="dots" aria-hidden="true">{dots}</span></h3>'
    return tag("div", f"{head}{tag('ul', rows) if rows else ''}{_silent(entries)}", "card")


def _entry(entry: ChecklistEntry, anchors: Mapping[str, str]) -> str:
    evidence = esc(entry.evidence)
    target = next((anchors[each] for each in entry.findings if each in anchors), None)
    if target:
        evidence = tag("a", evidence, href=f"#{target}")
    places = "".join(
        tag("span", esc(words.place(place.path, place.line)), "place")
        for place in entry.places[: words.PLACES]
    )
    if len(entry.places) > words.PLACES:
        places += f" and {len(entry.places) - words.PLACES:,} more"
    places = tag("small", places, "places") if places else ""
    body = f"<b>{esc(entry.title)}</b><small>{evidence}</small>{places}"
    return tag("li", f"{mark(entry.verdict)}<div>{body}</div>", MARKS[entry.verdict][0])


def _silent(entries: Sequence[ChecklistEntry]) -> str:
    """The items without an answer, folded: they are many, and say one thing."""
    groups = []
    for verdict, label in _SILENT.items():
        silent = [entry for entry in entries if entry.verdict is verdict]
        if silent:
            rows = "".join(_entry(entry, {}) for entry in silent)
            groups.append(folded(f"{mark(verdict)} {len(silent)} {label}", [tag("ul", rows)], "silent"))
    return "".join(groups)
