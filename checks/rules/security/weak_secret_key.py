"""Keys for signing that can be guessed.

## What it does
Reports keys that are a stand-in (`changeme`, `dev`), also as the default of a variable of the environment, and keys
made of too little randomness: the `SECRET_KEY` of both frameworks, keys for JSON web tokens, salts.

## Why it matters
Stand-ins are the first that are tried. Who knows the key signs session cookies, tokens and links for new passwords,
and is then any user. A deployment that forgets to set the variable runs with the default, and nothing warns.

## Example
```python title="app.py"
import os

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "changeme")
```

## Use instead
```python title="app.py"
import os

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
```

## Limits
Keys that look like real ones are the matter of `security/hardcoded-secret`. Settings that compare the key with its
stand-in, to refuse it, are left alone; so are templates to fill in (`<your key>`).

## References
- [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
- [Flask: SECRET_KEY](https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY)
- [CWE-1391: Use of Weak Credentials](https://cwe.mitre.org/data/definitions/1391.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.environment import reads_environment
from checks.frameworks.settings import standing
from checks.rule import HIGH, LIKELY, MEDIUM, File, Finding, Role, Rule, Setting
from checks.semantics.nodes import descendants
from checks.semantics.secrets import is_stand_in

rule = Rule(
    __name__,
    checklist="security.settings-from-environment",
    cwe=1391,
    severity=HIGH,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{name}` is {what}{when}: who guesses it signs sessions for any user",
    advice="Read a long random key from the environment, and fail where it is not set",
)

_KEYS = ("SECRET_KEY", "JWT_SECRET_KEY", "JWT_SECRET", "WTF_CSRF_SECRET_KEY", "SECURITY_PASSWORD_SALT")
_TEMPLATE = re.compile(r"[<>{}$%]|\.\.\.|\byour\b", re.IGNORECASE)
# What makes random texts, the fewest that a key needs, and how many it makes when it is not told.
_RANDOM = {
    "django.utils.crypto.get_random_string": (32, 12),
    "os.urandom": (16, 16),
    "secrets.token_bytes": (16, 32),
    "secrets.token_hex": (16, 32),
    "secrets.token_urlsafe": (16, 32),
}


@rule.on_setting(*_KEYS)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """A key of the framework or of an extension."""
    weak = standing(setting, file, _is_weak)
    if weak is not None and not _is_refused(setting.name, file):
        yield _finding(setting.name, setting.node, setting.value, file)
    elif weak is None and not setting.conditional:
        yield from _too_short(setting.name, setting.value, file)


@rule.on_setting("SIMPLE_JWT", "JWT_AUTH")
def check_signing_key(setting: Setting, file: File) -> Iterator[Finding]:
    """The key in a package's dictionary of settings."""
    if not isinstance(setting.value, ast.Dict):
        return
    for key, value in zip(setting.value.keys, setting.value.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else None
        if name in ("SIGNING_KEY", "JWT_SECRET_KEY"):
            inner = Setting(str(name), value, value, setting.framework, setting.conditional)
            if standing(inner, file, _is_weak) is not None:
                yield _finding(inner.name, value, value, file)


def _is_weak(value: object) -> bool:
    """Whether a text is a stand-in that a deployment may run with; an empty one fails at once."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return isinstance(text, str) and bool(text) and is_stand_in(text) and not _TEMPLATE.search(text)


def _is_refused(name: str, file: File) -> bool:
    """Whether the settings look at the key again, as those do that refuse a stand-in."""
    return any(
        isinstance(node, ast.Compare)
        and any(
            name in (getattr(inner, "id", ""), getattr(inner, "attr", ""), getattr(inner, "value", ""))
            for inner in descendants(node)
        )
        for node in file.nodes
    )


def _finding(name: str, at: ast.AST, value: ast.expr, file: File) -> Finding:
    read = reads_environment(value, file)
    return rule.finding(
        at,
        file,
        severity=MEDIUM if read else None,
        name=name,
        what="a stand-in",
        when=" unless told otherwise" if read else "",
        cause_hint=rf"\b{name}\b.*environ",
    )


def _too_short(name: str, value: ast.expr, file: File) -> Iterator[Finding]:
    """A key that is made while the settings load, of too few random bytes."""
    if not isinstance(value, ast.Call):
        return
    needed, default = _RANDOM.get(file.resolve(value.func) or "", (0, 0))
    length = file.constant(value.args[0]) if value.args else None
    number = length.value if length is not None else None if value.args else default
    if isinstance(number, int) and number < needed:
        yield rule.finding(
            value, file, severity=MEDIUM, name=name, what=f"only {number} random characters", when=""
        )
