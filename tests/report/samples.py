"""Reports that the tests of all formats share: one that is likely, one that is hostile, one that is large."""

from __future__ import annotations

from dataclasses import replace

from checks.checklist import judge
from checks.model import (
    Confidence,
    DeletedLine,
    Edit,
    Exemption,
    Finding,
    Fix,
    Place,
    Problem,
    Report,
    Severity,
    Span,
    Statistics,
    Step,
)

VIEWS = '''\
"""Views of the shop."""

import requests
from django.shortcuts import redirect, render

from shop.models import Order


def after_login(request):
    target = request.GET.get("next", "/")
    return redirect(target)


def orders(request):
    """The orders of everybody."""
    found = Order.objects.filter(open=True)
    return render(request, "shop/orders.html", {"orders": found, "currency": "€"})


def rates(request):
    answer = requests.get("https://rates.example.com/latest")
    return render(request, "shop/rates.html", answer.json())
'''

MODELS = """\
from django.db import models


class Order(models.Model):
    note = models.CharField(max_length=200, null=True)
    lines: list[str] = []

    def add(self, name, seen=[]):
        seen.append(name)
        return seen
"""

SETTINGS = """\
DEBUG = True
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
]
"""

REDIRECT = Finding(
    rule="security/open-redirect",
    checklist="security.input-validation",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=601,
    path="shop/views.py",
    span=Span(11, 21, 11, 27),
    message="`target` comes from the request and is redirected to unchecked",
    scope="after_login",
    source="redirect(target)",
    fingerprint="4f2ac1d09b77e315",
    trace=(
        Step("shop/views.py", 10, "`target` is read from the query string"),
        Step("shop/views.py", 11, "`target` is the address of the redirect"),
    ),
    fix=Fix(
        "Redirect only to addresses of this site",
        safe=True,
        edits=(
            Edit(
                "shop/views.py",
                4,
                4,
                "from django.shortcuts import redirect, render\n"
                "from django.utils.http import url_has_allowed_host_and_scheme\n",
            ),
            Edit(
                "shop/views.py",
                11,
                11,
                "    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):\n"
                '        target = "/"\n'
                "    return redirect(target)\n",
            ),
        ),
    ),
)
TIMEOUT = Finding(
    rule="performance/http-timeout-missing",
    checklist="performance.background-work",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=400,
    path="shop/views.py",
    span=Span(21, 14, 21, 62),
    message="`requests.get` waits forever without a timeout",
    scope="rates",
    source="requests.get('https://rates.example.com/latest')",
    fingerprint="88e1b6a2c4d9f001",
    fix=Fix(
        "Give the request a timeout",
        safe=False,
        edits=(
            Edit(
                "shop/views.py",
                21,
                21,
                '    answer = requests.get("https://rates.example.com/latest", timeout=10)\n',
            ),
        ),
    ),
    caused_by=DeletedLine("shop/views.py", 21),
)
DEFAULT = Finding(
    rule="maintainability/mutable-default",
    checklist="maintainability.correctness",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=None,
    path="shop/models.py",
    span=Span(8, 30, 8, 32),
    message="`seen` is one list that all calls share",
    advice="Default to None and make the list inside",
    scope="Order.add",
    source="[]",
    fingerprint="0b5e77d1a2f3c498",
)
DEBUG = Finding(
    rule="security/debug-enabled",
    checklist="security.debug-off",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=489,
    path="shop/settings.py",
    span=Span(1, 9, 1, 13),
    message="`DEBUG` is on, so errors show settings and source code to visitors",
    source="DEBUG = True",
    fingerprint="c90de4417aa6b532",
    fix=Fix(
        "Read `DEBUG` from the environment, off by default",
        safe=True,
        edits=(Edit("shop/settings.py", 1, 1, ""),),
    ),
)

