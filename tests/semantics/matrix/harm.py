"""What marked inputs look like, and when one that arrives at a sink does harm there.

The mark is the word `zq`: harmful where it stands as something of its own, behind what should have kept it in.
"""

from __future__ import annotations

import os.path
import re
import shlex
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

BENIGN = ("name", "date", "report.txt", "ok", "a", "", "12", "1.5", "A", "NAME", "2024-01-01")
_QUERY = (
    "a' OR zq --",
    'a" OR zq --',
    "a OR zq",
    "a'OR/**/zq--",
    "(SELECT zq)",
    "1;zq",
    "0 OR zq=zq",
    "/a' zq",
)
_LINES = ("a\r\nzq: 1", "a\nzq", "a\rzq", "name\n", "1\n", "a" * 31 + "\n")
_BASE: dict[str, tuple[str, ...]] = {
    "sql": _QUERY,
    "shell": ("a; zq", "a' ; zq '", 'a" ; zq "', "a;zq", "/a;zq", "a\nzq", "1;zq", "a|zq", "a;zq;.txt"),
    "command": ("zq", "/zq", "zq.txt", "https://shop.example/zq", "zqname", "ZQ",
              "http://shop.example:1/zq", "../zq"),
    "code": ("zq", "zq()", "(zq)", "'a' + zq", "a or zq", '"a" + zq', "1 + zq", "1;zq", "/zq", "zq.txt"),
    "html": ("<zq>", "a<zq>", "/<zq", "1<zq>", "https://shop.example/<zq>", "<zq>.txt"),
    "path": ("../../zq", "/zq", "../../zq.txt", "a/../../../zq", "a/../../../zq.txt",
              "..zq/../../../zq", "/zq.txt",
             "https://shop.example/../../../../../zq", "https://shop.example../../../../zq"),
    "redirect": ("//zq.example", "https://zq.example/", "http://zq.example", "/\\zq.example",
              "https://shop.example.zq.example",
                 "https://shop.example@zq.example/", "https://zq.example/a.txt", "https:zq.example"),
    "url": ("https://zq.example/", "http://zq.example", "zq.example", "zq.example/",
              "@zq.example/", ".zq.example",
            "//zq.example/", "https://shop.example.zq.example", "zq.example/a.txt", "https://zq.example/a.txt",
            "/@zq.example"),
    "regex": ("(zq+)+", "a(zq+)+", "/(zq+)+", "(zq+)+.txt", "https://shop.example/(zq+)+"),
    "ldap": ("*)(zq=*", "a)(zq=*", "/*)(zq=", "*)(zq=.txt", "https://shop.example/*)(zq="),
    "xpath": ("a' or zq or '", "a'or(zq)or'", '" or zq or "', "/' or zq or '",
              "https://shop.example/' or zq or '", "' or zq or '.txt"),
    "template": ("{{zq}}", "a{{zq}}", "/{{zq}}", "{{zq}}.txt", "https://shop.example/{{zq}}", "{% zq %}"),
    "deserialize": ("zq", "zq.txt", "zq; zq", "/zq", "https://shop.example/zq", "ZQ", "\x00zq"),
    "header": _LINES, "log": _LINES,
    "cookie": (*_LINES, "a; zq=1", "a;zq=1", "/a;zq=1", "a;zq=.txt"),
}  # fmt: skip
_SETTINGS = (("", ""), ("/", ""), ("https://shop.example/", ""), ("https://shop.example", ""), ("", ".txt"))
PAYLOADS = {
    kind: (
        *texts,
        *(f"{before}{text}{behind}" for before, behind in _SETTINGS[1:] for text in texts[:2]),
    )
    for kind, texts in _BASE.items()
}
"""The inputs for each kind of sink, as they are and with what guards ask of a beginning or an end."""
_FOLDER = "/srv/files"


def harmful(kind: str, value: Any) -> bool:
    """Whether what arrived at a sink lets the mark do harm there."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return _HARM[kind](str(value))


def _outside_quotes(text: str) -> bool:
    """The mark as a word of its own outside what quotes enclose; a backslash escapes nothing."""
    bare = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"", " '' ", text)
    return re.search(r"(?<![\w+%])zq\b", bare, re.IGNORECASE) is not None


def _chosen(text: str) -> bool:
    return re.search("(?<![a-z0-9])zq", text, re.IGNORECASE) is not None


def _code(text: str) -> bool:
    bare = re.sub(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", " '' ", text)
    return re.search(r"(?<![\w])zq", bare, re.IGNORECASE) is not None


def _shell(text: str) -> bool:
    """The mark where a shell would begin another command or word."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace, lexer.whitespace_split = " \t", True
    try:
        words = list(lexer)
    except ValueError:
        return True
    return any(word.lower().startswith("zq") for word in words)


def _path(text: str) -> bool:
    whole = os.path.normpath(text)
    return "zq" in whole.lower() and not whole.startswith(_FOLDER + "/")


def _redirect(text: str) -> bool:
    """Another host, as browsers read an address: backslashes are slashes, and slashes may be missing."""
    text = re.sub(r"[\t\r\n]", "", text.strip()).replace("\\", "/")
    text = re.sub(r"^(https?):/*", r"\1://", text, flags=re.IGNORECASE)
    return _is_host(text)


def _url(text: str) -> bool:
    return "://" in text and _is_host(text.strip())


def _is_host(text: str) -> bool:
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        return False
    return "zq." in host


_HARM: dict[str, Callable[[str], bool]] = {
    "sql": _outside_quotes,
    "xpath": _outside_quotes,
    "shell": _shell,
    "command": _chosen,
    "code": _code,
    "html": lambda text: re.search("<zq", text, re.IGNORECASE) is not None,
    "path": _path,
    "redirect": _redirect,
    "url": _url,
    "regex": lambda text: re.search(r"(?<!\\)\(zq", text, re.IGNORECASE) is not None,
    "ldap": lambda text: re.search(r"\)\(zq", text, re.IGNORECASE) is not None,
    "template": lambda text: re.search(r"\{[{%] *zq", text, re.IGNORECASE) is not None,
    "deserialize": _chosen,
    "header": lambda text: "\r" in text or "\n" in text,
    "log": lambda text: "\r" in text or "\n" in text,
    "cookie": lambda text: re.search(r"[\r\n;]", text) is not None,
}
