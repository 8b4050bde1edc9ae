"""Ciphers and modes that no longer hide anything.

## What it does
Reports DES, 3DES, RC2, RC4, Blowfish, CAST5, IDEA and SEED, and electronic codebook mode (ECB), as `cryptography`,
PyCryptodome and PyCrypto name them.

## Why it matters
DES can be searched through by anyone with a graphics card, RC4's output betrays what it encrypts, and ciphers with
blocks of 64 bits leak after a few gigabytes (Sweet32). ECB encrypts equal blocks equally: whoever sees the ciphertext
sees the pattern of the data, and can swap its blocks unnoticed.

## Example
```python title="shop/vault.py"
from Crypto.Cipher import DES3


def seal(key, number):
    return DES3.new(key, DES3.MODE_CBC).encrypt(number)
```

## Use instead
```python title="shop/vault.py"
from cryptography.fernet import Fernet


def seal(key, number):
    return Fernet(key).encrypt(number)
```

## Limits
A mode or cipher that a variable names is not seen. A rule can't know whether data in an old format must still be read:
reading it once to encrypt it anew is what the comment may be answered with.

## References
- [cryptography: symmetric encryption](https://cryptography.io/en/latest/hazmat/primitives/symmetric-encryption/)
- [PyCryptodome: ECB mode](https://pycryptodome.readthedocs.io/en/latest/src/cipher/classic.html#ecb-mode)
- [CWE-327: Use of a Broken or Risky Cryptographic Algorithm](https://cwe.mitre.org/data/definitions/327.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.ciphers import BLOCK_CIPHERS, ECB, ECB_MODES, ECB_NUMBER, WEAK_CIPHERS
from checks.rule import HIGH, LIKELY, Call, File, Finding, Rule

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=327,
    severity=HIGH,
    message="`{call}` encrypts weakly: {why}",
    advice="Encrypt with Fernet, AES-GCM or ChaCha20-Poly1305",
)

_PATTERN = "equal blocks stay equal, and can be swapped"


@rule.on_call(*WEAK_CIPHERS)
def check_cipher(call: Call, file: File) -> Iterator[Finding]:
    """A cipher that is broken whatever its key and mode."""
    yield rule.finding(call.node, file, call=file.segment(call.node.func), why=WEAK_CIPHERS[call.name])


@rule.on_call(*ECB)
def check_mode(call: Call, file: File) -> Iterator[Finding]:
    """ECB asked for by its class."""
    yield rule.finding(call.node, file, call=file.segment(call.node.func), why=_PATTERN)


@rule.on_call(*BLOCK_CIPHERS)
def check_mode_argument(call: Call, file: File) -> Iterator[Finding]:
    """ECB asked for by PyCryptodome's second argument, or got from PyCrypto by leaving it out."""
    mode = call.argument(1, "mode")
    if mode is None:
        if not call.unpacks and call.argument(0, "key") is not None:
            yield rule.finding(
                call.node,
                file,
                confidence=LIKELY,
                call=file.segment(call.node.func),
                why="without a mode it takes ECB",
            )
        return
    number = file.constant(mode)
    if file.resolve(mode) in ECB_MODES or (number is not None and number.value == ECB_NUMBER):
        yield rule.finding(mode, file, call=file.segment(mode), why=_PATTERN)
