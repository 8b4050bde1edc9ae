"""Tools for developers where everybody can reach them.

## What it does
Reports tools for debugging that are installed in production: the debug toolbar shown to all, django-silk without a
login, Werkzeug's debugger, GraphiQL and introspection of GraphQL switched on.

## Why it matters
They show what a request did: SQL with its values, settings, headers with session cookies, source code. Werkzeug's
debugger runs Python for whoever gets past its PIN. GraphiQL hands an attacker the whole interface to try out.

## Example
```python title="app.py"
from flask import Flask
from werkzeug.debug import DebuggedApplication

app = Flask(__name__)
app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)
```

## Use instead
```python title="app.py"
from flask import Flask
from werkzeug.debug import DebuggedApplication

app = Flask(__name__)
if app.debug:
    app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)
```

## Limits
The toolbar shows nothing while `DEBUG` is off: listed without a condition it is of low severity, unless its own
settings show it to all. GraphQL's tools are reported where they are switched on in so many words.

## References
- [Werkzeug: debugging applications](https://werkzeug.palletsprojects.com/en/stable/debug/)
- [django-silk: authentication and authorisation](https://github.com/jazzband/django-silk#authenticationauthorisation)
- [CWE-489: Active Debug Code](https://cwe.mitre.org/data/definitions/489.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.middleware import middleware_in
from checks.frameworks.django.modules import site_of
from checks.frameworks.setting import is_main_guard
from checks.frameworks.settings import (
    depends_on_debug,
    is_for_development,
    is_under_debug,
    replacements,
    standing,
)
from checks.rule import HIGH, LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Role, Rule, Setting
from checks.semantics.names import ancestors

rule = Rule(
    __name__,
    checklist="security.debug-off",
    cwe=489,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{tool}` is {state} in production: {consequence}",
    advice="Install tools for debugging in the settings for development only",
)

_SHOWS = "visitors may see queries and settings"
_INTERFACE = "visitors get the whole interface to try out"
_DEBUGGERS = ("werkzeug.debug.DebuggedApplication", "werkzeug.debug.tbtools.DebuggedApplication")
_VIEWS = ("*.as_view", "ariadne.asgi.GraphQL", "ariadne.wsgi.GraphQL")


@rule.on_setting("INSTALLED_APPS")
def check_installed(setting: Setting, file: File) -> Iterator[Finding]:
    """The toolbar or silk stand in the list under no condition, and no other module gives another list."""
    if setting.framework != "django" or setting.conditional or is_for_development(setting.node):
        return
    if any(True for _ in replacements(setting, file)):
        return
    for entry in middleware_in(setting.value, file).entries:
        if entry.name.startswith("debug_toolbar"):
            yield rule.finding(
                entry.node,
                file,
                severity=LOW,
                confidence=POSSIBLE,
                tool="debug_toolbar",
                state="installed",
                consequence=_SHOWS,
            )
        elif entry.name == "silk" and not site_of(file).mentions("SILKY_AUTHENTICATION"):
            yield rule.finding(
                entry.node,
                file,
                tool="silk",
                state="open to all",
                consequence="it shows the requests of others",
                cause_hint=r"\bSILKY_AUTHENTICATION\b",
            )


@rule.on_setting("DEBUG_TOOLBAR_CONFIG")
def check_callback(setting: Setting, file: File) -> Iterator[Finding]:
    """The toolbar's callback says yes to every request."""
    if setting.conditional or is_for_development(setting.node) or not isinstance(setting.value, ast.Dict):
        return
    for key, value in zip(setting.value.keys, setting.value.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == "SHOW_TOOLBAR_CALLBACK" and _says_yes(value):
            yield rule.finding(
                value, file, severity=HIGH, tool="debug_toolbar", state="shown to all", consequence=_SHOWS
            )


def _says_yes(value: ast.expr) -> bool:
    return isinstance(value, ast.Lambda) and isinstance(value.body, ast.Constant) and bool(value.body.value)


@rule.on_setting("DEBUG_TB_ENABLED")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """A tool's own switch is on."""
    if standing(setting, file, bool) is not None:
        yield rule.finding(setting.node, file, tool=setting.name, state="on", consequence=_SHOWS)


@rule.on_call(*_DEBUGGERS, "werkzeug.serving.run_simple", "werkzeug.run_simple")
def check_debugger(call: Call, file: File) -> Iterator[Finding]:
    """Werkzeug's debugger is put around the application."""
    simple = call.name.endswith("run_simple")
    given = call.argument(5 if simple else 1, "use_debugger" if simple else "evalex")
    value = file.constant(given)
    if (simple and (value is None or not value.value)) or _is_excused(call.node):
        return
    if given is not None and depends_on_debug(given):
        return
    yield rule.finding(
        call.node,
        file,
        severity=MEDIUM if value is not None and not value.value else HIGH,
        tool=file.segment(call.node.func),
        state="put around the application",
        consequence="visitors may run code",
    )


def _is_excused(node: ast.AST) -> bool:
    return (
        is_for_development(node)
        or is_under_debug(node)
        or any(is_main_guard(above) for above in ancestors(node))
    )


@rule.on_call(*_VIEWS)
def check_graphql(call: Call, file: File) -> Iterator[Finding]:
    """GraphiQL or introspection are switched on in so many words."""
    if call.name.endswith(".as_view") and "graphql" not in call.name.lower():
        return
    for option in ("graphiql", "introspection"):
        value = call.constant(None, option)
        given = call.argument(None, option)
        if value is None or given is None or value.value is not True or _is_excused(call.node):
            continue
        yield rule.finding(
            given, file, severity=LOW, confidence=POSSIBLE, tool=option, state="on", consequence=_INTERFACE
        )
