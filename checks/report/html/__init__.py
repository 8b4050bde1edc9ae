"""The report as one page that holds all it needs: no script, no request, readable on a phone and in the dark."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from checks import __version__
from checks.model import Finding, Report, Severity
from checks.report import words
from checks.report.excerpt import Sources
from checks.report.html.checklist import checklist
from checks.report.html.findings import findings
from checks.report.html.parts import esc, tag


def render(report: Report) -> str:
    """The page. It is written to be opened anywhere: its policy lets a browser load and run nothing."""
    groups = sorted(words.by_file(report.findings), key=_worst, reverse=True)
    ordered = [finding for _, group in groups for finding in group]
    places = {id(finding): f"finding-{number}" for number, finding in enumerate(ordered, 1)}
    anchors = {finding.fingerprint: places[id(finding)] for finding in reversed(ordered)}
    body = [
        _header(report),
        "<main>",
        checklist(report.checklist, anchors),
        findings(groups, places, Sources(report.sources)),
        _listed("Not checked", [words.problem_line(problem) for problem in report.problems]),
        _listed("Exempted", [words.exemption_line(exemption) for exemption in report.exemptions]),
        "</main>",
        f"<footer class=page>Rubricate {esc(__version__)} · {esc(words.cost(report))}</footer>",
    ]
    return f'<!doctype html>\n<html lang="en">\n{_head(report)}\n<body>\n{"".join(body)}\n</body>\n</html>\n'


def _worst(group: tuple[str, list[Finding]]) -> Severity:
    return max(finding.severity for finding in group[1])


def _head(report: Report) -> str:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{esc(words.headline(report))} · Rubricate</title>\n<style>{style}</style>\n</head>"
    )


@cache
def _style() -> str:
    return files(__name__).joinpath("page.css").read_text("utf-8")


def _header(report: Report) -> str:
    state = "fail" if report.failed else "attention" if report.findings else "pass"
    word = {"fail": "Changes needed", "attention": "Worth a look", "pass": "All clear"}[state]
    pill = tag("span", word, f"pill {state}")
    commits = ""
    if report.head:
        names = [tag("code", esc(name)) for name in (report.base, report.head) if name]
        commits = tag("span", " → ".join(names), "commits")
    brand = '<div class="brand"><span class="letter" aria-hidden="true">R</span>Rubricate</div>'
    title = f"<h1>{esc(words.headline(report))}</h1>"
    line = tag("p", f"{pill}{commits}<span>{esc(words.cost(report))}</span>", "meta")
    return tag("header", f'<div class="inner">{brand}{title}{line}{_tiles(report)}</div>', "page")


def _tiles(report: Report) -> str:
    """The number of findings of each severity, zeros too: that nothing critical is there is worth telling."""
    counts = dict(words.severity_counts(report.findings))
    tiles = [_tile(severity, counts.get(severity, 0)) for severity in words.SEVERITIES]
    return tag("ul", "".join(tiles), "tiles")


def _tile(severity: Severity, count: int) -> str:
    css = f"tile {severity.label}" if count else "tile zero"
    return tag("li", f"<b>{count:,}</b><span>{severity.label}</span>", css)


def _listed(title: str, lines: Iterable[str]) -> str:
    items = "".join(tag("li", esc(line)) for line in lines)
    return tag("section", f'<h2>{title}</h2><ul class="card listed">{items}</ul>') if items else ""
