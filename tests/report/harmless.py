"""Whether a text in Markdown is ours alone: what else stands in it must not act as markup, mention or refer."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

OUR_HTML = {"<details>", "<summary>", "</summary>", "</details>", "<sub>", "</sub>", "<br>"}
OUR_LINKS = ("https://rubricate.dev/rules/", "https://cwe.mitre.org/")


def tokens(text: str) -> list[Token]:
    """All tokens as a CommonMark parser with tables sees them, inline ones in their places."""
    parsed = MarkdownIt("commonmark").enable("table").parse(text)
    return [token for each in parsed for token in (each.children or [each])]


def spoken(text: str) -> str:
    """What a reader sees as text, without code."""
    return "".join(token.content for token in tokens(text) if token.type == "text")


def check_harmless(text: str, *links: str) -> None:
    """`links` are the beginnings of further addresses that the text may lead to."""
    for token in tokens(text):
        if token.type in {"html_inline", "html_block"}:
            assert set(re.findall(r"<[^>]*>", token.content)) <= OUR_HTML, token.content
        assert token.type != "image"
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith((*OUR_LINKS, *links)), token.attrs
    assert not re.search(
        r"@\w|#\d|[gG][hH]-\d|https?://\w", spoken(text).replace("https://rubricate.dev", "")
    )
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
