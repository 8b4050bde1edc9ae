"""Sign-in, password reset and token endpoints that may be tried without end.

## What it does
Reports views that check passwords or one-time codes, send reset mails or hand out tokens, in projects where nothing
limits how often they are called: no throttle, no limiter, no lock-out.

## Why it matters
Lists of millions of leaked passwords are tried against every sign-in page that answers fast enough, and a six-digit
code is guessed in an hour. A limit of ten tries a minute makes both hopeless.

## Example
```python title="shop/views.py"
from django.contrib.auth import authenticate, login
from django.shortcuts import redirect
from django.urls import path


def sign_in(request):
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    if user is not None:
        login(request, user)
    return redirect("home")


urlpatterns = [path("sign-in/", sign_in)]
```

## Use instead
```python title="shop/views.py"
from django.contrib.auth import authenticate, login
from django.shortcuts import redirect
from django.urls import path
from django_ratelimit.decorators import ratelimit


@ratelimit(key="ip", rate="10/m")
def sign_in(request):
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    if user is not None:
        login(request, user)
    return redirect("home")


urlpatterns = [path("sign-in/", sign_in)]
```

## Limits
A limit that a proxy or firewall sets can't be seen. Where the settings, the manifests or the modules in which an
application is put together mention django-axes, django-ratelimit, django-defender, Flask-Limiter, throttle classes or
an attempt counter, the whole project is taken to be limited.

## References
- [Django: additional security topics](https://docs.djangoproject.com/en/stable/topics/security/#additional-security-topics)
- [Django REST framework: throttling](https://www.django-rest-framework.org/api-guide/throttling/)
- [OWASP: credential stuffing](https://cheatsheetseries.owasp.org/cheatsheets/Credential_Stuffing_Prevention_Cheat_Sheet.html)
- [CWE-307: Improper Restriction of Excessive Authentication Attempts](https://cwe.mitre.org/data/definitions/307.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.drf.settings import SETTINGS_FILES
from checks.rule import LIKELY, MEDIUM, Call, File, Finding, Rule, View
from checks.semantics.enclosing import called
from checks.semantics.nodes import descendants
from checks.semantics.source import Project

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=307,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{view}` may be called without end: nothing limits how often passwords or codes are tried",
    advice="Limit how often it is called: a DRF throttle, django-axes, django-ratelimit, Flask-Limiter",
)

_VIEWS = re.compile(
    r"(django\.contrib\.auth\.views\.(LoginView|PasswordResetView)"
    r"|rest_framework\.authtoken\.views\.(ObtainAuthToken|obtain_auth_token)"
    r"|rest_framework_simplejwt\.views\.Token(Obtain\w+|ObtainPair)View)"
)
_CHECKING = frozenset({"authenticate", "check_password", "check_password_hash", "checkpw", "verify_password"})
_AND_SIGNS_IN = frozenset(
    {"login", "login_user", "create_access_token", "encode", "get_or_create", "for_user", "start_session"}
)
_LIMITING = (
    "axes",
    "ratelimit",
    "rate_limit",
    "RateLimit",
    "defender",
    "Limiter",
    "throttl",
    "Throttl",
    "THROTTLE",
    "login_attempt",
    "LoginAttempt",
    "LOGIN_ATTEMPT",
    "failed_login",
    "FAILED_LOGIN",
    "lockout",
    "django-allauth",
    "allauth",
    "hcaptcha",
    "recaptcha",
    "turnstile",
)
_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile", ".txt")
_ASSEMBLED = (
    "__init__.py",
    "app.py",
    "extensions.py",
    "factory.py",
    "middleware.py",
    "urls.py",
    "decorators.py",
)
_AUTH_FILES = (
    "auth.py",
    "authentication.py",
    "backends.py",
    "throttling.py",
    "forms.py",
    "views.py",
    "models.py",
)


@rule.on_view()
def check_view(view: View, file: File) -> Iterator[Finding]:
    """A view that signs in itself, or derives from one of the frameworks' that do."""
    if not view.routes or view.throttled or not (_derives(view) or _signs_in(view.node)):
        return
    if not _is_limited(file.project):
        yield rule.finding(view.node, file, view=view.name, cause_hint=r"ratelimit|throttle|limiter|axes")


@rule.on_call("*.as_view")
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """One of the frameworks' own views, where it is routed."""
    owner = call.node.func
    name = file.resolve(owner.value) if isinstance(owner, ast.Attribute) else None
    if (
        name is None
        or _VIEWS.fullmatch(name) is None
        or "throttle_classes" in {k.arg for k in call.node.keywords}
    ):
        return
    if not _is_limited(file.project):
        yield rule.finding(call.node, file, view=name.rpartition(".")[2])


def _derives(view: View) -> bool:
    return any(node is None and _VIEWS.fullmatch(name) for name, node, _ in view.lineage)


def _signs_in(node: ast.AST) -> bool:
    """Whether code checks a password, and lets in who knew it."""
    words = {called(inner) for inner in descendants(node) if isinstance(inner, ast.Call)}
    return not words.isdisjoint(_CHECKING) and not words.isdisjoint(_AND_SIGNS_IN)


def _is_limited(project: Project) -> bool:
    """Whether anything in the project limits requests or attempts."""
    return project.once("rate-limited", lambda: _mentions_limit(project))


def _mentions_limit(project: Project) -> bool:
    files = (*SETTINGS_FILES, *_MANIFESTS, *_ASSEMBLED, *_AUTH_FILES)
    return bool(project.mentioning(_LIMITING, *files))
