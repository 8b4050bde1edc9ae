"""Views that anyone may call by their nature: sign-in and sign-up, webhooks, contact forms, carts, health checks."""

from __future__ import annotations

import re

from checks.frameworks.access import words
from checks.frameworks.views import View

_OPEN = re.compile(
    r"acme|activate|activation|anonymous|apply|auth|authenticate|basket|callback|captcha|cart|cas|checkout|confirm|"
    r"confirmation|contact|cookie|csp|device|donate|embed|enquiry|error|export|feedback|forgot|graphql|guest|health|"
    r"healthz|hook|inbound|initialize|inquiry|install|invitation|invite|ipn|join|kiosk|language|ldap|locale|log|login|"
    r"logout|"
    r"newsletter|notification|oauth|oauth2|onboarding|open|otp|passwd|password|payment|ping|preview|public|recover|"
    r"recovery|redirect|refresh|register|registration|report|resend|reset|rsvp|saml|search|session|setup|shibboleth|sign|"
    r"signin|signout|signup|sso|status|subscribe|survey|theme|timezone|token|track|tracking|unsubscribe|validate|"
    r"verification|verify|version|vote|webhook|widget|wizard"
)
_PART = re.compile(r"[A-Za-z0-9]+")


def is_open_by_nature(view: View) -> bool:
    """Whether a view's name, or one of its URLs, says that visitors without an account call it."""
    names = words(view.name)
    for route in view.routes:
        for text in (route.pattern, route.name.rpartition(":")[2]):
            names |= {part.lower() for part in _PART.findall(text)}
    return any(_OPEN.fullmatch(name) or _OPEN.fullmatch(name.removesuffix("s")) for name in names)
