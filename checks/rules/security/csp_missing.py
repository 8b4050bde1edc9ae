"""Pages without a content security policy.

## What it does
Reports Django settings in which nothing sends a content security policy (neither Django's own `SECURE_CSP` nor
django-csp nor a middleware of the project's), policies that are only reported and never enforced, and
Flask-Talisman told to leave the policy out.

## Why it matters
A policy is the second line behind escaping: where one value slips through unescaped, the browser still refuses to
run the script that it brings, or to send what it reads to another site.

## Example
```python title="app.py"
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app, content_security_policy=None)
```

## Use instead
```python title="app.py"
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app, content_security_policy={"default-src": "'self'"})
```

## Limits
That a policy is missing is of low severity: a site without one is not broken. A proxy's policy is seen where the
repository holds its configuration. Flask applications without Flask-Talisman are the matter of
`security/security-middleware-missing`.

## References
- [Django: content security policy](https://docs.djangoproject.com/en/stable/ref/csp/)
- [django-csp](https://django-csp.readthedocs.io/en/latest/)
- [CWE-1021: Improper Restriction of Rendered UI Layers or Frames](https://cwe.mitre.org/data/definitions/1021.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.csp import HEADER
from checks.frameworks.django.middleware import SECURITY, SETTINGS, whole_site_with
from checks.frameworks.django.modules import site_of
from checks.frameworks.flask.talisman import CALLS, told
from checks.frameworks.proxies import proxy_sends
from checks.frameworks.settings import is_for_development, replacements
from checks.rule import LIKELY, LOW, POSSIBLE, Call, File, Finding, Role, Rule, Setting
from checks.semantics.roles import role_of

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=1021,
    severity=LOW,
    confidence=POSSIBLE,
    roles=(Role.PRODUCTION,),
    message="{what}: a script that slips into a page runs",
    advice="Send a content security policy: `SECURE_CSP` of Django 6, django-csp, Flask-Talisman",
)

_ENFORCED = ("SECURE_CSP", "CONTENT_SECURITY_POLICY", "CSP_DEFAULT_SRC", "CSP_SCRIPT_SRC")
_REPORTED = ("SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY_REPORT_ONLY", "CSP_REPORT_ONLY")
_WORDS = ("csp", "content_security", "contentsecurity", "security_headers", "securityheaders")


@rule.on_setting(*SETTINGS)
def check_django(setting: Setting, file: File) -> Iterator[Finding]:
    """All headers but the policy are sent, and nothing in the project names it."""
    found = whole_site_with(SECURITY, setting, file)
    if found is None or found.site.mentions(*_ENFORCED, *_REPORTED) or proxy_sends(file, HEADER):
        return
    dotted = (text.lower() for text in found.site.texts if "." in text and len(text) < 200)
    if any(word in text for text in dotted for word in _WORDS) or _is_named(file):
        return
    yield rule.finding(
        found.entry.node,
        file,
        what="No content security policy is sent",
        cause_hint=r"(?i)\bSECURE_CSP\b|\bCONTENT_SECURITY_POLICY\b|\bCSP_\w+|csp\.|ContentSecurityPolicy",
    )


def _is_named(file: File) -> bool:
    """Whether code that is no test names the header."""
    paths = file.project.mentioning((HEADER, HEADER.lower()), ".py")
    return any(role_of(path) is not Role.TEST for path in paths)


@rule.on_setting("SECURE_CSP_REPORT_ONLY", "CONTENT_SECURITY_POLICY_REPORT_ONLY")
def check_reported(setting: Setting, file: File) -> Iterator[Finding]:
    """A policy that browsers report and don't enforce, without another that they do."""
    if setting.framework != "django" or setting.conditional or is_for_development(setting.node):
        return
    if any(True for _ in replacements(setting, file)):
        return
    site = site_of(file)
    if site.complete and not site.mentions(*_ENFORCED) and not proxy_sends(file, HEADER):
        yield rule.finding(
            setting.node,
            file,
            what="The content security policy is only reported, not enforced",
            cause_hint=r"\bSECURE_CSP\b|\bCONTENT_SECURITY_POLICY\b",
        )


@rule.on_call(*CALLS)
def check_talisman(call: Call, file: File) -> Iterator[Finding]:
    """Flask-Talisman is told to leave the policy out, or to report only."""
    for option in ("content_security_policy", "content_security_policy_report_only"):
        value = told(option, call, file)
        given = call.argument(None, option)
        if value is None or given is None or bool(value.value) is (option == "content_security_policy"):
            continue
        if not proxy_sends(file, HEADER):
            off = option == "content_security_policy"
            what = "The content security policy is left out" if off else "The policy is only reported"
            yield rule.finding(given, file, confidence=LIKELY, what=what)
