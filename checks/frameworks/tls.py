"""TLS by the libraries' names: what switches the check of certificates off, which versions are broken."""

from __future__ import annotations

METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "request", "stream")
_HTTP = (
    *(f"requests.{method}" for method in METHODS),
    *(f"requests.api.{method}" for method in METHODS),
    *(f"requests.{session}.{method}" for session in ("Session", "session") for method in METHODS),
    *(f"httpx.{method}" for method in METHODS),
    *(f"httpx.{client}.{method}" for client in ("Client", "AsyncClient") for method in METHODS),
    "httpx.Client",
    "httpx.AsyncClient",
    "httpx.HTTPTransport",
    "httpx.AsyncHTTPTransport",
)
_AIOHTTP = (
    "aiohttp.TCPConnector",
    "aiohttp.request",
    *(f"aiohttp.ClientSession.{method}" for method in (*METHODS, "ws_connect")),
)
_URLLIB3 = tuple(
    f"urllib3.{name}"
    for name in (
        "HTTPSConnectionPool",
        "PoolManager",
        "ProxyManager",
        "connection_from_url",
        "poolmanager.PoolManager",
        "poolmanager.ProxyManager",
        "connectionpool.HTTPSConnectionPool",
    )
)
NONE = frozenset({"CERT_NONE", "NONE", "none", 0})

SWITCHES: dict[str, dict[str, frozenset[object]]] = {
    **{name: {"verify": frozenset({False})} for name in _HTTP},
    **{name: {"ssl": frozenset({False}), "verify_ssl": frozenset({False})} for name in _AIOHTTP},
    **{name: {"cert_reqs": NONE, "assert_hostname": frozenset({False})} for name in _URLLIB3},
    "boto3.client": {"verify": frozenset({False})},
    "boto3.resource": {"verify": frozenset({False})},
    "hvac.Client": {"verify": frozenset({False})},
    "elasticsearch.Elasticsearch": {"verify_certs": frozenset({False})},
    "opensearchpy.OpenSearch": {"verify_certs": frozenset({False})},
    "pymongo.MongoClient": {
        "tlsAllowInvalidCertificates": frozenset({True}),
        "tlsAllowInvalidHostnames": frozenset({True}),
        "tlsInsecure": frozenset({True}),
    },
    "redis.Redis": {"ssl_cert_reqs": frozenset({None, "none"})},
    "redis.StrictRedis": {"ssl_cert_reqs": frozenset({None, "none"})},
    "redis.from_url": {"ssl_cert_reqs": frozenset({None, "none"})},
    "ssl.wrap_socket": {"cert_reqs": NONE},
}
"""Calls, and their keywords with the values that leave certificates or host names unchecked."""

UNVERIFIED_CONTEXTS = ("ssl._create_unverified_context", "ssl._create_stdlib_context")

OUTDATED = {
    **{
        f"ssl.{name}": version
        for name, version in {
            "PROTOCOL_SSLv2": "SSL 2.0",
            "PROTOCOL_SSLv3": "SSL 3.0",
            "PROTOCOL_TLSv1": "TLS 1.0",
            "PROTOCOL_TLSv1_1": "TLS 1.1",
            "TLSVersion.SSLv3": "SSL 3.0",
            "TLSVersion.TLSv1": "TLS 1.0",
            "TLSVersion.TLSv1_1": "TLS 1.1",
        }.items()
    },
    **{
        f"OpenSSL.SSL.{name}": version
        for name, version in {
            "SSLv2_METHOD": "SSL 2.0",
            "SSLv3_METHOD": "SSL 3.0",
            "TLSv1_METHOD": "TLS 1.0",
            "TLSv1_1_METHOD": "TLS 1.1",
            "SSL3_VERSION": "SSL 3.0",
            "TLS1_VERSION": "TLS 1.0",
            "TLS1_1_VERSION": "TLS 1.1",
        }.items()
    },
}
"""Constants that ask for a version that browsers and standards gave up (RFC 8996), and its name."""
OUTDATED_WORDS = frozenset(name.rpartition(".")[2] for name in OUTDATED)
