"""Secrets made by a generator that can be predicted.

## What it does
Reports the module `random` where names say that a password, token, key, one-time code or nonce is made of it.

## Why it matters
`random` is made for simulations: whoever sees a few hundred of its numbers can compute all that follow, and those that
came before. One registered visitor who asks for enough password resets can then tell the token of anybody else's.

## Example
```python title="shop/reset.py"
import random
import string


def reset_token():
    return "".join(random.choice(string.ascii_letters) for _ in range(40))
```

## Use instead
```python title="shop/reset.py"
import secrets


def reset_token():
    return secrets.token_urlsafe(30)
```

## Limits
What is made is told from the names that it is given to, and of the function that makes it: a secret of another name is
missed. Generators of one's own seed, and those of NumPy, are not looked at.

## References
- [Python: random, warning](https://docs.python.org/3/library/random.html)
- [Python: secrets](https://docs.python.org/3/library/secrets.html)
- [CWE-338: Use of Cryptographically Weak Pseudo-Random Number Generator (PRNG)](https://cwe.mitre.org/data/definitions/338.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.model import Fix
from checks.rule import HIGH, LIKELY, POSSIBLE, Call, File, Finding, Rule
from checks.semantics.enclosing import class_around, function_around
from checks.semantics.purpose import generated_secret, result_names

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=338,
    severity=HIGH,
    confidence=LIKELY,
    message="`{call}` makes `{name}`: whoever sees enough of its output can predict it",
    advice="Use `secrets`, or `django.utils.crypto.get_random_string`",
)

_FUNCTIONS = (
    "betavariate",
    "choice",
    "choices",
    "getrandbits",
    "randbytes",
    "randint",
    "random",
    "randrange",
    "sample",
    "shuffle",
    "uniform",
)
_OWN = {"choice": "choice", "getrandbits": "randbits", "randbytes": "token_bytes"}
_MAKERS = frozenset(
    {"__call__", "_generate", "_make", "create", "default", "generate", "get", "make", "new", "random"}
)


@rule.on_call(*(f"random.{name}" for name in _FUNCTIONS))
def check(call: Call, file: File) -> Iterator[Finding]:
    """A call whose result, or whose function, is named as a secret."""
    name = next((name for name in _named(call, file) if generated_secret(name)), None)
    if name is not None:
        yield rule.finding(
            call.node,
            file,
            confidence=POSSIBLE if "nonce" in name.lower() else None,  # of many, each need only differ
            call=file.segment(call.node.func),
            name=name,
            fix=_fix(call, file),
        )


def _named(call: Call, file: File) -> Iterator[str]:
    """What the result is called; for a function that only says that it makes something, its class's name."""
    yield from result_names(call.node, file)
    function, owner = function_around(call.node), class_around(call.node)
    if function is not None and owner is not None and function.name in _MAKERS:
        yield owner.name


def _fix(call: Call, file: File) -> Fix:
    """The same function of `secrets`, or of the generator that it is built on."""
    method = call.name.rpartition(".")[2]
    if method in _OWN:
        written, needed = imported("secrets", _OWN[method], file)
    else:
        generator, needed = imported("secrets", "SystemRandom", file)
        written = f"{generator}().{method}"
    edits = (replace(file, file.span(call.node.func), written), *needed)
    return Fix("Take it from `secrets`, which can't be predicted", "seed" not in file.text, edits)
