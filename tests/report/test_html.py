"""The report as a page: what it shows, how it fits a phone, and that nothing in it runs or loads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from checks.model import Edit, Fix, Report, Span, Step
from checks.report import render
from tests.browser import dump_dom, require_browser, screenshot
from tests.report.samples import CLEAN, DEBUG, DEFAULT, LIKELY, REDIRECT, TIMEOUT, hostile, large, report

VOID = {"meta", "link", "rect", "br"}


class Page(HTMLParser):
    """The page's elements, as (name, attributes, text inside, without its children's markup)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[int] = []
        self.feed(text)
        self.close()
        assert self.open == [], "an element is left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.elements[self.open.pop()][0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for index in self.open:
            self.elements[index][2].append(data)

    def texts(self, css: str) -> list[str]:
        """The texts of the elements of a class, with their spaces joined."""
        return [
            " ".join("".join(text).split())
            for _, attributes, text in self.elements
            if css in (attributes.get("class") or "").split()
        ]

    def names(self) -> set[str]:
        return {name for name, _, _ in self.elements}


def page(of: Report) -> Page:
    return Page(render(of, "html"))


def test_the_header_tells_the_verdict() -> None:
    shown = page(LIKELY)
    assert shown.texts("pill") == ["Changes needed"]
    assert shown.texts("tile") == ["1critical", "1high", "1medium", "1low"]
    assert shown.texts("commits") == ["1f0c3de → 9ab27f4"]
    assert page(report(DEFAULT)).texts("pill") == ["Worth a look"]
    assert page(CLEAN).texts("pill") == ["All clear"]


def test_every_item_stands_under_its_section_with_its_evidence() -> None:
    cards = page(LIKELY).texts("card")
    for entry in LIKELY.checklist:
        (card,) = [card for card in cards if entry.title in card and entry.evidence in card]
        assert card.lower().startswith(entry.item.partition(".")[0])
    assert any("shop/views.py:16" in card for card in cards)


def test_the_evidence_of_a_failed_item_leads_to_its_finding() -> None:
    shown = page(LIKELY)
    ids = {attributes.get("id") for _, attributes, _ in shown.elements}
    targets = [
        str(a["href"])[1:] for name, a, _ in shown.elements if name == "a" and str(a["href"]).startswith("#")
    ]
    assert len(targets) == 4
    assert set(targets) <= ids


def test_files_with_the_worst_findings_come_first() -> None:
    assert page(LIKELY).texts("path") == ["shop/settings.py", "shop/views.py", "shop/models.py"]


def test_a_finding_shows_its_excerpt_with_the_place_marked() -> None:
    text = render(report(REDIRECT), "html")
    assert 'return</span> <span class="f">redirect</span>(<mark>target</mark>)' in text
    assert page(report(REDIRECT)).texts("hit") == ["11 return redirect(target)"]


def test_a_trace_is_shown_hop_by_hop_with_its_code() -> None:
    shown = page(report(REDIRECT))
    (trace,) = shown.texts("trace")
    assert trace.startswith("target is read from the query string shop/views.py:10")
    assert shown.texts("hop") == ['target = request.GET.get("next", "/")', "return redirect(target)"]


def test_a_fix_is_a_diff() -> None:
    shown = page(report(TIMEOUT))
    assert shown.texts("del") == ['21- answer = requests.get("https://rates.example.com/latest")']
    assert shown.texts("add") == ['21+ answer = requests.get("https://rates.example.com/latest", timeout=10)']
    assert shown.texts("advice") == ["Fix, alters behaviour Give the request a timeout"]


def test_lines_behind_an_insertion_have_their_new_numbers() -> None:
    rows = page(report(REDIRECT)).texts("diff")[0]
    assert "14 return redirect(target)" in rows


def test_a_hunk_of_another_file_names_it() -> None:
    fix = Fix("Set it", True, (Edit("shop/settings.py", 1, 1, "DEBUG = False\n"),))
    shown = page(report(replace(REDIRECT, fix=fix)))
    assert "⋯shop/settings.py" in shown.texts("gap")


def test_advice_and_deleted_lines_are_named() -> None:
    assert page(report(DEFAULT)).texts("advice") == ["Advice Default to None and make the list inside"]
    assert page(report(TIMEOUT)).texts("cause") == ["Caused by deleted line shop/views.py:21"]


def test_problems_and_exemptions_are_listed() -> None:
    problems, exemptions = page(LIKELY).texts("listed")
    assert problems == "shop/legacy.py:3: syntax: line 3 is not Python"
    assert "suppression of security/csrf-exempt: signed by the partner" in exemptions
    assert page(CLEAN).texts("listed") == []


