"""What the configuration of proxies in the tree says."""

from __future__ import annotations

import pytest

from checks.frameworks.proxies import proxy_enforces_https, proxy_passes, proxy_sends
from tests.files import file_of


@pytest.mark.parametrize(
    ("path", "text", "sends", "enforces", "passes"),
    [
        ("nginx.conf", 'add_header X-Frame-Options "DENY";', True, False, False),
        ("deploy/site.conf.template", "add_header x-frame-options DENY;", True, False, False),
        ("nginx.conf", "return 301 https://$host$request_uri;", False, True, False),
        ("Caddyfile", "header Strict-Transport-Security max-age=1", False, True, False),
        (".htaccess", "RewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=301,L]", False, True, False),
        ("nginx.conf", "proxy_pass http://app:8000;", False, False, True),
        ("README.md", "add_header X-Frame-Options; return 301 https://; proxy_pass", False, False, False),
    ],
)
def test_configurations_are_known_by_name(
    path: str, text: str, sends: bool, enforces: bool, passes: bool
) -> None:
    file = file_of("x = 1\n", others={path: text})
    assert proxy_sends(file, "X-Frame-Options") is sends
    assert proxy_enforces_https(file) is enforces
    assert proxy_passes(file) is passes
