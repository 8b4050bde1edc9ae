"""Keys that are too short.

## What it does
Reports RSA, DSA and Diffie-Hellman keys under 2048 bits, elliptic curves under 224 bits, keys of an HMAC under
16 bytes, and keys of a signed token (JWT) that are shorter than its algorithm demands, where they are constants.

## Why it matters
Numbers of 1024 bits are within reach of those who can pay for it, and what was recorded today can be opened then. The
key of an HMAC or JWT is guessed offline, at billions a second: whoever has one token tries keys until its signature
fits, and then signs tokens for everybody.

## Example
```python title="shop/keys.py"
from cryptography.hazmat.primitives.asymmetric import rsa


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)
```

## Use instead
```python title="shop/keys.py"
from cryptography.hazmat.primitives.asymmetric import rsa


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)
```

## Limits
Only sizes and keys that are constants are judged. What a key is read from (a file, the environment) is not looked at.

## References
- [cryptography: RSA](https://cryptography.io/en/latest/hazmat/primitives/asymmetric/rsa/)
- [PyJWT: keys](https://pyjwt.readthedocs.io/en/stable/usage.html)
- [CWE-326: Inadequate Encryption Strength](https://cwe.mitre.org/data/definitions/326.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.ciphers import CURVE_MAKERS, CURVE_NAMES, CURVES, HMAC_LEAST, JWT_LEAST, KEY_SIZES
from checks.rule import HIGH, LIKELY, Call, File, Finding, Rule
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=326,
    severity=HIGH,
    message="{what} of {size}: it can be found out, and should have {least} or more",
    advice="Use at least 2048 bits for RSA, 256 for curves, and 32 random bytes for signatures",
)


@rule.on_call(*KEY_SIZES)
def check_size(call: Call, file: File) -> Iterator[Finding]:
    """A key whose size in bits is given."""
    kind, position, keyword, least = KEY_SIZES[call.name]
    size = call.constant(position, keyword)
    if size is not None and type(size.value) is int and 0 < size.value < least:
        yield rule.finding(
            call.node, file, what=f"{kind} key", size=f"{size.value} bits", least=f"{least} bits"
        )


@rule.on_call(*CURVES)
def check_curve(call: Call, file: File) -> Iterator[Finding]:
    """A short curve given to what makes a key; in a table of all curves it is only named."""
    if isinstance(parent(call.node), (ast.Call, ast.keyword)):
        yield _curve(call.node, call.name.rpartition(".")[2], CURVES[call.name], file)


@rule.on_call(*CURVE_MAKERS)
def check_curve_name(call: Call, file: File) -> Iterator[Finding]:
    """A short curve asked for by its name."""
    name = call.constant(None, "curve")
    if name is not None and isinstance(name.value, str) and name.value in CURVE_NAMES:
        yield _curve(call.node, name.value, CURVE_NAMES[name.value], file)


def _curve(node: ast.AST, name: str, bits: int, file: File) -> Finding:
    return rule.finding(node, file, what=f"Curve {name}", size=f"{bits} bits", least="224 bits")


@rule.on_call("hmac.new", "hmac.digest")
def check_hmac(call: Call, file: File) -> Iterator[Finding]:
    """The key of an HMAC, written in the source or empty."""
    yield from _short(call, call.argument(0, "key"), HMAC_LEAST, "HMAC", file)


@rule.on_call("jwt.encode", "jwt.decode", "jose.jwt.encode", "jose.jwt.decode")
def check_token(call: Call, file: File) -> Iterator[Finding]:
    """The key of a token that is signed with an HMAC."""
    given = call.constant(2, "algorithm" if call.name.endswith("encode") else "algorithms")
    named = given.value if given is not None else "HS256" if call.name.endswith("encode") else None
    names = named if isinstance(named, (list, tuple)) else [named]
    least = min((JWT_LEAST[name] for name in names if name in JWT_LEAST), default=0)
    yield from _short(call, call.argument(1, "key"), least, "JWT", file)


def _short(call: Call, key: ast.expr | None, least: int, kind: str, file: File) -> Iterator[Finding]:
    known = file.constant(key)
    if key is None or known is None or not isinstance(known.value, (str, bytes)):
        return
    length = len(known.value.encode("utf-8", "replace") if isinstance(known.value, str) else known.value)
    if length < least:
        yield rule.finding(
            key, file, confidence=LIKELY, what=f"{kind} key", size=f"{length} bytes", least=f"{least} bytes"
        )
