"""Werkzeug: requests, responses, their containers, and its helpers for files and passwords.

From Werkzeug's documentation: "Request / Response Objects", "Data Structures", "Utilities", "HTTP Exceptions",
"Uploading Files" (the name of an uploaded file is the client's, folders and all).
"""

from __future__ import annotations

from checks.frameworks.libraries.conditions import is_markup, is_text
from checks.frameworks.libraries.django.http import ENVIRON, SERVER_KEYS
from checks.frameworks.libraries.tables import (
    LOGGED,
    NOTHING,
    NUMBER,
    TEXT,
    TOKENS,
    TRUTH,
    each,
    list_of,
    of,
    own,
    sinks,
)
from checks.semantics.invocation import Invocation
from checks.semantics.library import INJECTIONS, Check, Entry, Library, Sink, gives, passes, sink, source
from checks.semantics.values import Value, all_taints, cleaned

MULTI = "werkzeug.datastructures.MultiDict"
HEADERS = "werkzeug.datastructures.Headers"
UPLOADED = "werkzeug.datastructures.FileStorage"
UPLOADS = "werkzeug.datastructures.FileMultiDict"
REQUEST = "werkzeug.wrappers.Request"
RESPONSE = "werkzeug.wrappers.Response"

_CONVERTERS = frozenset({"builtins.bool", "builtins.float", "builtins.int", "decimal.Decimal", "uuid.UUID"})


def _converted(call: Invocation) -> Value | None:
    """What `args.get("page", 1, type=int)` gives."""
    wanted = call.argument((2, "type"))
    if wanted is None or wanted.name not in _CONVERTERS or call.receiver is None:
        return None
    return cleaned(Value(type=wanted.name, taints=all_taints(call.receiver)), INJECTIONS)


_PAGE = Entry(returns="builtins.str", source="request", cleans=frozenset({"redirect"}))
_OWN_PATH = Entry(returns="builtins.str", source="request", cleans=frozenset({"redirect", "url"}))
_REQUEST = {
    **each("args form values", source("request", MULTI)),
    "files": source("request", UPLOADS),
    "cookies": Entry(returns=MULTI, source="request", cleans=frozenset({"cookie"})),
    "headers": Entry(returns=HEADERS, source="request", cleans=LOGGED),
    **each("data get_data query_string", source("request", "builtins.bytes")),
    **each("json get_json", source("request")),
    **each("stream input_stream", source("request", "werkzeug.wsgi.InputStream")),
    **each("full_path path root_path script_root", _OWN_PATH),
    **each("base_url url", _PAGE),
    **each("host host_url root_url url_root", source("host", "builtins.str")),
    **each("referrer origin mimetype content_type content_encoding", source("request", "builtins.str")),
    **each("mimetype_params accept_languages accept_mimetypes accept_charsets", source("request")),
    "access_route": source("request", "builtins.list"),
    "authorization": source("request", "werkzeug.datastructures.Authorization"),
    "user_agent": source("request", "werkzeug.user_agent.UserAgent"),
    "environ": source("request", ENVIRON, SERVER_KEYS),
    **each("method remote_addr remote_user scheme server", TEXT),
    **each("is_json is_secure is_multithread is_multiprocess", TRUTH),
    **each("content_length max_content_length", NUMBER),
    **each("date if_match if_modified_since if_none_match max_forwards range trusted_hosts", NOTHING),
    "application": passes(0),
    "close": NOTHING,
}
_VALUE = Entry(returns="builtins.str", passes=(-1, 1), cleans=frozenset({"nosql"}), apply=_converted)
_LIST = Entry(returns="builtins.list", passes=(-1,), cleans=frozenset({"nosql"}))
_MULTI = {
    **each("get pop setdefault", _VALUE),
    **each("__getitem__ __iter__", own("builtins.str", "nosql")),
    **each("getlist keys lists listvalues poplist values", _LIST),
    **each("items to_dict", own("builtins.dict")),
    **each("copy deepcopy", own("self")),
    **each("add __setitem__ setlist", Entry(stores=(1,))),
    "update": Entry(stores=(0,)),
}
_HEADER = Entry(sinks=(Sink("response-header", 0), Sink("response-header", 1)))
_HEADERS = {
    **each("get pop __getitem__", Entry(returns="builtins.str", passes=(-1, 1), cleans=frozenset({"nosql"}))),
    **each("get_all getlist keys values", _LIST),
    **each("items to_wsgi_list", own("builtins.list")),
    **each("__setitem__ add add_header set setdefault", _HEADER),
    **each("extend update", Entry(sinks=(Sink("response-header", 0),))),
    **each("clear remove", NOTHING),
}
_UPLOADED = {
    **each("filename name content_type mimetype", own("builtins.str")),
    **each("read readline", own("builtins.bytes")),
    **each("readlines __iter__", own("builtins.list")),
    "stream": own("io.BytesIO"),
    "headers": own(HEADERS),
    "save": sinks(Sink("path", (0, "dst"), or_file=True), Sink("write", -1)),
    "content_length": NUMBER,
    **each("close seek tell", NOTHING),
}

