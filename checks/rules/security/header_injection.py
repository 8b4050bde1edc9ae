r"""Headers that hold what a visitor sends.

## What it does
Reports request data in the headers of mails that go out as they are, where nothing refuses line breaks.

## Why it matters
A line break ends a header. What follows is another one: a second recipient, another sender, or the body of the mail.

## Example
```python title="shop/views.py"
import smtplib
from email.mime.text import MIMEText

from django.http import HttpResponse


def contact(request):
    body = "Subject: " + request.POST["subject"] + "\n\nHello"
    smtplib.SMTP("localhost").sendmail("shop@example.org", ["office@example.org"], body)
    return HttpResponse("sent")
```

## Use instead
```python title="shop/views.py"
from django.core.mail import send_mail
from django.http import HttpResponse


def contact(request):
    send_mail(request.POST["subject"], "Hello", "shop@example.org", ["office@example.org"])
    return HttpResponse("sent")
```

## Limits
Django and Werkzeug refuse line breaks in the headers of their responses and mails: those are not reported.

## References
- [Django: preventing header injection](https://docs.djangoproject.com/en/stable/topics/email/#preventing-header-injection)
- [CWE-113: HTTP Response Splitting](https://cwe.mitre.org/data/definitions/113.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import MEDIUM, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=113,
    severity=MEDIUM,
    message="`{text}` holds request data and goes into a header: a line break begins another one",
    advice="Refuse line breaks, or take the value from a list",
)


@rule.on_flow("header")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
