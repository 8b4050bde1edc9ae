"""Secrets compared character by character.

## What it does
Reports `==` and `!=` between a digest with a key (HMAC) and anything else, and between what a request brings and a
token, signature or key of the server's own.

## Why it matters
`==` stops at the first character that differs, so that its time tells how many were right. Over many requests that
difference can be measured, and a signature is guessed character by character instead of all at once.

## Example
```python title="shop/hooks.py"
import hashlib
import hmac

from django.conf import settings


def is_genuine(request):
    digest = hmac.new(settings.HOOK_KEY, request.body, hashlib.sha256).hexdigest()
    return digest == request.headers["X-Signature"]
```

## Use instead
```python title="shop/hooks.py"
import hashlib
import hmac

from django.conf import settings


def is_genuine(request):
    digest = hmac.new(settings.HOOK_KEY, request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(digest, request.headers["X-Signature"])
```

## Limits
A comparison is seen where both sides show what they are: by the request that they are read from, by `hmac`, by a name
such as `token`. Values that other functions return are not followed. Tokens that a database looks up leak less.

## References
- [Python: hmac.compare_digest](https://docs.python.org/3/library/hmac.html#hmac.compare_digest)
- [Django: constant_time_compare](https://docs.djangoproject.com/en/stable/ref/utils/#module-django.utils.crypto)
- [CWE-208: Observable Timing Discrepancy](https://cwe.mitre.org/data/definitions/208.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.frameworks.request_data import reads_request
from checks.model import Fix
from checks.rule import LIKELY, MEDIUM, File, Finding, Rule
from checks.semantics.nodes import descendants
from checks.semantics.purpose import generated_secret, words

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=208,
    severity=MEDIUM,
    message="`{secret}` is compared by `{operator}`: the time that it takes tells how much was right",
    advice="Compare in constant time: `hmac.compare_digest`, or Django's `constant_time_compare`",
)

_MAC = frozenset(
    {"hmac.new.hexdigest", "hmac.new.digest", "hmac.digest", "hmac.HMAC.hexdigest", "hmac.HMAC.digest"}
)
_WRAPPERS = ("base64.b64encode", "base64.urlsafe_b64encode", "base64.standard_b64encode", "binascii.hexlify")
_PROOFS = words("csrf digest hmac signature")
_STEPS = 8


@rule.on_node(ast.Compare)
def check(node: ast.Compare, file: File) -> Iterator[Finding]:
    """An HMAC against anything, or the request's word against a secret of the server's own."""
    if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        return
    left, right = node.left, node.comparators[0]
    if isinstance(left, ast.Constant) or isinstance(right, ast.Constant):
        return
    secret = next((side for side in (left, right) if _is_mac(side, file)), None)
    sure = secret is not None
    if secret is None:
        secret = next(
            (
                side
                for side, other in ((left, right), (right, left))
                if _names_secret(side, file) and not reads_request(side, file) and reads_request(other, file)
            ),
            None,
        )
    if secret is None or file.constant(left) is not None or file.constant(right) is not None:
        return
    yield rule.finding(
        node,
        file,
        confidence=None if sure else LIKELY,
        secret=file.segment(secret),
        operator="==" if isinstance(node.ops[0], ast.Eq) else "!=",
        fix=_fix(node, file, sure),
        cause_hint=r"compare_digest|constant_time_compare",
    )


def _is_mac(node: ast.expr, file: File) -> bool:
    """Whether an expression is a digest with a key, encoded or cut as it may be."""
    current: ast.AST = node
    for _ in range(_STEPS):
        current = file.names.value(current)
        if isinstance(current, ast.Subscript):
            current = current.value
        elif isinstance(current, ast.Call):
            name = file.resolve(current.func)
            if name in _MAC:
                return True
            if name in _WRAPPERS and current.args:
                current = current.args[0]
            elif isinstance(current.func, ast.Attribute):
                current = current.func.value
            else:
                return False
        elif isinstance(current, ast.BinOp):
            current = current.right
        elif isinstance(current, ast.JoinedStr) and current.values:
            last = current.values[-1]
            current = last.value if isinstance(last, ast.FormattedValue) else last
        else:
            return False
    return False


def _names_secret(node: ast.expr, file: File) -> bool:
    """Whether what an expression is called says that it is a secret; the visitor's own session holds none to guess."""
    value = islice(descendants(file.names.value(node)), _STEPS)
    if any(isinstance(inner, ast.Attribute) and inner.attr == "session" for inner in value):
        return False
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        name = str(node.slice.value)
    else:
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    spelled = words(name)
    if "type" in spelled or "id" in spelled:
        return False
    return generated_secret(name) or not spelled.isdisjoint(_PROOFS)


def _fix(node: ast.Compare, file: File, sure: bool) -> Fix:
    """Django's function takes any text; `hmac.compare_digest` raises for `None` and for text that is not ASCII."""
    django = "django" in file.imports
    module, name = ("django.utils.crypto", "constant_time_compare") if django else ("hmac", "compare_digest")
    function, needed = imported(module, name, file)
    call = f"{function}({file.segment(node.left)}, {file.segment(node.comparators[0])})"
    text = call if isinstance(node.ops[0], ast.Eq) else f"not {call}"
    return Fix("Compare in constant time", django and sure, (replace(file, file.span(node), text), *needed))
