"""Texts: re, html, json, string, textwrap, urllib.parse, base64, codecs, unicodedata, shlex, difflib.

From the standard library's documentation: the pages of those modules. `quote` leaves `/` as it is, so that
`//host` and `../` come through; `quote_plus` and `urlencode` don't.
"""

from __future__ import annotations

from checks.frameworks.libraries.matches import compiled, matched, matched_by, replaced, replaced_by
from checks.frameworks.libraries.tables import (
    EVERYTHING,
    NOTHING,
    NUMBER,
    QUOTED,
    TEXT,
    each,
    of,
    own,
    restores,
)
from checks.semantics.invocation import Invocation
from checks.semantics.library import (
    INJECTIONS,
    Entry,
    Library,
    Sink,
    converts,
    escapes,
    gives,
    passes,
)
from checks.semantics.values import Value, all_taints, cleaned

_PATTERN = (Sink("regex", (0, "pattern")),)
_SEARCH = Entry(returns="re.Match", passes=((1, "string"),), sinks=_PATTERN, apply=matched)
_SPLIT = Entry(returns="builtins.list", passes=((1, "string"),), sinks=_PATTERN)
_REPLACE = Entry(returns="builtins.str", passes=((1, "repl"), (2, "string")), sinks=_PATTERN, apply=replaced)
_RE = {
    **each("fullmatch match search", _SEARCH),
    **each("findall finditer split", _SPLIT),
    **each("sub subn", _REPLACE),
    "compile": Entry(returns="re.Pattern", sinks=_PATTERN, apply=compiled),
    "escape": escapes("regex"),
    "purge": NOTHING,
    **each("A ASCII DOTALL I IGNORECASE M MULTILINE S U UNICODE VERBOSE X", NOTHING),
}
_COMPILED = {
    **each("fullmatch match search", Entry(returns="re.Match", passes=(0,), apply=matched_by)),
    **each("findall finditer split", passes(0, returns="builtins.list")),
    **each("sub subn", Entry(returns="builtins.str", passes=(0, 1), apply=replaced_by)),
    "pattern": TEXT,
    "flags": NUMBER,
    "groups": NUMBER,
    "groupindex": NOTHING,
}
_MATCH = {
    **each("group __getitem__ string expand", own("builtins.str")),
    "groups": own("builtins.tuple"),
    "groupdict": own("builtins.dict"),
    **each("start end pos endpos lastindex", NUMBER),
    "span": NOTHING,
    "re": gives("re.Pattern"),
    "lastgroup": TEXT,
}

_ENCODED = QUOTED | {"cookie", "regex", "sql"}
_PLUS = _ENCODED - {"regex"} | {"path", "redirect"}  # blanks become `+`


def _quoted(call: Invocation) -> Value | None:
    """`quote` with its `safe` characters: without any it encodes slashes too, with others than these who knows."""
    given, safe = call.argument((0, "string")), call.argument((1, "safe"))
    if given is None or safe is None:
        return None
    if not isinstance(safe.const, str):
        return Value(type="builtins.str", taints=all_taints(given))
    kinds = _ENCODED if "/" in safe.const else _PLUS | {"regex"}
    return (
        cleaned(Value(type="builtins.str", taints=all_taints(given)), kinds)
        if safe.const in ("", "/")
        else None
    )


_URL = {
    "quote": Entry(returns="builtins.str", passes=(0,), cleans=_ENCODED, apply=_quoted),
    "quote_from_bytes": escapes(*_ENCODED),
    "quote_plus": escapes(*_PLUS),
    "urlencode": escapes(*_PLUS),
    **each("unquote unquote_plus", restores(*_PLUS)),
    "unquote_to_bytes": restores(*_PLUS, returns="builtins.bytes"),
    "urlparse": Entry(returns="urllib.parse.ParseResult", passes=(0,), part_of=0),
    "urlsplit": Entry(returns="urllib.parse.SplitResult", passes=(0,), part_of=0),
    **each("urlunparse urlunsplit", passes(0, returns="builtins.str")),
    "urljoin": passes(0, 1, returns="builtins.str"),
    "urldefrag": passes(0, returns="builtins.tuple"),
    "parse_qs": passes(0, returns="builtins.dict"),
    "parse_qsl": passes(0, returns="builtins.list"),
}
_URL_PART = Entry(returns="builtins.str", passes=(-1,), part_of=-1)
_PARSED = {
    **each("fragment hostname netloc params password path query scheme username", _URL_PART),
    "port": Entry(returns="builtins.int", passes=(-1,), cleans=INJECTIONS, part_of=-1),
    "geturl": own("builtins.str"),
    "_replace": passes(returns="self"),
    "__getitem__": _URL_PART,
}

