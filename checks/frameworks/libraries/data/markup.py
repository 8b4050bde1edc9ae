"""Markup: cleaners (bleach, nh3, lxml.html.clean), Markdown, WeasyPrint, xhtml2pdf, ReportLab, BeautifulSoup.

From Bleach's documentation ("Sanitizing text fragments"), nh3's, lxml's ("lxml.html.clean", "Cleaning up
HTML"), Python-Markdown's ("Using Markdown as a Python Library": raw HTML comes through), markdown-it-py's
("Security": HTML is off in `js-default` alone), Mistune's ("Guide": escape), WeasyPrint's ("Security": it
fetches what documents name), Beautiful Soup's ("Output").
"""

from __future__ import annotations

from checks.frameworks.libraries.conditions import is_absent
from checks.frameworks.libraries.tables import NOTHING, each, of, own
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, Sink, escapes, gives, passes
from checks.semantics.values import Value, all_taints, cleaned

_MARKUP = ("html", "html-email", "xml")


def _escaping(call: Invocation) -> Value | None:
    """Mistune escapes raw HTML unless it is told otherwise."""
    given = call.argument(0)
    if given is None or call.constant("escape") is False:
        return None
    return cleaned(Value(type="builtins.str", taints=all_taints(given)), frozenset(_MARKUP))


def _extended(call: Invocation) -> Value | None:
    """Markdown lets markup through; an extension that is no name may take it out."""
    given, extensions = call.argument((0, "text")), call.argument("extensions")
    if given is None or extensions is None or extensions.literal:
        return None
    return cleaned(Value(type="builtins.str", taints=all_taints(given)), frozenset({"?html", "?html-email"}))


_CLEANED = escapes(*_MARKUP)
_TEXT = passes(0, returns="builtins.str")
_SOUP = {
    **each("a find find_next find_parent find_next_sibling parent select_one", own("bs4.Tag")),
    **each(
        "children contents descendants find_all next_siblings select strings stripped_strings",
        own("builtins.list"),
    ),
    **each("attrs", own("builtins.dict")),
    **each("get get_text string text prettify decode encode name __getitem__", own("builtins.str")),
    **each("append extend insert replace_with", Entry(stores=(0,))),
    **each("decompose extract unwrap", NOTHING),
}

library = Library(
    "data.markup",
    entries={
        **of("bleach", {"clean": _CLEANED, "linkify": _TEXT}),
        "bleach.sanitizer.Cleaner": gives("bleach.sanitizer.Cleaner"),
        "bleach.sanitizer.Cleaner.clean": _CLEANED,
        **of("bleach.linkifier", {"Linker": gives("bleach.linkifier.Linker"), "Linker.linkify": _TEXT}),
        **of("nh3", {"clean": _CLEANED, "clean_text": _CLEANED, "is_html": NOTHING}),
        "nh3.Cleaner": gives("nh3.Cleaner"),
        "nh3.Cleaner.clean": _CLEANED,
        "lxml.html.clean.Cleaner": gives("lxml.html.clean.Cleaner"),
        **of("lxml.html.clean.Cleaner", {"clean_html": _CLEANED, "__call__": NOTHING}),
        **each("lxml.html.clean.clean_html html_sanitizer.Sanitizer.sanitize", _CLEANED),
        **each("lxml.html.clean.autolink_html lxml.html.clean.word_break_html", _TEXT),
        "html_sanitizer.Sanitizer": gives("html_sanitizer.Sanitizer"),
        "markdown.markdown": Entry(returns="builtins.str", passes=((0, "text"),), apply=_extended),
        **each("markdown2.markdown commonmark.commonmark", _TEXT),
        "markdown.markdownFromFile": Entry(sinks=(Sink("path", "input"), Sink("path", "output"))),
        "markdown.Markdown": gives("markdown.Markdown"),
        "markdown.Markdown.convert": _TEXT,
        "markdown.Markdown.reset": NOTHING,
        "markdown_it.MarkdownIt": gives("markdown_it.MarkdownIt"),
        **of("markdown_it.MarkdownIt", each("render renderInline", _TEXT)),
        **of("markdown_it.MarkdownIt", each("disable enable use", gives("markdown_it.MarkdownIt"))),
        **each("mistune.html", _TEXT),
        "mistune.markdown": Entry(returns="builtins.str", passes=(0,), apply=_escaping),
        "docutils.core.publish_parts": passes(0, returns="builtins.dict"),
        "weasyprint.HTML": Entry(
            returns="weasyprint.HTML",
            sinks=(
                Sink("url", "url"),
                Sink("url", 0, is_absent("string")),
                Sink("path", "filename"),
                Sink("html", "string"),
            ),
        ),
        **of("weasyprint.HTML", each("render write_pdf", Entry(work="document"))),
        "weasyprint.CSS": NOTHING,
        **each("pdfkit.from_string", Entry(sinks=(Sink("html", 0), Sink("path", 1)), work="document")),
        "pdfkit.from_url": Entry(sinks=(Sink("url", 0), Sink("path", 1)), work="document"),
        "pdfkit.from_file": Entry(sinks=(Sink("path", 0), Sink("path", 1)), work="document"),
        **of("xhtml2pdf.pisa", each("CreatePDF pisaDocument", Entry(work="document"))),
        "reportlab.pdfgen.canvas.Canvas": Entry(
            returns="reportlab.pdfgen.canvas.Canvas", sinks=(Sink("path", (0, "filename")),)
        ),
        **of(
            "reportlab.pdfgen.canvas.Canvas",
            each("drawCentredString drawRightString drawString setFont showPage", NOTHING),
        ),
        "reportlab.pdfgen.canvas.Canvas.save": Entry(work="document"),
        "reportlab.pdfgen.canvas.Canvas.drawImage": Entry(
            sinks=(Sink("path", (0, "image")), Sink("url", (0, "image")))
        ),
        # Its little markup language was code once; now it is XML that only breaks.
        "reportlab.platypus.Paragraph": Entry(returns="reportlab.platypus.Paragraph", passes=(0,)),
        **each(
            "reportlab.platypus.BaseDocTemplate reportlab.platypus.SimpleDocTemplate",
            Entry(returns="reportlab.platypus.BaseDocTemplate", sinks=(Sink("path", (0, "filename")),)),
        ),
        **of("reportlab.platypus.BaseDocTemplate", each("build multiBuild", Entry(work="document"))),
        "bs4.BeautifulSoup": passes(0, returns="bs4.Tag"),
        **of("bs4.Tag", _SOUP),
        "premailer.transform": _TEXT,
        "html2text.html2text": _TEXT,
        "textile.textile": _TEXT,
        "pygments.highlight": Entry(returns="builtins.str", passes=(0,), cleans=frozenset(_MARKUP)),
        "pygments.lexers.get_lexer_by_name": NOTHING,
        "pygments.formatters.HtmlFormatter": NOTHING,
    },
    bases={"bs4.BeautifulSoup": ("bs4.Tag",)},
    aliases={
        "bleach.Cleaner": "bleach.sanitizer.Cleaner",
        "bs4.element.": "bs4.",
        "lxml_html_clean.": "lxml.html.clean.",
        "reportlab.platypus.doctemplate.": "reportlab.platypus.",
        "xhtml2pdf.document.": "xhtml2pdf.pisa.",
        "markdown.core.": "markdown.",
        "markdown_it.main.": "markdown_it.",
    },
)
