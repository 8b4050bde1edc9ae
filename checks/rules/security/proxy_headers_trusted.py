"""Headers of a proxy believed from anybody.

## What it does
Reports `USE_X_FORWARDED_HOST` of Django, `ProxyFix` that believes headers which the proxy in the repository leaves
alone, or more than two proxies, `SECURE_PROXY_SSL_HEADER` beside a proxy configuration that does not set that
header, and checks of an address that was taken from `X-Forwarded-For` by hand.

## Why it matters
A visitor can send any of these headers. Where no proxy overwrites them, they choose the host in the links that the
site mails, pass for encrypted, or take another address with each attempt to log in.

## Example
```python title="shop/views.py"
from django.http import HttpResponseForbidden


def reports(request):
    address = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[0]
    if address not in ("10.0.0.5", "10.0.0.6"):
        return HttpResponseForbidden()
```

## Use instead
```python title="shop/views.py"
from django.http import HttpResponseForbidden


def reports(request):
    if request.META["REMOTE_ADDR"] not in ("10.0.0.5", "10.0.0.6"):
        return HttpResponseForbidden()
```

## Limits
What the proxy in front does is seen only where the repository holds its configuration. Addresses are followed
within one function, and only those that decide something there are reported: a log may hold what it likes.

## References
- [Django: USE_X_FORWARDED_HOST](https://docs.djangoproject.com/en/stable/ref/settings/#use-x-forwarded-host)
- [Werkzeug: ProxyFix](https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/)
- [CWE-348: Use of Less Trusted Source](https://cwe.mitre.org/data/definitions/348.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice

from checks.frameworks.allowed_hosts import answers_every_host
from checks.frameworks.environment import unset_value
from checks.frameworks.proxies import proxy_passes, proxy_sends
from checks.frameworks.settings import is_for_development, is_under_debug, standing, words
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Function, Role, Rule, Setting
from checks.semantics.enclosing import function_around
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=348,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` believes what any visitor may send: {consequence}",
    advice="Believe these headers only from a proxy of yours that overwrites them",
)

_HOST = "they choose the host in links"
_OPTIONS = {
    "x_host": ("X-Forwarded-Host", _HOST),
    "x_prefix": ("X-Forwarded-Prefix", "they choose the path in links"),
    "x_for": ("X-Forwarded-For", "they choose their address"),
}
_MOST = 2  # a proxy of one's own behind a network's
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "X-Forwarded-For", "HTTP_X_REAL_IP", "X-Real-IP")
_DECIDING = frozenset(
    {"allow", "allowed", "attempt", "attempts", "ban", "banned", "block", "blocked", "lockout", "permission"}
    | {"rate", "ratelimit", "restrict", "restricted", "throttle", "whitelist", "whitelisted", "blacklist"}
)
_READS_LIMIT = 20
_READS = re.compile("|".join(map(re.escape, _FORWARDED)), re.IGNORECASE)


@rule.on_setting("USE_X_FORWARDED_HOST")
def check_host(setting: Setting, file: File) -> Iterator[Finding]:
    """Django takes the host from the header, and no proxy's configuration in the tree sets it."""
    on = standing(setting, file, bool)
    if on is None or setting.framework != "django" or proxy_sends(file, "X-Forwarded-Host"):
        return
    open_to_all = answers_every_host(file) or proxy_passes(file)
    yield rule.finding(
        setting.node,
        file,
        severity=None if open_to_all else LOW,
        confidence=None if open_to_all else POSSIBLE,
        what=setting.name,
        consequence=_HOST,
    )


@rule.on_setting("SECURE_PROXY_SSL_HEADER")
def check_scheme(setting: Setting, file: File) -> Iterator[Finding]:
    """The proxy whose configuration is in the tree hands the header on as the visitor sent it."""
    value = unset_value(setting.value, file)
    if value is None or not isinstance(value.value, tuple) or len(value.value) != 2 or setting.conditional:
        return
    name = str(value.value[0]).removeprefix("HTTP_").replace("_", "-").title()
    if is_for_development(setting.node) or not proxy_passes(file) or proxy_sends(file, name):
        return
    yield rule.finding(
        setting.node, file, what=setting.name, consequence="the proxy in this repository leaves it alone"
    )


@rule.on_call("werkzeug.middleware.proxy_fix.ProxyFix", "werkzeug.contrib.fixers.ProxyFix")
def check_proxy_fix(call: Call, file: File) -> Iterator[Finding]:
    """Werkzeug believes headers that the proxy in the tree leaves alone, or more proxies than are likely there."""
    if is_for_development(call.node) or is_under_debug(call.node):
        return
    left_alone = proxy_passes(file)
    for option, (header, consequence) in _OPTIONS.items():
        given = call.argument(1 if option == "x_for" else None, option)
        value = unset_value(given, file)
        number = value.value if value is not None else 0
        if given is None or not isinstance(number, int) or number < 1:
            continue
        what = f"{option}={file.segment(given)}"
        if left_alone and not proxy_sends(file, header):
            yield rule.finding(given, file, what=what, consequence=consequence)
        elif number > _MOST:
            yield rule.finding(
                given, file, severity=LOW, confidence=POSSIBLE, what=what, consequence=consequence
            )


@rule.on_function()
def check_address(node: Function, file: File) -> Iterator[Finding]:
    """An address is taken from the header and decides what the function does."""
    told = file.once("names-forwarded", lambda: any(name in file.text for name in _FORWARDED))
    if not told or is_for_development(node):
        return
    reads = list(
        islice(
            (inner for inner in descendants(node) if _is_read(inner) and function_around(inner) is node),
            _READS_LIMIT,
        )
    )
    names = {
        target.id
        for inner in descendants(node)
        if isinstance(inner, ast.Assign) and any(read in descendants(inner.value) for read in reads)
        for target in inner.targets
        if isinstance(target, ast.Name)
    }
    compared = any(_decides(inner, names, reads) for inner in descendants(node))
    if reads and (compared or not words(node.name).isdisjoint(_DECIDING)):
        yield rule.finding(
            reads[0], file, what=file.segment(reads[0]), consequence="they choose their address"
        )


def _is_read(node: ast.AST) -> bool:
    """Whether a node is `request.META["HTTP_X_FORWARDED_FOR"]` or `headers.get("X-Forwarded-For")`."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        key: ast.AST | None = node.slice
        holder: ast.AST = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        key, holder = (node.args[0] if node.args else None), node.func.value
    else:
        return False
    text = key.value if isinstance(key, ast.Constant) else None
    attribute = holder.attr if isinstance(holder, ast.Attribute) else ""
    return (
        isinstance(text, str) and attribute in ("META", "headers", "environ") and bool(_READS.fullmatch(text))
    )


def _decides(node: ast.AST, names: set[str], reads: list[ast.AST]) -> bool:
    """Whether a comparison with other addresses asks the value: `ip in ALLOWED`, `ip == "10.0.0.1"`."""
    if not isinstance(node, ast.Compare) or not isinstance(
        node.ops[0], (ast.In, ast.NotIn, ast.Eq, ast.NotEq)
    ):
        return False
    left = node.left
    texts = isinstance(left, ast.Constant) or any(
        isinstance(item, ast.Constant) and not item.value for item in node.comparators
    )
    known = isinstance(left, ast.Name) and left.id in names
    return not texts and (known or any(read in descendants(left) for read in reads))
