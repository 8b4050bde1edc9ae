"""Views exempted from CSRF protection.

## What it does
Reports views that Django's `csrf_exempt` or the `exempt` of Flask-WTF and SeaSurf take out of the protection against
cross-site request forgery, and authentication classes whose `enforce_csrf` does nothing.

## Why it matters
A browser sends a visitor's cookies with every request to a site, also with one that a page of someone else makes.
Without the token that other sites can't know, such a page changes the visitor's address or orders in their name.

## Example
```python title="shop/views.py"
from django.contrib.auth.decorators import login_required
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
@login_required
def change_address(request):
    request.user.address = request.POST["address"]
    request.user.save()
```

## Use instead
```python title="shop/views.py"
from django.contrib.auth.decorators import login_required


@login_required
def change_address(request):
    request.user.address = request.POST["address"]
    request.user.save()
```

## Limits
A view that has a signature, key or token of the request checked needs no protection and is not reported; that is told
from the names of what it calls. Where it asks for no session, it is reported, as slight, only if it writes to the
database or the session in sight and reads no such header: nothing else is done in a visitor's name.
`view.csrf_exempt = True` is not seen.

## References
- [Django: CSRF protection](https://docs.djangoproject.com/en/stable/howto/csrf/)
- [Flask-WTF: CSRF protection](https://flask-wtf.readthedocs.io/en/stable/csrf/)
- [CWE-352: Cross-Site Request Forgery](https://cwe.mitre.org/data/definitions/352.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.authority import (
    acts_for_session,
    changes_something,
    is_read_only,
    is_rest_view,
    proves_itself,
    reads_credentials,
    view_of,
)
from checks.rule import HIGH, LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Function, Rule
from checks.semantics.definitions import origin
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="security.csrf",
    cwe=352,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{view}` takes requests without CSRF protection: other sites can act as its visitors",
    advice="Take the exemption away, or check a signature or token that the request brings",
)

_EXEMPT = frozenset(
    {
        "django.views.decorators.csrf.csrf_exempt",
        "flask_seasurf.SeaSurf.exempt",
        "flask_wtf.CSRFProtect.exempt",
        "flask_wtf.csrf.CSRFProtect.exempt",
    }
)
_HINT = r"verif|signature|hmac|compare_digest|authori[sz]ation|token|api_?key"


@rule.on_function()
def check_function(node: Function, file: File) -> Iterator[Finding]:
    """A view function or method is decorated, or a REST authentication class skips the check."""
    owner = parent(node)
    if isinstance(owner, ast.ClassDef) and node.name == "enforce_csrf" and _does_nothing(node):
        yield rule.finding(node, file, severity=HIGH, view=owner.name)
        return
    view = owner if isinstance(owner, ast.ClassDef) else node
    for decorator in node.decorator_list:
        if _exempts(decorator, file):
            yield from _judge(decorator, view, file, file)


@rule.on_class()
def check_class(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """A view class is decorated, by `method_decorator`."""
    for decorator in node.decorator_list:
        if _exempts(decorator, file):
            yield from _judge(decorator, node, file, file)


@rule.on_call("django.views.decorators.csrf.csrf_exempt", "*.exempt")
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """A view is wrapped where it is routed, or a blueprint is exempted as a whole."""
    given = call.argument(0)
    if given is None or not _exempts(call.node.func, file):
        return
    found = view_of(given, file)
    if found is not None:
        yield from _judge(call.node, *found, file)
    elif file.resolve(given) is not None:
        name = file.segment(given).partition(".as_view")[0]
        yield rule.finding(call.node, file, confidence=POSSIBLE, view=name)


def _exempts(decorator: ast.expr, file: File) -> bool:
    """Whether a decorator is an exemption, bare or handed to `method_decorator`, alone or in a list."""
    decorator = decorator if isinstance(decorator, ast.Call) else file.names.value(decorator)  # type: ignore[assignment]
    if isinstance(decorator, (ast.List, ast.Tuple)):
        return any(_exempts(item, file) for item in decorator.elts)
    if isinstance(decorator, ast.Call):
        name = file.resolve(decorator.func) or ""
        return (
            name.endswith(".method_decorator") and bool(decorator.args) and _exempts(decorator.args[0], file)
        )
    name = file.resolve(decorator) or ""
    return bool(name) and (name in _EXEMPT or origin(name, file) in _EXEMPT)


def _judge(at: ast.expr, view: ast.AST, home: File, file: File) -> Iterator[Finding]:
    """What an exemption of a view amounts to."""
    if is_rest_view(view, home) or is_read_only(view, home) or proves_itself(view, home):
        return
    carried = reads_credentials(view, home)
    session = acts_for_session(view, home)
    if not session and (carried or not changes_something(view, home)):
        return  # nothing that a visitor's browser is asked for in another's name
    session = session and not carried
    yield rule.finding(
        at,
        file,
        severity=HIGH if session else LOW if carried else None,
        confidence=None if session else POSSIBLE,
        view=getattr(view, "name", "view"),
        cause_hint=_HINT,
    )


def _does_nothing(node: Function) -> bool:
    """Whether a function's body is empty but for a docstring, `pass` or a bare `return`."""
    return all(
        isinstance(item, ast.Pass)
        or (isinstance(item, ast.Return) and (item.value is None or isinstance(item.value, ast.Constant)))
        or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
        for item in node.body
    )
