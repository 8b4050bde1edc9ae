"""Passwords under a fast hash.

## What it does
Reports passwords that go into SHA-2, SHA-3 or BLAKE2, by `hashlib`, PyCryptodome or passlib's fast schemes: what the
client sends under such a name, followed through functions and files, and parameters and variables that are called so.

## Why it matters
These hashes are made to be fast. With a stolen table one graphics card tries billions of passwords a second, salted or
not, and has most of them by the evening. Argon2, scrypt, bcrypt and PBKDF2 are made to be slow.

## Example
```python title="shop/accounts.py"
import hashlib


def register(user, password):
    user.password_hash = hashlib.sha256(password.encode()).hexdigest()
    user.save()
```

## Use instead
```python title="shop/accounts.py"
from django.contrib.auth.hashers import make_password


def register(user, password):
    user.password_hash = make_password(password)
    user.save()
```

## Limits
A function that also calls a slow hash, or hashes in a loop, is trusted: it prepares the password, or slows the
hash down itself. Digests that are cut or only tell things apart are left alone, and so are the hashes that
Django keeps in `user.password`. MD5 and SHA-1 have a rule of their own.

## References
- [Django: password management](https://docs.djangoproject.com/en/stable/topics/auth/passwords/)
- [Werkzeug: generate_password_hash](https://werkzeug.palletsprojects.com/en/stable/utils/#werkzeug.security.generate_password_hash)
- [OWASP: password storage](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html)
- [CWE-916: Use of Password Hash With Insufficient Computational Effort](https://cwe.mitre.org/data/definitions/916.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.rule import HIGH, LIKELY, File, Finding, Flow, Rule, SinkUse
from checks.semantics.definitions import bases
from checks.semantics.enclosing import class_around, function_around, words_called
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.purpose import purpose_of

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=916,
    severity=HIGH,
    confidence=LIKELY,
    message="`{what}` goes into {hash}, which is fast: stolen passwords are guessed within hours",
    advice="Hash it with the framework's hasher (`make_password`, `generate_password_hash`), Argon2 or bcrypt",
)

_PASSWORD = re.compile(
    r"(?:\w+_)?(?:password|passwd|pwd|passphrase)(?:_?(?:bytes|encoded|plain|raw|text|utf8|value|1|2))?",
    re.IGNORECASE,
)
_NO_PASSWORD = re.compile(r"hash|digest|reset|forgot|salt|field|has_|is_|hint|policy", re.IGNORECASE)
_SLOW = frozenset(
    {
        "Argon2id",
        "PBKDF2",
        "PBKDF2HMAC",
        "Scrypt",
        "bcrypt",
        "checkpw",
        "check_password",
        "generate_password_hash",
    }
    | {"hashpw", "make_password", "pbkdf2", "pbkdf2_hmac", "pbkdf2_hex", "scrypt", "set_password"}
)
_ELSEWHERE = re.compile(r"(?:^|[._])(?:md[245]|sha1?)(?:$|[._])", re.IGNORECASE)
_LOOPS = (ast.For, ast.While, ast.AsyncFor)


@rule.on_flow("hash-password")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """A password that the client sent."""
    taken = next((step.strip("[]") for step in reversed(flow.taken) if step != "()"), "")
    if flow.label != "request" or not _is_password(taken) or not isinstance(flow.call, ast.Call):
        return
    if not _is_forgiven(flow.call, flow.sink, file) and _named(flow.node, file) is None:
        yield rule.flow(flow, what=taken, hash=_hash(flow.call, file))


@rule.on_sink("hash-password")
def check_names(use: SinkUse, file: File) -> Iterator[Finding]:
    """A password by its name: a parameter, a variable, a key or an attribute of what was sent."""
    call = use.invocation.node
    named = _named(use.node, file) if use.node is not call else None
    if named is not None and not _is_forgiven(call, use.invocation.name, file):
        yield rule.finding(call, file, what=file.segment(named), hash=_hash(call, file))


def _is_password(name: str) -> bool:
    return _PASSWORD.fullmatch(name) is not None and _NO_PASSWORD.search(name) is None


def _named(node: ast.expr, file: File) -> ast.expr | None:
    """The part of what is hashed that is called a password."""
    for inner in descendants(node):
        if isinstance(inner, ast.Name) and _is_password(inner.id) and file.constant(inner) is None:
            return inner
        if isinstance(inner, ast.Attribute) and _is_password(inner.attr) and not _is_kept(inner):
            return inner
        if isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Constant):
            if _is_password(str(inner.slice.value)):
                return inner
    return None


def _is_kept(node: ast.Attribute) -> bool:
    """Whether an attribute is a user's, where Django keeps the hash."""
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return name.lower().endswith(("account", "customer", "member", "user", "self", "instance", "obj"))


def _is_forgiven(call: ast.Call, name: str, file: File) -> bool:
    """Whether the digest is no keeping of a password, another rule's, or part of a slow hash."""
    if _ELSEWHERE.search(_hash(call, file)) or _ELSEWHERE.search(name):
        return True
    function = function_around(call)
    if function is not None and not words_called(function).isdisjoint(_SLOW):
        return True
    if any(isinstance(above, _LOOPS) for above in ancestors(call)):
        return True
    owner = class_around(call)
    if owner is not None and any(base.endswith("PasswordHasher") for base, _, _ in bases(owner, file)):
        return True
    purpose = purpose_of(call, file)
    return purpose.is_label


def _hash(call: ast.Call, file: File) -> str:
    """The hash as it is called: `hashlib.sha256`; of `digest.update(...)` what made the digest."""
    made: ast.AST = call
    if isinstance(call.func, ast.Attribute) and call.func.attr == "update":
        made = file.names.value(call.func.value)
    if not isinstance(made, ast.Call):
        return "a digest"
    name = file.resolve(made.func) or file.segment(made.func)
    if name.endswith("hashlib.new") and made.args:
        folded = file.constant(made.args[0])
        return str(folded.value) if folded is not None else "a digest"
    return name
