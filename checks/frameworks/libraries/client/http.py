"""Clients of HTTP: requests, httpx, urllib3, aiohttp, httplib2, pycurl.

From Requests' "Developer Interface", HTTPX's "Developer Interface", urllib3's "User Guide", aiohttp's "Client
Reference". What comes back is the other server's (`remote`); headers are refused by all of them when they
hold line breaks. Their callers wait for it, but for those of aiohttp, which are awaited.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import ITSELF, NOTHING, NUMBER, QUOTED, TEXT, TRUTH, each, of, own
from checks.semantics.library import Entry, Library, Sink, escapes, gives, passes, sink, source

_VERBS = "delete get head options patch post put"
RESPONSE = "requests.Response"
_ASKED = (Sink("url", (0, "url")), Sink("header", "headers"))
_REQUESTED = (Sink("url", (1, "url")), Sink("header", "headers"))


def _client(owner: str, response: str, work: str | None = "http") -> dict[str, Entry]:
    """The functions of a module or methods of a session that ask for an address."""
    return of(
        owner,
        {
            **each(_VERBS, Entry(returns=response, sinks=_ASKED, work=work)),
            "request": Entry(returns=response, sinks=_REQUESTED, work=work),
        },
    )


_ANSWER = {
    **each("content data", source("remote", "builtins.bytes")),
    **each("text reason", source("remote", "builtins.str")),
    **each("json read", source("remote")),
    **each(
        "aiter_bytes aiter_lines aiter_text iter_bytes iter_content iter_lines iter_text",
        source("remote", "builtins.list"),
    ),
    **each("cookies headers links", source("remote", "builtins.dict")),
    "url": source("remote", "builtins.str"),
    "raw": source("remote", "io.BufferedIOBase"),
    **each("content_type encoding apparent_encoding", TEXT),
    **each("status status_code elapsed", NUMBER),
    **each("is_error is_redirect is_success ok is_permanent_redirect", TRUTH),
    **each("aclose close history raise_for_status release_conn release request", NOTHING),
}

library = Library(
    "client.http",
    entries={
        **_client("requests", RESPONSE),
        **each("requests.Session requests.session", gives("requests.Session")),
        **_client("requests.Session", RESPONSE),
        **of(
            "requests.Session",
            {
                "send": Entry(returns=RESPONSE, sinks=(Sink("url", (0, "request")),), work="http"),
                "prepare_request": passes(0),
            },
        ),
        **of(
            "requests.Session", each("auth close cookies headers max_redirects mount proxies verify", NOTHING)
        ),
        "requests.Request": passes((1, "url"), returns="requests.Request"),
        "requests.Request.prepare": own("requests.Request"),
        **of(RESPONSE, _ANSWER),
        "requests.utils.quote": escapes(*QUOTED),
        "requests.utils.requote_uri": passes(0, returns="builtins.str"),
        "requests.utils.urlparse": Entry(returns="urllib.parse.ParseResult", passes=(0,), part_of=0),
        **of("requests.auth", each("HTTPBasicAuth HTTPDigestAuth", NOTHING)),
        "requests.adapters.HTTPAdapter": NOTHING,
        **_client("httpx", "httpx.Response"),
        "httpx.stream": Entry(returns="httpx.Response", sinks=_REQUESTED, work="http"),
        **each(
            "httpx.Client httpx.AsyncClient", Entry(returns="httpx.Client", sinks=(Sink("url", "base_url"),))
        ),
        **_client("httpx.Client", "httpx.Response"),
        **of(
            "httpx.Client",
            {
                "stream": Entry(returns="httpx.Response", sinks=_REQUESTED, work="http"),
                "build_request": passes((1, "url"), returns="httpx.Request"),
                "send": Entry(returns="httpx.Response", sinks=(Sink("url", (0, "request")),), work="http"),
                **each("aclose close cookies headers", NOTHING),
            },
        ),
        "httpx.Request": passes((1, "url"), returns="httpx.Request"),
        "httpx.URL": Entry(returns="httpx.URL", passes=(0,), part_of=0),
        **of(
            "httpx.URL",
            {
                **each(
                    "host netloc path query scheme", Entry(returns="builtins.str", passes=(-1,), part_of=-1)
                ),
                "copy_with": ITSELF,
            },
        ),
        **of("httpx", each("BasicAuth Limits Timeout", NOTHING)),
        **each("urllib3.PoolManager urllib3.ProxyManager", gives("urllib3.PoolManager")),
        **of(
            "urllib3.PoolManager",
            each(
                "request request_encode_body request_encode_url urlopen",
                Entry(returns="urllib3.HTTPResponse", sinks=_REQUESTED, work="http"),
            ),
        ),
        "urllib3.PoolManager.connection_from_url": sink(
            "url", (0, "url"), returns="urllib3.HTTPConnectionPool"
        ),
        "urllib3.request": Entry(returns="urllib3.HTTPResponse", sinks=_REQUESTED, work="http"),
        **each(
            "urllib3.HTTPConnectionPool urllib3.HTTPSConnectionPool",
            Entry(returns="urllib3.HTTPConnectionPool", sinks=(Sink("url", (0, "host")),)),
        ),
        **of(
            "urllib3.HTTPConnectionPool",
            each("request urlopen", Entry(returns="urllib3.HTTPResponse", work="http")),
        ),
        **of("urllib3", each("Retry Timeout disable_warnings make_headers", NOTHING)),
        "urllib3.util.parse_url": Entry(returns="urllib.parse.ParseResult", passes=(0,), part_of=0),
        "aiohttp.ClientSession": Entry(
            returns="aiohttp.ClientSession", sinks=(Sink("url", (0, "base_url")),)
        ),
        **_client("aiohttp.ClientSession", "aiohttp.ClientResponse", work=None),
        "aiohttp.ClientSession.ws_connect": Entry(sinks=(Sink("url", (0, "url")),)),
        "aiohttp.ClientSession.close": NOTHING,
        "aiohttp.request": Entry(returns="aiohttp.ClientResponse", sinks=_REQUESTED),
        "aiohttp.ClientResponse.text": source("remote", "builtins.str"),
        **of("aiohttp", each("BasicAuth ClientTimeout TCPConnector FormData", NOTHING)),
        "httplib2.Http": gives("httplib2.Http"),
        "httplib2.Http.request": Entry(
            returns="builtins.tuple", source="remote", sinks=(Sink("url", (0, "uri")),), work="http"
        ),
        "pycurl.Curl": gives("pycurl.Curl"),
        "pycurl.Curl.setopt": Entry(sinks=(Sink("url", 1),)),
        "pycurl.Curl.perform": Entry(work="http"),
        "yarl.URL": Entry(returns="yarl.URL", passes=(0,), part_of=0),
        **of(
            "yarl.URL",
            each("host path query_string scheme", Entry(returns="builtins.str", passes=(-1,), part_of=-1)),
        ),
    },
    bases={
        "httpx.AsyncClient": ("httpx.Client",),
        "httpx.Response": (RESPONSE,),
        "urllib3.HTTPResponse": (RESPONSE,),
        "aiohttp.ClientResponse": (RESPONSE,),
        "urllib3.HTTPSConnectionPool": ("urllib3.HTTPConnectionPool",),
        "requests_toolbelt.sessions.BaseUrlSession": ("requests.Session",),
    },
    aliases={
        "aiohttp.client.": "aiohttp.",
        "httpx._client.": "httpx.",
        "requests.api.": "requests.",
        "requests.models.": "requests.",
        "requests.packages.urllib3.": "urllib3.",
        "requests.sessions.": "requests.",
        "urllib3.connectionpool.": "urllib3.",
        "urllib3.poolmanager.": "urllib3.",
    },
)
