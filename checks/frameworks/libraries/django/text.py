"""Django's helpers for texts: HTML, URLs, file names, dates, translations.

From Django's documentation: "Django Utils" (html, http, safestring, text, encoding, dateparse, translation,
timezone, crypto, module_loading), and the source of those modules for the letters that they let through.
`strip_tags` makes nothing safe, says its page. `escapejs` escapes every letter that HTML or a script's text
could be left by.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import (
    EVERYTHING,
    NOTHING,
    QUOTED,
    TEXT,
    TOKENS,
    TRUTH,
    each,
    of,
    restores,
)
from checks.semantics.library import (
    INJECTIONS,
    Check,
    Entry,
    Library,
    Sink,
    checks,
    converts,
    escapes,
    gives,
    passes,
    sink,
)

SAFE = "django.utils.safestring.SafeString"
_HOSTS = frozenset({"redirect", "url"})
_PLUS = QUOTED | {"path", "redirect"}
_MARKUP = frozenset({"html", "html-email", "xml"})

_HTML = {
    **each("conditional_escape escape", escapes(*_MARKUP, returns=SAFE)),
    "escapejs": escapes("html", "script", returns=SAFE),
    "format_html": Entry(
        returns=SAFE, passes=("*",), cleans=_MARKUP, sinks=(Sink("html", (0, "format_string")),)
    ),
    "format_html_join": Entry(
        returns=SAFE,
        passes=("*",),
        cleans=_MARKUP,
        sinks=(Sink("html", (0, "sep")), Sink("html", (1, "format_string"))),
    ),
    "json_script": escapes("html", "script", returns=SAFE),
    **each(
        "linebreaks strip_spaces_between_tags strip_tags urlize avoid_wrapping",
        passes(0, returns="builtins.str"),
    ),
    "smart_urlquote": passes(0, returns="builtins.str"),
    "html_safe": passes(0),
}

_HTTP = {
    "url_has_allowed_host_and_scheme": Entry(
        returns="builtins.bool", checks=(Check((0, "url"), _HOSTS, "true"),)
    ),
    "is_safe_url": Entry(returns="builtins.bool", checks=(Check((0, "url"), _HOSTS, "true"),)),
    "urlencode": escapes(*_PLUS),
    "urlquote": escapes(*QUOTED),
    "urlquote_plus": escapes(*_PLUS),
    **each("urlunquote urlunquote_plus", restores(*_PLUS)),
    "urlsafe_base64_encode": escapes(*TOKENS),
    "urlsafe_base64_decode": restores(*TOKENS, returns="builtins.bytes"),
    **each("base36_to_int parse_http_date parse_http_date_safe", converts("builtins.int")),
    "int_to_base36": TEXT,
    "http_date": TEXT,
    "content_disposition_header": escapes("header", argument=(1, "filename")),
    "escape_leading_slashes": passes(0, returns="builtins.str"),
    **each("parse_etags quote_etag parse_header_parameters", passes(0)),
    "is_same_domain": TRUTH,
}

_TEXTS = {
    "slugify": escapes(*TOKENS),
    "get_valid_filename": escapes(*TOKENS),
    **each(
        "camel_case_to_spaces capfirst normalize_newlines phone2numeric unescape_string_literal wrap",
        passes(0, returns="builtins.str"),
    ),
    "get_text_list": passes(0, returns="builtins.str"),
    "smart_split": passes(0, returns="builtins.list"),
    "Truncator": passes(0, returns="django.utils.text.Truncator"),
    **each("Truncator.chars Truncator.words", Entry(returns="builtins.str", passes=(-1,))),
    "compress_string": passes(0, returns="builtins.bytes"),
}

_ENCODING = {
    **each("force_str force_text smart_str smart_text", passes(0, returns="builtins.str")),
    **each("force_bytes smart_bytes", passes(0, returns="builtins.bytes")),
    **each("filepath_to_uri iri_to_uri uri_to_iri", passes(0, returns="builtins.str")),
    "escape_uri_path": escapes("header", "log"),
    **each("is_protected_type", TRUTH),
}

_MESSAGES = passes(returns="builtins.str")
_TRANSLATION = {
    **each("gettext gettext_lazy gettext_noop ugettext ugettext_lazy", _MESSAGES),
    **each("ngettext ngettext_lazy npgettext npgettext_lazy pgettext pgettext_lazy ungettext", _MESSAGES),
    **each("get_language get_language_from_path get_language_from_request to_language to_locale", TEXT),
    **each("activate deactivate deactivate_all get_language_info override", NOTHING),
    **each("check_for_language get_language_bidi", TRUTH),
}

_TIME = Entry(returns="datetime.datetime", passes=(0,), cleans=INJECTIONS)
_TIMEZONE = {
    **each("localtime localdate make_aware make_naive template_localtime", _TIME),
    "now": gives("datetime.datetime"),
    **each(
        "activate deactivate get_current_timezone get_default_timezone get_fixed_timezone override utc",
        NOTHING,
    ),
    **each("is_aware is_naive", TRUTH),
    "get_current_timezone_name": TEXT,
}

library = Library(
    "django.text",
    entries={
        **of("django.utils.html", _HTML),
        **of(
            "django.utils.safestring",
            {
                **each("SafeData SafeString SafeText mark_safe", sink("html", 0, returns=SAFE, passes=(0,))),
            },
        ),
        **of("django.utils.http", _HTTP),
        **of("django.utils.text", _TEXTS),
        **of("django.utils.encoding", _ENCODING),
        **of("django.utils.translation", _TRANSLATION),
        **of("django.utils.timezone", _TIMEZONE),
        **of(
            "django.utils.dateparse",
            {
                "parse_date": converts("datetime.date"),
                "parse_datetime": converts("datetime.datetime"),
                "parse_duration": converts("datetime.timedelta"),
                "parse_time": converts("datetime.time"),
            },
        ),
        **each(
            "django.utils.dateformat.format django.utils.dateformat.time_format",
            passes(0, returns="builtins.str"),
        ),
        **of(
            "django.utils.formats",
            each("date_format localize number_format sanitize_separators", passes(0, returns="builtins.str")),
        ),
        "django.utils.formats.get_format": NOTHING,
        "django.utils.timesince.timesince": TEXT,
        "django.utils.timesince.timeuntil": TEXT,
        **of(
            "django.utils.crypto",
            {
                "constant_time_compare": TRUTH,
                "get_random_string": TEXT,
                "pbkdf2": gives("builtins.bytes"),
                "salted_hmac": gives("hmac.HMAC"),
            },
        ),
        "django.utils.module_loading.import_string": sink("code", (0, "dotted_path")),
        "django.utils.module_loading.module_has_submodule": TRUTH,
        "django.utils.module_loading.autodiscover_modules": NOTHING,
        "django.utils._os.safe_join": Entry(
            returns="builtins.str",
            passes=("*",),
            cleans=frozenset({"path"}),
            checks=(Check(1, frozenset({"path"}), "returns"),),
        ),
        **of("django.utils.functional", each("cached_property keep_lazy keep_lazy_text lazystr", EVERYTHING)),
        **of("django.utils.functional", each("SimpleLazyObject lazy", NOTHING)),
        **of(
            "django.utils.cache",
            each("add_never_cache_headers get_cache_key learn_cache_key patch_cache_control", NOTHING),
        ),
        **of("django.utils.cache", each("patch_response_headers patch_vary_headers", NOTHING)),
        "django.utils.ipv6.is_valid_ipv6_address": checks(*(INJECTIONS - {"url"})),
        "django.utils.ipv6.clean_ipv6_address": converts("builtins.str"),
        "django.utils.archive.extract": Entry(sinks=(Sink("path", 1),)),
        "django.utils.version.get_version": TEXT,
        **of("django.utils.inspect", each("func_accepts_kwargs method_has_no_args", TRUTH)),
        "django.utils.datastructures.ImmutableList": passes(0, returns="builtins.tuple"),
    },
    bases={SAFE: ("builtins.str",)},
    aliases={
        "django.utils.translation.trans_real.": "django.utils.translation.",
        "django.utils.translation.ugettext_noop": "django.utils.translation.gettext_noop",
    },
)
