"""CSRF protection switched off, or never switched on.

## What it does
Reports `WTF_CSRF_ENABLED = False` and `WTF_CSRF_CHECK_DEFAULT = False`, forms of Flask-WTF without the token
(`class Meta: csrf = False`), and Flask applications that use Flask-WTF, read posted forms by hand and never set up
`CSRFProtect`.

## Why it matters
Flask-WTF checks the token of its own forms only. A route that reads `request.form` itself is open: a page of
someone else posts to it with the visitor's cookies, and acts in their name.

## Example
```python title="config.py"
class ProductionConfig:
    WTF_CSRF_ENABLED = False
```

## Use instead
```python title="config.py"
class ProductionConfig:
    WTF_CSRF_ENABLED = True
```

## Limits
Routes that read JSON, and those that are not marked with `methods=`, are not looked at for the last case. Forms
whose names say that they only search or filter may go without a token.

## References
- [Flask-WTF: CSRF protection](https://flask-wtf.readthedocs.io/en/stable/csrf/)
- [Flask-WTF: configuration](https://flask-wtf.readthedocs.io/en/stable/config/)
- [CWE-352: Cross-Site Request Forgery](https://cwe.mitre.org/data/definitions/352.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.switch import switched
from checks.frameworks.flask.forms import posts_by_hand
from checks.frameworks.settings import is_for_development, standing, words
from checks.model import Fix
from checks.rule import HIGH, LIKELY, MEDIUM, POSSIBLE, Call, File, Finding, Role, Rule, Setting
from checks.semantics.definitions import bases
from checks.semantics.roles import role_of

rule = Rule(
    __name__,
    checklist="security.csrf",
    cwe=352,
    severity=HIGH,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` {state}: other sites can act as whoever is logged in",
    advice="Set `CSRFProtect(app)` up, and leave its check on",
)

_FORMS = ("flask_wtf.FlaskForm", "flask_wtf.form.FlaskForm", "flask_wtf.Form")
_PROTECTION = ("CSRFProtect", "CsrfProtect", "SeaSurf", "csrf_protect", "validate_csrf")
_READING = frozenset({"export", "filter", "find", "lookup", "query", "search", "webhook"})


@rule.on_setting("WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The check is switched off; one that is made by hand needs no default."""
    off = standing(setting, file, lambda value: not value)
    if off is None or setting.framework != "flask":
        return
    if setting.name == "WTF_CSRF_CHECK_DEFAULT" and file.project.mentioning((".protect()",), ".py"):
        return
    edit = switched(setting.value, True, file)
    yield rule.finding(
        setting.node,
        file,
        what=setting.name,
        state="is off unless told otherwise" if off.unless_told else "is off",
        fix=Fix("Keep the protection on", False, (edit,)) if edit else None,
        cause_hint=rf"\b{setting.name}\b.*\b(True|1)\b",
    )


@rule.on_class()
def check_form(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """A form of Flask-WTF goes without the token."""
    meta = next((item for item in node.body if isinstance(item, ast.ClassDef) and item.name == "Meta"), None)
    if meta is None or not words(node.name).isdisjoint(_READING) or is_for_development(node):
        return
    for item in meta.body:
        if isinstance(item, ast.Assign) and file.segment(item.targets[0]) == "csrf" and _is_false(item.value):
            if any(name in _FORMS for name, _, _ in bases(node, file)):
                yield rule.finding(
                    item,
                    file,
                    severity=MEDIUM,
                    confidence=POSSIBLE,
                    what=node.name,
                    state="goes without the token",
                )


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


@rule.on_call("flask.Flask")
def check_application(call: Call, file: File) -> Iterator[Finding]:
    """The project has Flask-WTF and routes that read forms by hand, and nothing protects these."""
    if is_for_development(call.node) or not _running(file, ("flask_wtf",)) or _running(file, _PROTECTION):
        return
    route = posts_by_hand(file)
    if route is not None:
        yield rule.finding(
            call.node,
            file,
            severity=MEDIUM,
            confidence=LIKELY,
            what=route,
            state="reads a form that nothing protects",
            cause_hint=r"(?i)csrfprotect|seasurf|csrf\.init_app",
        )


def _running(file: File, texts: tuple[str, ...]) -> bool:
    return any(role_of(path) is not Role.TEST for path in file.project.mentioning(texts, ".py"))
