"""Responses that any other site may read.

## What it does
Reports CORS that lets every origin in: `CORS_ALLOW_ALL_ORIGINS` and patterns for everything in django-cors-headers,
Flask-CORS with `*` (its default), `Access-Control-Allow-Origin` set by hand to `*` or to whatever the request says.
Where credentials are allowed too, that is severe.

## Why it matters
Browsers keep a page from reading what another site answers; CORS makes exceptions. If every site is one, and
cookies are sent along, any page that a visitor opens reads their orders and messages, with the tokens that change
them.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_CREDENTIALS = True
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
CORS_ALLOW_CREDENTIALS = True
```

## Limits
What is public anyway may be read by all: without credentials the finding is of low severity and confidence, and `*`
set by hand on a single response, or for the addresses of `CORS_URLS_REGEX`, is not reported. A check of the origin
in the same function is trusted, whatever it compares.

## References
- [MDN: Cross-Origin Resource Sharing](https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS)
- [django-cors-headers: configuration](https://github.com/adamchainz/django-cors-headers#configuration)
- [CWE-942: Permissive Cross-domain Security Policy with Untrusted Domains](https://cwe.mitre.org/data/definitions/942.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.cors import (
    CREDENTIALS,
    ORIGIN,
    flask_origins,
    is_any_pattern,
    is_origin_of_request,
    lets_all_in,
)
from checks.frameworks.environment import unset_value
from checks.frameworks.headers import Header, headers_set, is_asked
from checks.frameworks.settings import (
    is_for_development,
    is_under_debug,
    settings_named,
    settings_of,
    standing,
)
from checks.rule import HIGH, LIKELY, LOW, POSSIBLE, Call, File, Finding, Role, Rule, Setting
from checks.semantics.enclosing import function_around
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=942,
    severity=LOW,
    confidence=POSSIBLE,
    roles=(Role.PRODUCTION,),
    message="`{what}` lets every site read responses{how}",
    advice="List the origins that may read responses",
)

_ALL = ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")
_PATTERNS = ("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST")
_EVERY = frozenset({"__call__", "after_app_request", "after_request", "middleware", "process_response"})
_SIGNED_IN = ", as the visitor who is logged in"


@rule.on_setting(*_ALL, *_PATTERNS, "CORS_ORIGINS")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The setting lets all in; with credentials the libraries answer each site with its own origin."""
    if (setting.name == "CORS_ORIGINS") is (setting.framework == "django"):
        return
    test = bool if setting.name in _ALL else lets_all_in if setting.name == "CORS_ORIGINS" else _has_any
    if standing(setting, file, test) is None:
        return
    others = list(settings_of(file))
    both = any(
        other.name in ("CORS_ALLOW_CREDENTIALS", "CORS_SUPPORTS_CREDENTIALS")
        and standing(other, file, bool) is not None
        for other in others
    )
    if not both and any(other.name == "CORS_URLS_REGEX" for other in others):
        return
    yield _finding(setting.node, f"{setting.name} = {file.segment(setting.value)}", both, file)


def _has_any(value: object) -> bool:
    items = value if isinstance(value, list | tuple) else ()
    return any(isinstance(item, str) and is_any_pattern(item) for item in items)


@rule.on_call("flask_cors.CORS", "flask_cors.cross_origin", "flask_cors.extension.CORS")
def check_flask(call: Call, file: File) -> Iterator[Finding]:
    """Flask-CORS, whose default is every origin."""
    if not flask_origins(call, file) or is_for_development(call.node) or is_under_debug(call.node):
        return
    if call.name.endswith("CORS") and not call.node.args and not call.node.keywords:
        return
    given = bool(settings_named("CORS_ORIGINS", file))
    credentials = call.constant(None, "supports_credentials")
    if not given:
        both = credentials is not None and bool(credentials.value)
        yield _finding(call.node, file.segment(call.node), both, file)


@rule.on_node(ast.Module)
def check_header(node: ast.Module, file: File) -> Iterator[Finding]:
    """The header set by hand: to every origin, or to the one that asks."""
    allowing: set[ast.AST | None] | None = None
    for header in headers_set(file, ORIGIN):
        value = unset_value(header.value, file)
        if is_asked(header) or is_under_debug(header.node) or is_for_development(header.node):
            continue
        if value is not None and value.value == "*" and _is_on_all(header):
            yield _finding(header.node, f"{ORIGIN}: *", False, file)
        elif is_origin_of_request(header.value, file) and not _is_checked(header):
            allowing = _allowing(file) if allowing is None else allowing
            both = function_around(header.node) in allowing
            yield _finding(header.node, f"{ORIGIN}: {file.segment(header.value)}", both, file)


def _is_on_all(header: Header) -> bool:
    """Whether the header goes out with every response; on a single one it says that this one is public."""
    function = function_around(header.node)
    if function is None or any(isinstance(above, ast.If | ast.IfExp) for above in ancestors(header.node)):
        return False
    decorators = {getattr(node, "attr", "") for node in function.decorator_list}
    return function.name in _EVERY or not decorators.isdisjoint(_EVERY)


def _is_checked(header: Header) -> bool:
    """Whether the function around compares anything, or asks a function, before it answers with the origin."""
    return any(
        isinstance(above, ast.If | ast.IfExp)
        and any(isinstance(part, ast.Compare | ast.Call) for part in descendants(above.test))
        for above in (*ancestors(header.node), *descendants(header.value))
    )


def _allowing(file: File) -> set[ast.AST | None]:
    """The functions that allow credentials."""
    return {function_around(header.node) for header in headers_set(file, CREDENTIALS)}


def _finding(at: ast.AST, what: str, credentials: bool, file: File) -> Finding:
    return rule.finding(
        at,
        file,
        severity=HIGH if credentials else None,
        confidence=LIKELY if credentials else None,
        what=what,
        how=_SIGNED_IN if credentials else "",
        cause_hint=r"\bCORS_(ALLOWED_)?ORIGIN|origins\s*=",
    )