def test_long_traces_and_fixes_are_shortened_and_say_so() -> None:
    trace = tuple(Step("shop/views.py", 1, f"hop {number}") for number in range(100))
    fix = Fix("Grow", True, (Edit("shop/views.py", 1, 0, "x = 1\n" * 10_000),))
    text = render(report(replace(REDIRECT, trace=trace, fix=fix)), "html")
    assert "…70 hops left out" in text
    assert "the rest is left out" in text
    assert len(text) < 200_000


def test_the_page_is_the_same_every_time() -> None:
    assert render(LIKELY, "html") == render(LIKELY, "html")


def test_no_text_of_the_project_becomes_an_element() -> None:
    shown = page(hostile())
    assert not shown.names() & {"script", "img", "iframe", "style2", "form"}
    for name, attributes, _ in shown.elements:
        assert not any(key.startswith("on") for key in attributes), name
        assert name != "a" or re.match(
            r"#finding-|https://rubricate\.dev/|https://cwe\.mitre\.org/", attributes["href"] or ""
        )
    text = render(hostile(), "html")
    text.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_thousands_of_findings_fit_in_one_page() -> None:
    text = render(large(), "html")
    assert text.count("<article") == 5_000
    assert len(text) < 20_000_000


PROBE = """
<!doctype html><meta charset="utf-8"><body><iframe srcdoc="{page}" width="{width}" height="800"></iframe><script>
onload = () => {{
  const frame = document.querySelector("iframe"), page = frame.contentDocument, root = page.documentElement;
  page.querySelectorAll("details").forEach(each => each.open = true);
  const wide = [...page.querySelectorAll("body *")].filter(each =>
    !each.closest(".code") && each.getBoundingClientRect().right > {width} + .5);
  const result = JSON.stringify({{
    width: root.clientWidth, overflow: root.scrollWidth - root.clientWidth,
    wide: wide.map(each => each.tagName + "." + each.className).slice(0, 5), ran: root.dataset.ran ?? null,
    requests: frame.contentWindow.performance.getEntriesByType("resource").map(each => each.name),
    background: frame.contentWindow.getComputedStyle(page.body).backgroundColor,
  }});
  document.body.innerHTML = "<pre>"; document.querySelector("pre").textContent = result;
}};
</script>
"""


def probe(folder: Path, html: str, width: int = 360) -> tuple[dict[str, object], str]:
    """What a browser makes of the page at this width, and what it complained about."""
    require_browser()
    path = folder / "probe.html"
    path.write_text(PROBE.format(page=escape(html), width=width))
    dom, log = dump_dom(path)
    match = re.search(r"<pre>(.*)</pre>", dom, re.DOTALL)
    assert match, dom[-2000:]
    result: dict[str, object] = json.loads(unescape(match[1]))
    return result, "\n".join(line for line in log.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("make", [lambda: LIKELY, hostile], ids=["likely", "hostile"])
def test_a_phone_shows_it_without_scrolling_sideways(tmp_path: Path, make: Callable[[], Report]) -> None:
    result, console = probe(tmp_path, render(make(), "html"))
    assert (result["width"], result["overflow"], result["wide"]) == (360, 0, [])
    assert (result["requests"], result["ran"], console) == ([], None, "")
    assert result["background"] == "rgb(246, 244, 240)", "the style sheet was refused"


def test_hostile_text_does_not_run_even_without_the_policy(tmp_path: Path) -> None:
    """The policy is the second lock: here only the escaping stands between a file's name and the reader."""
    text = re.sub(r"<meta http-equiv=.*\n", "", render(hostile(), "html"))
    assert "Content-Security-Policy" not in text
    result, console = probe(tmp_path, text)
    assert (result["requests"], result["ran"], console) == ([], None, "")


def test_the_probe_sees_what_it_looks_for(tmp_path: Path) -> None:
    bad = (
        '<!doctype html><p style="width:900px">wide<img src="https://evil.example/x">'
        "<script>document.documentElement.dataset.ran = 1; console.error('loud')</script>"
    )
    result, console = probe(tmp_path, bad)
    assert result["overflow"] != 0
    assert result["ran"] == "1"
    assert result["requests"] == ["https://evil.example/x"]
    assert "loud" in console


def test_the_policy_stops_what_escaping_would_have_missed(tmp_path: Path) -> None:
    text = render(LIKELY, "html").replace(
        "</main>",
        "<script>document.documentElement.dataset.ran = 1</script><img src=https://evil.example/x></main>",
    )
    result, console = probe(tmp_path, text)
    assert result["ran"] is None
    assert "Content Security Policy" in console


def test_a_picture_of_the_page_can_be_drawn(tmp_path: Path) -> None:
    require_browser()
    html, png = tmp_path / "report.html", tmp_path / "report.png"
    html.write_text(render(report(DEBUG, replace(REDIRECT, span=Span(9, 1, 21, 3))), "html"))
    screenshot(html, png, 390, 900)
    assert png.read_bytes().startswith(b"\x89PNG")
    assert int.from_bytes(png.read_bytes()[16:20]) == 390
