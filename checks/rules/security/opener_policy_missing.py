"""Windows that other sites keep a hold of.

## What it does
Reports the `Cross-Origin-Opener-Policy` switched off or set to `unsafe-none`: in Django's settings, and in
responses that are given the header by hand.

## Why it matters
A site that opens yours in a new window keeps a reference to it. It can send that window elsewhere, to a copy of
your login page for instance, and measure what the visitor does.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin-allow-popups"
```

## Limits
Some payment and sign-in windows need `unsafe-none`; on the pages that open them `same-origin-allow-popups` mostly
does. Where `SecurityMiddleware` itself is missing, that is reported instead. Flask sends no such header by itself;
that it is missing there is not reported.

## References
- [Django: SECURE_CROSS_ORIGIN_OPENER_POLICY](https://docs.djangoproject.com/en/stable/ref/settings/#secure-cross-origin-opener-policy)
- [MDN: Cross-Origin-Opener-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Cross-Origin-Opener-Policy)
- [CWE-346: Origin Validation Error](https://cwe.mitre.org/data/definitions/346.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.security import header_values
from checks.frameworks.proxies import proxy_sends
from checks.frameworks.settings import standing
from checks.rule import LIKELY, LOW, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=346,
    severity=LOW,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` is {value}: a site that opens these pages can send their window elsewhere",
    advice="Keep `same-origin`, or `same-origin-allow-popups` where other sites' windows are needed",
)

_SETTING = "SECURE_CROSS_ORIGIN_OPENER_POLICY"
_HEADER = "Cross-Origin-Opener-Policy"


@rule.on_setting(_SETTING)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The policy, `same-origin` by default, is switched off."""
    wrong = standing(setting, file, _is_off)
    if wrong is None or setting.framework != "django" or proxy_sends(file, _HEADER):
        return
    yield rule.finding(
        setting.node,
        file,
        what=_SETTING,
        value=file.segment(setting.value),
        cause_hint=rf"\b{_SETTING}\b.*same-origin",
    )


@rule.on_node(ast.Module)
def check_header(node: ast.Module, file: File) -> Iterator[Finding]:
    """The header is set by hand to what is its absence."""
    for header, value in header_values(file, _HEADER):
        if _is_off(value):
            yield rule.finding(header.node, file, what=_HEADER, value=file.segment(header.value))


def _is_off(value: object) -> bool:
    return not value or value == "unsafe-none"
