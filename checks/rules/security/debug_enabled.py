"""Debug mode on in production.

## What it does
Reports debug mode that is on where the code runs in production: Django's `DEBUG`, Flask's `DEBUG`, `app.debug` and
`app.run(debug=True)`, `FLASK_DEBUG` in an image. A variable of the environment counts by its default: a deployment that
forgets to set it runs with that.

## Why it matters
With debug mode on, Django answers every error with a page that shows source code, local variables, settings and SQL.
Flask's debugger goes further: it lets a visitor who gets past its PIN run Python on the server. Attackers look for such
pages first, and provoking an error is easy.

## Example
```python title="shop/settings.py"
import os

DEBUG = os.environ.get("DJANGO_DEBUG", "True") == "True"
ROOT_URLCONF = "shop.urls"
```

## Use instead
```python title="shop/settings.py"
import os

DEBUG = os.environ.get("DJANGO_DEBUG", "False") == "True"
ROOT_URLCONF = "shop.urls"
```

## Limits
Whether settings are for production is told from their module's or class's name, and from the modules beside them. A
`DEBUG` set within an `if` is not reported, nor is one that a deployment's own module replaces elsewhere.

## References
- [Django: DEBUG](https://docs.djangoproject.com/en/stable/ref/settings/#debug)
- [Flask: debug mode](https://flask.palletsprojects.com/en/stable/debugging/)
- [CWE-489: Active Debug Code](https://cwe.mitre.org/data/definitions/489.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.fixes.calls import without_keyword
from checks.fixes.switch import switched
from checks.frameworks.environment import reads_environment, unset_value
from checks.frameworks.flask.settings import is_flask_app
from checks.frameworks.setting import is_main_guard
from checks.frameworks.settings import DEVELOPMENT, is_for_development, replacements, words
from checks.model import Fix
from checks.rule import HIGH, LIKELY, MEDIUM, POSSIBLE, Call, Document, File, Finding, Rule, Setting
from checks.semantics.names import ancestors

rule = Rule(
    __name__,
    checklist="security.debug-off",
    cwe=489,
    severity=HIGH,
    message="`{what}` turns debug mode on{when}: errors {consequence}",
    advice="Leave debug mode off unless a variable of the environment asks for it",
)

_SHOW = "show code and settings to visitors"
_RUN = "let visitors run code"
_VARIABLE = re.compile(
    r"""\b(FLASK_DEBUG|DJANGO_DEBUG|DEBUG)[= ]["']?(1|true|yes|on)\b["']?""", re.IGNORECASE
)
_PUNCTUATION = re.compile(r"""[\[\]",]+""")
_FLAG = re.compile(r"\bflask\b.*\s--debug\b")


@rule.on_setting("DEBUG")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The setting is on where no variable says otherwise, and nothing for production turns it off again."""
    value = unset_value(setting.value, file)
    if value is None or not value.value or setting.conditional or is_for_development(setting.node):
        return
    confidence = None
    for other, home in replacements(setting, file):
        given = unset_value(other.value, home)
        if given is None or not given.value:
            if not other.conditional:
                return
            confidence = POSSIBLE
    edit = switched(setting.value, False, file)
    yield rule.finding(
        setting.node,
        file,
        severity=MEDIUM if confidence else None,
        confidence=confidence,
        what=f"{setting.name} = {file.segment(setting.value)}",
        when=" unless told otherwise" if reads_environment(setting.value, file) else "",
        consequence=_SHOW,
        fix=Fix("Turn debug mode off here; settings for development turn it on", True, (edit,))
        if edit
        else None,
        cause_hint=r"\bDEBUG\b.*=\s*(False|0)\b",
    )


@rule.on_call("*.run")
def check_run(call: Call, file: File) -> Iterator[Finding]:
    """A Flask application is started with its debugger."""
    method = call.node.func
    if not isinstance(method, ast.Attribute) or is_for_development(call.node):
        return
    if not is_flask_app(method.value, file) and call.name != "flask_socketio.SocketIO.run":
        return
    given = call.argument(2, "debug")
    value = unset_value(given, file)
    if given is None or value is None or not value.value:
        return
    guarded = any(is_main_guard(above) for above in ancestors(call.node))
    edit = without_keyword(file, call.node, "debug")
    yield rule.finding(
        given,
        file,
        confidence=LIKELY if guarded else None,
        what=f"debug={file.segment(given)}",
        when=" unless told otherwise" if reads_environment(given, file) else "",
        consequence=_RUN,
        fix=Fix("Start without `debug`; a developer uses `flask run --debug`", True, (edit,))
        if edit
        else None,
    )


@rule.on_document("dockerfile")
def check_image(document: Document) -> Iterator[Finding]:
    """An image whose environment or command turns debug mode on, in a stage that is not for development."""
    stage = ""
    for instruction in document.instructions:
        if instruction.keyword == "FROM":
            stage = instruction.value.rpartition(" ")[2]
        if not words(stage).isdisjoint(DEVELOPMENT):
            continue
        pattern = {"ENV": _VARIABLE, "CMD": _FLAG, "ENTRYPOINT": _FLAG}.get(instruction.keyword)
        found = pattern.search(_PUNCTUATION.sub(" ", instruction.value)) if pattern else None
        if found:
            what = found[0] if instruction.keyword == "ENV" else "flask run --debug"
            run = what.upper().startswith("FLASK")
            yield rule.finding(
                instruction.span, document, what=what, when="", consequence=_RUN if run else _SHOW
            )