_CHECKED = {
    "security.input-validation": 14,
    "security.debug-off": 1,
    "security.csrf": 6,
    "security.parameterized-queries": 9,
    "performance.background-work": 3,
    "performance.n-plus-one": 4,
    "maintainability.correctness": 21,
    "maintainability.error-handling": 2,
    "testing.critical-paths": 11,
}
_COVERED = (
    *_CHECKED,
    "security.headers",
    "security.password-hashing",
    "deployment.container",
    "deployment.logging",
)


def report(*findings: Finding, gate: Severity | None = Severity.HIGH, extra: bool = True) -> Report:
    """A review with these findings, and with problems and exemptions unless they are unwanted."""
    return Report(
        findings=findings,
        checklist=judge(
            findings,
            _CHECKED,
            _COVERED,
            gate,
            {"performance.caching": (Place("shop/views.py", 16), Place("shop/context.py", 4))},
        ),
        problems=(Problem("shop/legacy.py", "syntax", "line 3 is not Python", 3),) if extra else (),
        exemptions=(
            (
                Exemption(
                    "suppression", "shop/api.py", 40, ("security/csrf-exempt",), "signed by the partner"
                ),
                Exemption("configuration", ".rubricate.yml", 1, (), ""),
            )
            if extra
            else ()
        ),
        statistics=Statistics(
            files=128,
            lines=14_210,
            seconds=0.84,
            suppressed=1,
            known=7,
            rules={"security/open-redirect": 1, "performance/http-timeout-missing": 1},
        ),
        sources={"shop/views.py": VIEWS, "shop/models.py": MODELS, "shop/settings.py": SETTINGS},
        gate=gate,
        base="1f0c3de",
        head="9ab27f4",
    )


LIKELY = report(DEBUG, DEFAULT, REDIRECT, TIMEOUT)
CLEAN = report(extra=False)

EVIL = (
    "<script>document.documentElement.dataset.ran=1</script>"
    "<img src=https://evil.example/x onerror=document.documentElement.dataset.ran=1>"
    "\x1b[2J\x1b]0;owned\x07\r\n::error::injected\n```\n~~~\n</code></pre></details>--> ]]> | "
    "@octocat #1 GH-2 [click](javascript:alert(1)) ![x](https://evil.example/y) `a``b` "
    "\u202eevil\u2066 \ud800 {{ 7*7 }} {0} %0A"
)


def hostile() -> Report:
    """A report in which every string that a reviewed project can influence tries to break out."""
    finding = replace(
        REDIRECT,
        path=f"a/{EVIL}.py",
        message=f"`{EVIL}` breaks out {EVIL}",
        scope=EVIL,
        source=EVIL,
        trace=(Step(f"b/{EVIL}", 1, EVIL), Step("nowhere.py", 10**9, EVIL)),
        fix=Fix(EVIL, safe=False, edits=(Edit(f"a/{EVIL}.py", 11, 11, f"{EVIL}\n"),)),
        caused_by=DeletedLine(EVIL, 3),
    )
    long = replace(finding, path="long.py", span=Span(1, 50_000, 1, 50_010), fingerprint="long")
    outside = replace(finding, path="long.py", span=Span(70, 9, 90, 3), fingerprint="outside")
    base = report(finding, long, outside)
    return replace(
        base,
        problems=(Problem(EVIL, "syntax", EVIL, 1),),
        exemptions=(Exemption("suppression", EVIL, 1, (EVIL,), EVIL),),
        sources={finding.path: f"{EVIL}\n" * 20, f"b/{EVIL}": EVIL, "long.py": "x = 1; " * 20_000},
        checklist=tuple(replace(entry, evidence=EVIL, places=(Place(EVIL, 2),)) for entry in base.checklist),
    )


def large(count: int = 5_000) -> Report:
    """A report with many findings of all severities in many files."""
    severities = tuple(Severity)
    return report(
        *(
            replace(
                REDIRECT,
                path=f"app{number % 50}/views.py",
                span=Span(1 + number // 50, 1, 1 + number // 50, 5),
                severity=severities[number % 4],
                fingerprint=f"{number:016x}",
            )
            for number in range(count)
        )
    )
