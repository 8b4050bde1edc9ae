"""Signed tokens whose signature nobody checks.

## What it does
Reports JSON Web Tokens that are read without their signature, or with the algorithm `none`: by PyJWT, python-jose and
Authlib.

## Why it matters
The middle of such a token is only encoded: anyone can write another user's number into it. The signature is the one
thing that tells a token of yours from one that was typed in.

## Example
```python title="shop/auth.py"
import jwt


def user_id(token):
    return jwt.decode(token, options={"verify_signature": False})["sub"]
```

## Use instead
```python title="shop/auth.py"
import jwt
from django.conf import settings


def user_id(token):
    return jwt.decode(token, settings.JWT_KEY, algorithms=["HS256"])["sub"]
```

## Limits
A function that reads a token unchecked and checks it as well (to choose the key by its issuer) is left alone. Options
that are built elsewhere are not followed, and neither is what is done with the result.

## References
- [PyJWT: reading the claimset without validation](https://pyjwt.readthedocs.io/en/stable/usage.html)
- [RFC 8725: JSON Web Token best current practices](https://www.rfc-editor.org/rfc/rfc8725)
- [CWE-347: Improper Verification of Cryptographic Signature](https://cwe.mitre.org/data/definitions/347.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.model import Confidence
from checks.rule import HIGH, LIKELY, POSSIBLE, Call, File, Finding, Rule
from checks.semantics.enclosing import called, calls_in, kept, scope_around

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=347,
    severity=HIGH,
    message="`{call}` {state}: whoever writes a token is believed",
    advice="Pass the key and the algorithms that you sign with, and leave the check on",
)

_DECODERS = (
    "jwt.decode",
    "jwt.decode_complete",
    "jwt.PyJWT.decode",
    "jwt.PyJWT.decode_complete",
    "jwt.api_jwt.decode",
    "jose.jwt.decode",
    "jose.jws.verify",
)
_UNCHECKED = "leaves the signature unchecked"
_NONE = "takes tokens without a signature"


@rule.on_call(*_DECODERS)
def check_decoding(call: Call, file: File) -> Iterator[Finding]:
    """The check is switched off, or an algorithm that signs nothing is allowed."""
    if _skips(call, file):
        if not _is_checked_too(call, file):
            yield _finding(call, file, _UNCHECKED)
    elif _has_none(call.argument(2, "algorithms"), file):
        yield _finding(call, file, _NONE)


@rule.on_call("jwt.encode", "jose.jwt.encode", "jwt.PyJWT.encode")
def check_encoding(call: Call, file: File) -> Iterator[Finding]:
    """A token is made without a signature, as a few services ask for."""
    if _has_none(call.argument(2, "algorithm"), file):
        yield _finding(call, file, "signs with no algorithm", POSSIBLE)


@rule.on_call("authlib.jose.JsonWebToken", "authlib.jose.JsonWebSignature", "joserfc.jwt.decode")
def check_allowed(call: Call, file: File) -> Iterator[Finding]:
    """Authlib's list of algorithms holds `none`."""
    position = 2 if call.name.endswith("decode") else 0
    if _has_none(call.argument(position, "algorithms"), file):
        yield _finding(call, file, _NONE)


@rule.on_call("jose.jwt.get_unverified_claims", "jose.jws.get_unverified_claims")
def check_claims(call: Call, file: File) -> Iterator[Finding]:
    """Claims that are read from a token which the function does not check."""
    if not _is_checked_too(call, file):
        yield rule.finding(
            call.node, file, confidence=POSSIBLE, call=file.segment(call.node.func), state=_UNCHECKED
        )


def _finding(call: Call, file: File, state: str, confidence: Confidence | None = None) -> Finding:
    known = call.name.startswith(("jwt.", "jose."))
    return rule.finding(
        call.node,
        file,
        confidence=confidence or (None if known else LIKELY),
        call=file.segment(call.node.func),
        state=state,
        cause_hint=r"algorithms\s*=",
    )


def _skips(call: Call, file: File) -> bool:
    """Whether options, or PyJWT 1's `verify`, say that the signature does not count."""
    given = call.constant(None, "verify")
    if given is not None and given.value is False:
        return True
    options = file.names.value(call.argument(3, "options") or ast.Constant(None))
    if isinstance(options, ast.Dict):
        pairs = [(file.constant(key), value) for key, value in zip(options.keys, options.values, strict=True)]
        found = [value for key, value in pairs if key is not None and key.value == "verify_signature"]
    elif isinstance(options, ast.Call):
        found = [keyword.value for keyword in options.keywords if keyword.arg == "verify_signature"]
    else:
        return False
    known = file.constant(found[-1]) if found else None
    return known is not None and known.value is False


def _has_none(algorithms: ast.expr | None, file: File) -> bool:
    """Whether `none` is among the algorithms, in any case."""
    known = file.constant(algorithms)
    if known is None or algorithms is None:
        return False
    names = known.value if isinstance(known.value, (list, tuple)) else [known.value]
    return any(isinstance(name, str) and name.lower() == "none" for name in names)


def _is_checked_too(call: Call, file: File) -> bool:
    """Whether the same function decodes with the check on."""
    scope = scope_around(call.node)
    return kept(scope, "decodes_jwt", lambda: any(_checks(other, file) for other in calls_in(scope)))


def _checks(call: ast.Call, file: File) -> bool:
    """Whether a call decodes a token and leaves the check on."""
    name = file.resolve(call.func) if called(call) in ("decode", "decode_complete", "verify") else None
    return name in _DECODERS and not _skips(Call(call, name or "", file), file)