# The letters of base 64 have `+`, `/` and `=`; of base 32 and 16, letters and digits alone.
_LETTERS = INJECTIONS - {"code", "command", "deserialize", "ldap-dn", "nosql", "url"}
_BASE64 = {
    **each(
        "b64encode standard_b64encode",
        escapes(*(_LETTERS - {"csv", "path", "redirect", "regex"}), returns="builtins.bytes"),
    ),
    "urlsafe_b64encode": escapes(*(_LETTERS - {"csv"}), returns="builtins.bytes"),
    **each("b32encode b32hexencode b16encode", escapes(*_LETTERS, returns="builtins.bytes")),
    **each("a85encode b85encode", passes(0, returns="builtins.bytes")),
    **each(
        "a85decode b16decode b32decode b32hexdecode b64decode b85decode decodebytes standard_b64decode"
        " urlsafe_b64decode",
        restores(*_LETTERS, returns="builtins.bytes"),
    ),
}

_JSON = {
    # JSON leaves `<` and `'` as they are; line breaks become `\n`.
    "dumps": escapes("header", "log"),
    "dump": Entry(sinks=(Sink("write", (0, "obj")),)),
    "loads": restores("header", "log", returns=None),
    "load": passes(0),
    "JSONDecodeError": gives("json.JSONDecodeError"),
}

library = Library(
    "standard.text",
    entries={
        **of("re", _RE),
        **of("re.Pattern", _COMPILED),
        **of("re.Match", _MATCH),
        "html.escape": escapes("html", "html-email", "xml"),
        "html.unescape": restores("html", "html-email", "xml"),
        **of("urllib.parse", _URL),
        **of("urllib.parse.ParseResult", _PARSED),
        **of("json", _JSON),
        **of("json.JSONEncoder", {"encode": escapes("header", "log"), "iterencode": EVERYTHING}),
        **of("json.JSONDecoder", each("decode raw_decode", EVERYTHING)),
        **of("base64", _BASE64),
        **each("binascii.hexlify binascii.b2a_hex", escapes(*_LETTERS, returns="builtins.bytes")),
        **each(
            "binascii.unhexlify binascii.a2b_hex binascii.a2b_base64",
            restores(*_LETTERS, returns="builtins.bytes"),
        ),
        "binascii.crc32": NUMBER,
        **each("codecs.encode codecs.decode codecs.escape_decode", passes(0)),
        "codecs.lookup": NOTHING,
        **each("unicodedata.normalize", passes(1, returns="builtins.str")),
        **each("unicodedata.category unicodedata.name unicodedata.bidirectional", TEXT),
        "unicodedata.combining": NUMBER,
        "shlex.quote": escapes("shell"),
        "shlex.join": escapes("shell"),
        "shlex.split": passes(0, returns="builtins.list"),
        "shlex.shlex": EVERYTHING,
        **each("string.ascii_letters string.ascii_lowercase string.ascii_uppercase string.digits", TEXT),
        **each(
            "string.hexdigits string.octdigits string.printable string.punctuation string.whitespace", TEXT
        ),
        "string.capwords": passes(0, returns="builtins.str"),
        "string.Template": passes(0, returns="string.Template"),
        **of("string.Template", each("substitute safe_substitute", passes(returns="builtins.str"))),
        **of("string.Formatter", each("format vformat", passes(returns="builtins.str"))),
        "string.Formatter": NOTHING,
        **of("textwrap", each("dedent fill indent shorten", passes(0, returns="builtins.str"))),
        "textwrap.wrap": passes(0, returns="builtins.list"),
        "difflib.SequenceMatcher": NOTHING,
        **of("difflib", each("context_diff get_close_matches ndiff unified_diff", EVERYTHING)),
        "difflib.HtmlDiff": NOTHING,
        **of("difflib.HtmlDiff", each("make_file make_table", escapes("html", argument="*"))),
        **each("pprint.pformat reprlib.repr", escapes("header", "log")),
        "pprint.pprint": NOTHING,
        **each("gettext.gettext gettext.ngettext", passes(returns="builtins.str")),
        "locale.setlocale": NOTHING,
        "locale.currency": converts("builtins.str"),
        "html.parser.HTMLParser": NOTHING,
        "textwrap.TextWrapper": NOTHING,
        "ast.literal_eval": passes(0),
    },
    bases={
        "urllib.parse.SplitResult": ("urllib.parse.ParseResult",),
        "json.JSONDecodeError": ("builtins.ValueError",),
        "builtins.ValueError": ("builtins.Exception",),
    },
    aliases={
        "json.encoder.": "json.",
        "json.decoder.": "json.",
        "urllib.quote": "urllib.parse.quote",
        "simplejson.": "json.",
        "ujson.": "json.",
        "orjson.": "json.",
        "six.moves.urllib.": "urllib.",
        "regex.": "re.",
    },
)
