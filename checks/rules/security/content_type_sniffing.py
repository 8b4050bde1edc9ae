"""Browsers left to guess what a file is.

## What it does
Reports `SECURE_CONTENT_TYPE_NOSNIFF = False` of Django, Flask-Talisman told not to send `X-Content-Type-Options`,
and that header set to anything but `nosniff`.

## Why it matters
Without the header a browser may take what a visitor uploaded as text or image for a page or a script, and run it
with the rights of your site.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_CONTENT_TYPE_NOSNIFF = False
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_CONTENT_TYPE_NOSNIFF = True
```

## Limits
Where `SecurityMiddleware` itself is missing, that is reported instead. A header that a proxy sends is seen where
the repository holds its configuration.

## References
- [Django: SECURE_CONTENT_TYPE_NOSNIFF](https://docs.djangoproject.com/en/stable/ref/settings/#secure-content-type-nosniff)
- [MDN: X-Content-Type-Options](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Content-Type-Options)
- [CWE-693: Protection Mechanism Failure](https://cwe.mitre.org/data/definitions/693.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.switch import switched
from checks.frameworks.django.security import header_values
from checks.frameworks.flask.talisman import CALLS, told
from checks.frameworks.proxies import proxy_sends
from checks.frameworks.settings import standing
from checks.model import Fix
from checks.rule import LIKELY, LOW, Call, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=693,
    severity=LOW,
    roles=(Role.PRODUCTION,),
    message="`{what}` is {state}: browsers may run uploads as pages and scripts",
    advice="Send `X-Content-Type-Options: nosniff` with every response",
)

_SETTING = "SECURE_CONTENT_TYPE_NOSNIFF"
_HEADER = "X-Content-Type-Options"


@rule.on_setting(_SETTING)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The header, on by default, is switched off."""
    off = standing(setting, file, lambda value: not value)
    if off is None or setting.framework != "django" or proxy_sends(file, _HEADER):
        return
    edit = switched(setting.value, True, file)
    yield rule.finding(
        setting.node,
        file,
        confidence=LIKELY if off.unless_told else None,
        what=_SETTING,
        state="off unless told otherwise" if off.unless_told else "off",
        fix=Fix("Keep browsers from guessing types", True, (edit,)) if edit else None,
        cause_hint=rf"\b{_SETTING}\b.*\b(True|1)\b",
    )


@rule.on_node(ast.Module)
def check_header(node: ast.Module, file: File) -> Iterator[Finding]:
    """The header is set by hand to what browsers don't know."""
    for header, value in header_values(file, _HEADER):
        if str(value).strip().lower() != "nosniff":
            yield rule.finding(header.node, file, what=_HEADER, state=file.segment(header.value))


@rule.on_call(*CALLS)
def check_talisman(call: Call, file: File) -> Iterator[Finding]:
    """Flask-Talisman is told to leave the header out."""
    value = told("x_content_type_options", call, file)
    given = call.argument(None, "x_content_type_options")
    if value is not None and given is not None and not value.value and not proxy_sends(file, _HEADER):
        yield rule.finding(given, file, what="x_content_type_options", state="off")
