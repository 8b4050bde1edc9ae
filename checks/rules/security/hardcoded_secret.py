"""Secrets written in the source.

## What it does
Reports passwords, keys and tokens that stand in the code: `SECRET_KEY`, database and API credentials, signing keys,
tokens of a known shape, passwords within URLs, real secrets given as the default of an environment variable.

## Why it matters
Everyone who can read the repository, a clone, a backup or an image has the secret, and it stays in the history after it
is removed. With Django's or Flask's `SECRET_KEY` an attacker signs session cookies and becomes any user.

## Example
```python title="shop/settings.py"
SECRET_KEY = "django-insecure-9f2m^k0xq7w3z&b1r5t8y4u6i0p_a-s+d"
ROOT_URLCONF = "shop.urls"
```

## Use instead
```python title="shop/settings.py"
import os

SECRET_KEY = os.environ["SECRET_KEY"]
ROOT_URLCONF = "shop.urls"
```

## Limits
Stand-ins (`changeme`, `<your key>`), plain words and what is in tests or settings for development stay quiet, so a
password that is a single word is seen only where a setting says that it is one. Files other than Python are not read.

## References
- [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
- [Flask: SECRET_KEY](https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY)
- [CWE-798: Use of Hard-coded Credentials](https://cwe.mitre.org/data/definitions/798.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.environment import environment_fix
from checks.frameworks.credentials import Label, label_of
from checks.frameworks.settings import is_for_development, is_replaced
from checks.model import Confidence
from checks.rule import HIGH, LIKELY, MEDIUM, POSSIBLE, File, Finding, Role, Rule
from checks.semantics.names import ancestors, parent
from checks.semantics.secrets import (
    SLOTS,
    is_common,
    is_secret_name,
    is_secret_text,
    is_stand_in,
    password_in,
    password_of_dsn,
    secret_of_header,
    token_shape,
)

rule = Rule(
    __name__,
    checklist="security.settings-from-environment",
    cwe=798,
    severity=HIGH,
    confidence=LIKELY,
    message="`{name}` holds {what} in the source: whoever reads the code has it",
    advice="Read it from the environment, and replace the secret that was published",
)


@rule.on_node(ast.Constant)
def check(node: ast.Constant, file: File) -> Iterator[Finding]:
    """A text is a secret by its own shape, or by what it is called and what it looks like."""
    text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
    if not isinstance(text, str) or len(text) < 3 or isinstance(parent(node), ast.Expr):
        return
    what = token_shape(text)
    label = label_of(node, file)
    confidence = rule.confidence
    if what is None and file.role is not Role.SCRIPT and not is_for_development(node):
        if password_in(text) or password_of_dsn(text):
            what = "a password"
        elif label is not None and (given := secret_of_header(label.name, text)) is not None:
            what = given
        elif label is not None and not isinstance(parent(node), ast.JoinedStr):
            what, confidence = _named_secret(text, label, node, file)
    if what is not None:
        weak = confidence is POSSIBLE
        yield rule.finding(
            node,
            file,
            severity=MEDIUM if weak else None,
            confidence=confidence,
            name=label.name if label else _nearest_name(node, file),
            what=what,
            fix=environment_fix(node, label, file) if label else None,
        )


def _named_secret(text: str, label: Label, node: ast.Constant, file: File) -> tuple[str | None, Confidence]:
    """What a text is by its name (`a secret`), if it is one, and how sure that is."""
    name = label.name
    words = name.lower()
    given = label.kind == "argument" or label.login
    is_slot = name in SLOTS or (name, label.kind) == ("secret_key", "assigned") or given
    if not is_slot and not is_secret_name(name):
        return None, rule.confidence
    what = (
        "a password" if "pass" in words or "pwd" in words else "a token" if "token" in words else "a secret"
    )
    # Under a bare key such as `secret`, short texts are mostly samples.
    shortest = 6 if what == "a password" else 20 if label.kind == "key" and name.islower() else 8
    if is_secret_text(text, shortest=shortest):
        sure = rule.confidence
    elif is_slot and not (is_common(text) if given else is_stand_in(text)):
        sure = POSSIBLE if label.fallback else rule.confidence
    elif label.database is not None and name == "PASSWORD" and not _is_local(text, label.database, file):
        sure = rule.confidence
    else:
        return None, rule.confidence
    return (None if is_replaced(node, file) else what), sure


def _is_local(password: str, database: ast.Dict, file: File) -> bool:
    """Whether a password is the one that everybody sets for a database on the own machine."""
    constants = (file.constant(value) for value in database.values)
    others = [constant.value for constant in constants if constant is not None]
    here = password.isalpha() and ("localhost" in others or "127.0.0.1" in others)
    return here or is_common(password) or others.count(password) > 1


def _nearest_name(node: ast.AST, file: File) -> str:
    """A name for what has none: the assigned or defined one around it, else the file's."""
    for above in ancestors(node):
        if isinstance(above, ast.Assign):
            return file.segment(above.targets[0])
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return above.name
    return file.path.rpartition("/")[2]
