"""Addresses told to other sites.

## What it does
Reports a referrer policy that is switched off or sends whole addresses to other sites (`unsafe-url`,
`no-referrer-when-downgrade`): `SECURE_REFERRER_POLICY` of Django, Flask-Talisman's `referrer_policy`, the header
set by hand.

## Why it matters
Browsers tell each site that a page links to where the visitor came from. With such a policy that is the whole
address: a token to reset a password, a search, the number of a customer.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_REFERRER_POLICY = "unsafe-url"
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
```

## Limits
Where `SecurityMiddleware` itself is missing, that is reported instead. Policies given by a `<meta>` element or a
link's `referrerpolicy` are not read.

## References
- [Django: SECURE_REFERRER_POLICY](https://docs.djangoproject.com/en/stable/ref/settings/#secure-referrer-policy)
- [MDN: Referrer-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Referrer-Policy)
- [CWE-598: Use of GET Request Method With Sensitive Query Strings](https://cwe.mitre.org/data/definitions/598.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.security import header_values, is_leaking_referrer
from checks.frameworks.flask.talisman import CALLS, told
from checks.frameworks.proxies import proxy_sends
from checks.frameworks.settings import standing
from checks.rule import LIKELY, LOW, Call, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=598,
    severity=LOW,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` is {value}: other sites learn whole addresses, tokens in them included",
    advice="Send `Referrer-Policy: same-origin` or `strict-origin-when-cross-origin`",
)

_SETTING = "SECURE_REFERRER_POLICY"
_HEADER = "Referrer-Policy"


@rule.on_setting(_SETTING)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The policy is switched off, or one that leaks."""
    wrong = standing(setting, file, is_leaking_referrer)
    if wrong is None or setting.framework != "django" or proxy_sends(file, _HEADER):
        return
    yield rule.finding(
        setting.node,
        file,
        what=_SETTING,
        value=file.segment(setting.value),
        cause_hint=rf"\b{_SETTING}\b.*(origin|no-referrer['\"])",
    )


@rule.on_node(ast.Module)
def check_header(node: ast.Module, file: File) -> Iterator[Finding]:
    """The header is set by hand to a policy that leaks."""
    for header, value in header_values(file, _HEADER):
        if is_leaking_referrer(value):
            yield rule.finding(header.node, file, what=_HEADER, value=file.segment(header.value))


@rule.on_call(*CALLS)
def check_talisman(call: Call, file: File) -> Iterator[Finding]:
    """Flask-Talisman is told to leave the header out, or to send a policy that leaks."""
    value = told("referrer_policy", call, file)
    given = call.argument(None, "referrer_policy")
    if value is None or given is None or not is_leaking_referrer(value.value):
        return
    if not proxy_sends(file, _HEADER):
        yield rule.finding(given, file, what="referrer_policy", value=file.segment(given))
