"""Content security policies that let scripts in.

## What it does
Reports policies that allow `'unsafe-inline'` (without a nonce or hash), `'unsafe-eval'`, `*`, `https:` or `data:`
for scripts: in `SECURE_CSP` of Django, in django-csp's settings, in Flask-Talisman, in headers set by hand.

## Why it matters
The policy is there for the day on which an attacker's text gets into a page unescaped. With `'unsafe-inline'` the
browser runs that script like any other, with `*` it loads one from the attacker's server: the policy then stops
nothing.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": ["'self'", "'unsafe-inline'"]}}
```

## Use instead
```python title="shop/settings.py"
from csp.constants import NONCE, SELF

ROOT_URLCONF = "shop.urls"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [SELF, NONCE]}}
```

## Limits
Only what scripts may do is judged; inline styles are left alone. Sources that can't be seen are taken for good
ones, and policies that are only reported are not judged. Policies of single views (`@csp_update`) are not read.

## References
- [Django: SECURE_CSP](https://docs.djangoproject.com/en/stable/ref/settings/#secure-csp)
- [MDN: Content-Security-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP)
- [CWE-79: Improper Neutralization of Input During Web Page Generation](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import groupby

from checks.frameworks.csp import HEADER, Gap, gaps, policy_in, policy_in_text, sources_in
from checks.frameworks.django.security import header_values
from checks.frameworks.flask.talisman import CALLS, is_talisman
from checks.frameworks.settings import depends_on_debug, is_for_development, replacements, settings_of
from checks.rule import LIKELY, LOW, POSSIBLE, Call, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=79,
    severity=LOW,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{directive}` allows `{source}`: {consequence} in spite of the policy",
    advice="Allow scripts by nonce or hash, from named hosts only",
)

_EVAL = "'unsafe-eval'"  # many libraries of scripts need it, and it runs no script by itself
_OLD = {
    "CSP_DEFAULT_SRC": "default-src",
    "CSP_SCRIPT_SRC": "script-src",
    "CSP_SCRIPT_SRC_ELEM": "script-src-elem",
}


@rule.on_setting("SECURE_CSP", "CONTENT_SECURITY_POLICY", *_OLD)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """A policy of Django 6 or of django-csp, in its new or old form."""
    if setting.conditional or is_for_development(setting.node) or depends_on_debug(setting.value):
        return
    if any(True for _ in replacements(setting, file)):
        return
    if setting.name not in _OLD:
        yield from _judge(_inner(setting.value), file)
        return
    given = {item.name for item in settings_of(file)}
    covered = setting.name == "CSP_DEFAULT_SRC" and "CSP_SCRIPT_SRC" in given
    if not covered and "CSP_INCLUDE_NONCE_IN" not in given:
        yield from _report({_OLD[setting.name]: sources_in(setting.value, file)}, setting.value, file)


def _inner(value: ast.expr) -> ast.expr:
    """The directives of django-csp 4, which stand under a key of their own."""
    if isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "DIRECTIVES":
                return item
    return value


@rule.on_call(*CALLS)
def check_talisman(call: Call, file: File) -> Iterator[Finding]:
    """The policy that Flask-Talisman sends."""
    given = call.argument(None, "content_security_policy")
    reported = call.argument(None, "content_security_policy_report_only")
    nonced = call.argument(None, "content_security_policy_nonce_in")
    if given is not None and reported is None and nonced is None and is_talisman(call, file):
        yield from _judge(given, file)


@rule.on_node(ast.Module)
def check_header(node: ast.Module, file: File) -> Iterator[Finding]:
    """The header is set by hand."""
    for header, value in header_values(file, HEADER):
        if isinstance(value, str):
            yield from _report(policy_in_text(value), header.node, file)


def _judge(value: ast.expr, file: File) -> Iterator[Finding]:
    """The gaps of a policy in source, each at its directive where that can be pointed at."""
    shown = file.names.value(value)
    policy = policy_in(value, file)
    if not isinstance(shown, ast.Dict):
        yield from _report(policy, value, file)
        return
    places = {
        str(key.value).lower(): item
        for key, item in zip(shown.keys, shown.values, strict=True)
        if isinstance(key, ast.Constant)
    }
    for found in _by_directive(policy):
        yield _finding(places.get(found[0].directive, value), found, file)


def _report(policy: Mapping[str, tuple[str, ...]], at: ast.AST, file: File) -> Iterator[Finding]:
    for found in _by_directive(policy):
        yield _finding(at, found, file)


def _by_directive(policy: Mapping[str, tuple[str, ...]]) -> Iterator[list[Gap]]:
    """The gaps of a policy, those of one directive together: they are mended on one line."""
    for _, found in groupby(gaps(policy), key=lambda gap: gap.directive):
        yield list(found)


def _finding(at: ast.AST, found: list[Gap], file: File) -> Finding:
    worst = next((gap for gap in found if gap.source != _EVAL), found[0])
    return rule.finding(
        at,
        file,
        confidence=POSSIBLE if worst.source == _EVAL else None,
        directive=worst.directive,
        source=" ".join(gap.source for gap in found),
        consequence=worst.consequence,
    )
