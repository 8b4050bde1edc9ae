"""Any host name accepted in production.

## What it does
Reports `ALLOWED_HOSTS` of Django that hold `"*"`.

## Why it matters
The request decides which host Django believes to be served at, and so where the links of its mails lead.

## Example
```python title="shop/settings.py"
ALLOWED_HOSTS = ["*"]
```

## Use instead
```python title="shop/settings.py"
ALLOWED_HOSTS = ["shop.example"]
```

## Limits
Settings for development and tests are left alone.

## References
- [Django: ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.environment import unset_value
from checks.frameworks.settings import is_for_development
from checks.rule import MEDIUM, File, Finding, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=644,
    severity=MEDIUM,
    message="`{what}` accepts any host: the request decides where links and redirects lead",
    advice="List the host names that the site is served at",
)


@rule.on_setting("ALLOWED_HOSTS")
def check(setting: Setting, file: File) -> Iterator[Finding]:
    """The list holds an asterisk."""
    hosts = unset_value(setting.value, file)
    if hosts is None or setting.conditional or is_for_development(setting.node):
        return
    if isinstance(hosts.value, list | tuple) and "*" in hosts.value:
        yield rule.finding(setting.node, file, what=file.segment(setting.node))
