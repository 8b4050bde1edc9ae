"""MD5 and SHA-1 where a hash must withstand attackers.

## What it does
Reports MD2, MD4, MD5 and SHA-1 by `hashlib`, cryptography and PyCryptodome: as severe where a password, token or
signature goes in or comes out, as slight where no name tells what the digest is for.

## Why it matters
Two inputs with the same MD5 or SHA-1 digest can be made at will, so that a signature over such a digest also fits
something else. And both are fast: of a stolen table of passwords, a graphics card guesses most within hours.

## Example
```python title="shop/tokens.py"
import hashlib


def reset_token(user):
    return hashlib.md5(f"{user.pk}{user.secret}".encode()).hexdigest()
```

## Use instead
```python title="shop/tokens.py"
import hashlib


def reset_token(user):
    return hashlib.sha256(f"{user.pk}{user.secret}".encode()).hexdigest()
```

## Limits
What a digest is for is told from names: cache keys, ETags, checksums, avatars and cut digests stay quiet, even where
they matter. HMAC and key derivation with SHA-1 are not broken, so not reported. SHA-256 is too fast for passwords too.

## References
- [Python: hashlib](https://docs.python.org/3/library/hashlib.html#hashlib.new)
- [Django: password management](https://docs.djangoproject.com/en/stable/topics/auth/passwords/)
- [Werkzeug: generate_password_hash](https://werkzeug.palletsprojects.com/en/stable/utils/#module-werkzeug.security)
- [CWE-328: Use of Weak Hash](https://cwe.mitre.org/data/definitions/328.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import with_keyword
from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.model import Edit, Fix
from checks.rule import HIGH, LIKELY, LOW, POSSIBLE, Call, File, Finding, Role, Rule
from checks.semantics.names import parent
from checks.semantics.purpose import Purpose, purpose_of

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=328,
    severity=HIGH,
    confidence=LIKELY,
    message="`{call}` hashes `{what}` weakly: {consequence}",
    advice="Use SHA-256, or for passwords the framework's hasher (`make_password`, `generate_password_hash`)",
)

_CIPHERS = "cryptography.hazmat.primitives.hashes"
_PYCRYPTO = [
    f"{package}.Hash.{name}.new"
    for package in ("Crypto", "Cryptodome")
    for name in ("MD2", "MD4", "MD5", "SHA", "SHA1")
]
_WEAK = frozenset({"md2", "md4", "md5", "sha1", "sha-1"})
# Constructions whose strength does not hang on finding collisions, and fingerprints that people compare.
_SOUND = ("HMAC", "HOTP", "MGF1", "OAEP", "PBKDF2HMAC", "TOTP", "fingerprint", "new")


@rule.on_call("hashlib.md5", "hashlib.sha1", "hashlib.new", f"{_CIPHERS}.MD5", f"{_CIPHERS}.SHA1", *_PYCRYPTO)
def check(call: Call, file: File) -> Iterator[Finding]:
    """A weak digest is made, of something that names tell or leave open."""
    if not _is_weak(call) or _is_sound(call):
        return
    purpose = purpose_of(call.node, file)
    sensitive = purpose.data is not None or purpose.is_secret
    if purpose.is_label and not purpose.is_password:
        return
    if not sensitive and (file.role is Role.SCRIPT or not call.name.startswith("hashlib.")):
        return
    yield rule.finding(
        call.node,
        file,
        severity=None if sensitive else LOW,
        confidence=None if sensitive else POSSIBLE,
        call=file.segment(call.node.func),
        what=purpose.data or (file.segment(call.node.args[-1]) if call.node.args else "data"),
        consequence="guessing it is cheap"
        if purpose.is_password
        else "other data with its digest can be made",
        fix=_fix(call, purpose, file),
        cause_hint=r"usedforsecurity\s*=\s*False|sha(256|384|512)|blake2|sha3",
    )


def _is_weak(call: Call) -> bool:
    """Whether the algorithm is a weak one, and the call does not say that no security depends on it."""
    if call.argument(None, "usedforsecurity") is not None:
        used = call.constant(None, "usedforsecurity")
        return used is not None and used.value is True
    if call.name != "hashlib.new":
        return True
    algorithm = call.constant(0, "name")
    return algorithm is not None and str(algorithm.value).lower() in _WEAK and bool(call.node.args)


def _is_sound(call: Call) -> bool:
    """Whether an algorithm object is handed to a construction that does not need collision resistance."""
    above = parent(call.node)
    if not call.name.startswith(_CIPHERS) or not isinstance(above, ast.Call | ast.keyword):
        return False
    outer = parent(above) if isinstance(above, ast.keyword) else above
    name = call.file.segment(outer.func) if isinstance(outer, ast.Call) else ""
    return name.rpartition(".")[2] in _SOUND


def _fix(call: Call, purpose: Purpose, file: File) -> Fix | None:
    """SHA-256 for what is secret but no password; the word that nothing depends on it for what no name tells."""
    if not call.name.startswith("hashlib.") or purpose.is_password:
        return None
    if purpose.data is None and not purpose.is_secret:
        edit = with_keyword(file, call.node, "usedforsecurity", "False")
        title = "Use SHA-256, or say that no security depends on it: `usedforsecurity=False`"
        return Fix(title, True, (edit,)) if edit else None
    return Fix("Use SHA-256; digests that are stored already must be made anew", False, _stronger(call, file))


def _stronger(call: Call, file: File) -> tuple[Edit, ...]:
    if call.name == "hashlib.new":
        return (replace(file, file.span(call.node.args[0]), '"sha256"'),)
    function, needed = imported("hashlib", "sha256", file)
    return (replace(file, file.span(call.node.func), function), *needed)