_COOKIE = (Sink("cookie", (0, "key")), Sink("cookie", (1, "value")))
_MARKUP = is_markup((3, "mimetype"), (4, "content_type"))
BODY = (
    Sink("html", (0, "response"), lambda call: _MARKUP(call) and is_text((0, "response"))(call)),
    Sink("response", (0, "response")),
    Sink("response-header", (2, "headers")),
)
_RESPONSE = {
    "set_cookie": Entry(sinks=_COOKIE),
    "headers": gives(HEADERS),
    "data=": Entry(sinks=(Sink("html", 0), Sink("response", 0))),
    "location=": Entry(sinks=(Sink("redirect", 0),)),
    "set_data": Entry(sinks=(Sink("html", 0), Sink("response", 0))),
    **each("data get_data get_json json location mimetype status", NOTHING),
    **each("content_length status_code", NUMBER),
    **each(
        "add_etag call_on_close close delete_cookie freeze get_wsgi_response make_conditional set_etag",
        NOTHING,
    ),
}
SEND_FILE = sinks(
    Sink("path", (0, "path_or_file"), or_file=True),
    Sink("response-file", (0, "path_or_file")),
    returns=RESPONSE,
)
SEND_FROM = sinks(Sink("path", (0, "directory")), returns=RESPONSE)
ABORT = Entry(ends=True, sinks=(Sink("response", (1, "description")),))

_UTILITIES = {
    "secure_filename": Entry(returns="builtins.str", passes=(0,), cleans=TOKENS),
    "safe_join": Entry(
        returns="builtins.str",
        passes=("*",),
        cleans=frozenset({"path"}),
        checks=(Check(1, frozenset({"path"}), "true"),),
    ),
    "redirect": sink("redirect", (0, "location"), returns=RESPONSE),
    "send_file": SEND_FILE,
    "send_from_directory": SEND_FROM,
    **each("import_string find_modules", sink("code", (0, "import_name"))),
    "cached_property": passes(0),
    "append_slash_redirect": gives(RESPONSE),
}

library = Library(
    "web.werkzeug",
    entries={
        **of(REQUEST, _REQUEST),
        **of(MULTI, _MULTI),
        **each(f"{MULTI} werkzeug.datastructures.ImmutableMultiDict", passes(0, returns=MULTI)),
        **of(
            UPLOADS,
            {
                **each("get pop __getitem__", own(UPLOADED)),
                **each("getlist values", list_of(UPLOADED)),
                **each("items keys", own("builtins.list")),
            },
        ),
        HEADERS: Entry(returns=HEADERS, passes=(0,)),
        **of(HEADERS, _HEADERS),
        **of(UPLOADED, _UPLOADED),
        "werkzeug.datastructures.FileStorage": passes(0, 1, returns=UPLOADED),
        **of(
            "werkzeug.datastructures.Authorization",
            each("get parameters password token type username", own()),
        ),
        **of(
            "werkzeug.user_agent.UserAgent",
            each("browser language platform string version to_header", own("builtins.str", *LOGGED)),
        ),
        **of("werkzeug.wsgi.InputStream", each("read readline readlines __iter__", own("builtins.bytes"))),
        RESPONSE: Entry(returns=RESPONSE, sinks=BODY),
        **of(RESPONSE, _RESPONSE),
        **of("werkzeug.utils", _UTILITIES),
        "werkzeug.security.safe_join": _UTILITIES["safe_join"],
        "werkzeug.security.generate_password_hash": TEXT,
        "werkzeug.security.check_password_hash": TRUTH,
        "werkzeug.security.gen_salt": TEXT,
        "werkzeug.security.safe_str_cmp": TRUTH,
        "werkzeug.exceptions.abort": ABORT,
        **of(
            "werkzeug.exceptions",
            each(
                "BadRequest Conflict Forbidden Gone InternalServerError MethodNotAllowed NotFound",
                sinks(Sink("response", (0, "description"))),
            ),
        ),
        **of(
            "werkzeug.exceptions",
            each(
                "TooManyRequests Unauthorized UnprocessableEntity",
                sinks(Sink("response", (0, "description"))),
            ),
        ),
        "werkzeug.urls.url_quote": Entry(
            returns="builtins.str", passes=(0,), cleans=frozenset({"header", "html", "log"})
        ),
        **of("werkzeug.urls", each("iri_to_uri uri_to_iri", passes(0, returns="builtins.str"))),
        "werkzeug.urls.url_parse": Entry(returns="urllib.parse.ParseResult", passes=(0,), part_of=0),
        "werkzeug.middleware.proxy_fix.ProxyFix": NOTHING,
    },
    bases={
        "werkzeug.datastructures.CombinedMultiDict": (MULTI,),
        "werkzeug.datastructures.ImmutableMultiDict": (MULTI,),
        "werkzeug.datastructures.EnvironHeaders": (HEADERS,),
        MULTI: ("builtins.dict",),
    },
    aliases={
        "werkzeug.datastructures.structures.": "werkzeug.datastructures.",
        "werkzeug.datastructures.file_storage.": "werkzeug.datastructures.",
        "werkzeug.datastructures.headers.": "werkzeug.datastructures.",
        "werkzeug.datastructures.auth.": "werkzeug.datastructures.",
        "werkzeug.wrappers.request.": "werkzeug.wrappers.",
        "werkzeug.wrappers.response.": "werkzeug.wrappers.",
        "werkzeug.secure_filename": "werkzeug.utils.secure_filename",
        "werkzeug.wrappers.BaseResponse": RESPONSE,
    },
)
