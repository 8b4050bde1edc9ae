"""Pages that any site may show in a frame.

## What it does
Reports Django settings without `XFrameOptionsMiddleware`, and values of `X_FRAME_OPTIONS`, of the header set by
hand and of Flask-Talisman's `frame_options` that browsers don't know, such as `ALLOWALL`.

## Why it matters
Another site lays your page, invisible, over its own buttons. The visitor thinks they start a video, and presses
*Delete account* on your site, where they are logged in.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
X_FRAME_OPTIONS = "ALLOWALL"
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
X_FRAME_OPTIONS = "SAMEORIGIN"
```

## Limits
A content security policy with `frame-ancestors` does the same, and keeps the rule quiet wherever the settings name
it. Views exempted on purpose (`xframe_options_exempt`) are not reported.

## References
- [Django: clickjacking protection](https://docs.djangoproject.com/en/stable/ref/clickjacking/)
- [MDN: X-Frame-Options](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Frame-Options)
- [CWE-1021: Improper Restriction of Rendered UI Layers or Frames](https://cwe.mitre.org/data/definitions/1021.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.middleware import SETTINGS, site_without
from checks.frameworks.django.modules import site_of
from checks.frameworks.django.security import header_values, is_unknown_frame_option
from checks.frameworks.flask.talisman import CALLS, told
from checks.frameworks.proxies import proxy_sends
from checks.frameworks.settings import standing
from checks.rule import LIKELY, LOW, MEDIUM, Call, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=1021,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` {state}: other sites can lay the pages under a click",
    advice="Send `X-Frame-Options: DENY` or `SAMEORIGIN`, or a policy with `frame-ancestors`",
)

_HEADER = "X-Frame-Options"
_POLICY = ("CSP_FRAME_ANCESTORS", "frame-ancestors", "FRAME_ANCESTORS")


@rule.on_setting(*SETTINGS)
def check_middleware(setting: Setting, file: File) -> Iterator[Finding]:
    """The middleware that sends the header is not in the list."""
    site = site_without(setting, file, "XFrameOptions", "clickjacking", "security_headers", "xframe")
    if site is None or _has_policy(file) or proxy_sends(file, _HEADER):
        return
    yield rule.finding(
        setting.node,
        file,
        what=setting.name,
        state="lacks XFrameOptionsMiddleware",
        cause_hint=r"XFrameOptionsMiddleware",
    )


@rule.on_setting("X_FRAME_OPTIONS")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The setting holds what browsers ignore."""
    wrong = standing(setting, file, is_unknown_frame_option)
    if wrong is None or setting.framework != "django" or _has_policy(file) or proxy_sends(file, _HEADER):
        return
    yield rule.finding(
        setting.node,
        file,
        what=f"{setting.name} = {file.segment(setting.value)}",
        state="is unknown to browsers",
        cause_hint=r"\bX_FRAME_OPTIONS\b.*\b(DENY|SAMEORIGIN)\b",
    )


def _has_policy(file: File) -> bool:
    """Whether a content security policy in the settings says who may frame the pages."""
    site = site_of(file)
    return (
        not site.complete or site.mentions(*_POLICY) or any("frame-ancestors" in text for text in site.texts)
    )


@rule.on_node(ast.Module)
def check_header(node: ast.Module, file: File) -> Iterator[Finding]:
    """The header is set by hand to what browsers ignore."""
    for header, value in header_values(file, _HEADER):
        if is_unknown_frame_option(value) and "frame-ancestors" not in file.text:
            text = file.segment(header.value)
            yield rule.finding(
                header.node, file, severity=LOW, what=_HEADER, state=f"is {text}, unknown to browsers"
            )


@rule.on_call(*CALLS)
def check_talisman(call: Call, file: File) -> Iterator[Finding]:
    """Flask-Talisman is told to leave the header out, or to send what browsers ignore."""
    value = told("frame_options", call, file)
    given = call.argument(None, "frame_options")
    if value is None or given is None or "frame-ancestors" in file.text:
        return
    if is_unknown_frame_option(value.value) and not proxy_sends(file, _HEADER):
        yield rule.finding(given, file, what=f"frame_options={file.segment(given)}", state="protects nothing")
