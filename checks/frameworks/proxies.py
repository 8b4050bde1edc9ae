"""What the configuration of proxies in the tree says: nginx, Apache, Caddy, Traefik may do what the code leaves out."""

from __future__ import annotations

from checks.semantics.source import File

_FILES = (
    ".conf",
    ".conf.template",
    ".conf.j2",
    ".conf.tpl",
    ".nginx",
    "Caddyfile",
    ".htaccess",
    "nginx.yaml",
)
_REDIRECTS = (
    "return 301 https://",
    "return 302 https://",
    "return 308 https://",
    "[R=301",
    "Redirect permanent",
)
_HSTS = ("Strict-Transport-Security", "strict-transport-security")


def proxy_sends(file: File, *headers: str) -> bool:
    """Whether a proxy's configuration in the tree names one of these headers."""
    words = tuple(spelling for name in headers for spelling in (name, name.lower()))
    return bool(file.project.mentioning(words, *_FILES))


def proxy_enforces_https(file: File) -> bool:
    """Whether a proxy's configuration in the tree sends visitors to HTTPS, or forbids plain HTTP by HSTS."""
    return bool(file.project.mentioning((*_REDIRECTS, *_HSTS), *_FILES))


def proxy_passes(file: File) -> bool:
    """Whether a proxy's configuration in the tree passes requests on to an application."""
    return bool(file.project.mentioning(("proxy_pass", "uwsgi_pass", "ProxyPass", "reverse_proxy"), *_FILES))
