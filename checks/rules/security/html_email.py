"""Mails with markup that a visitor writes.

## What it does
Reports request data in the HTML of mails that nothing has escaped: `html_message`, `attach_alternative`, Flask-Mail's
`html`.

## Why it matters
A mail from the shop's own address with a stranger's link and picture is the best phishing there is, and it passes every
check of the sender.

## Example
```python title="shop/views.py"
from django.core.mail import send_mail
from django.http import HttpResponse


def invite(request):
    markup = f"<p>{request.POST['message']}</p>"
    send_mail("Hello", "", "shop@example.org", ["ada@example.org"], html_message=markup)
    return HttpResponse("sent")
```

## Use instead
```python title="shop/views.py"
from django.core.mail import send_mail
from django.http import HttpResponse
from django.utils.html import format_html


def invite(request):
    markup = format_html("<p>{}</p>", request.POST["message"])
    send_mail("Hello", "", "shop@example.org", ["ada@example.org"], html_message=markup)
    return HttpResponse("sent")
```

## Limits
Templates that switch escaping off are reported by the rules about templates.

## References
- [Django: sending alternative content types](https://docs.djangoproject.com/en/stable/topics/email/#sending-alternative-content-types)
- [CWE-79: Cross-site Scripting](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import MEDIUM, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=MEDIUM,
    message="`{text}` holds request data and is the markup of a mail",
    advice="Escape it, or render a template of Django or Jinja2 that does",
)


@rule.on_flow("html-email")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
