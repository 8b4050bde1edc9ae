"""Ciphers, modes, curves and key sizes by the libraries' names: which are broken, which are short."""

from __future__ import annotations

_ALGORITHMS = tuple(
    f"cryptography.hazmat.{place}ciphers.algorithms" for place in ("primitives.", "decrepit.")
)
_PACKAGES = ("Crypto", "Cryptodome")
_SHORT_BLOCKS = "blocks of 64 bits repeat within hours of traffic"
_DES = "its 56 bits of key are searched in a day"
_RC4 = "its output gives the plaintext away"
_BY_ALGORITHM = {
    "ARC4": _RC4,
    "Blowfish": _SHORT_BLOCKS,
    "CAST5": _SHORT_BLOCKS,
    "IDEA": _SHORT_BLOCKS,
    "RC2": _SHORT_BLOCKS,
    "SEED": "it has no place in today's protocols",
    "TripleDES": _SHORT_BLOCKS,
}
_BY_MODULE = {
    "ARC2": _SHORT_BLOCKS,
    "ARC4": _RC4,
    "Blowfish": _SHORT_BLOCKS,
    "CAST": _SHORT_BLOCKS,
    "DES": _DES,
    "DES3": _SHORT_BLOCKS,
    "XOR": "it hides nothing",
}
WEAK_CIPHERS = {
    **{f"{place}.{name}": why for place in _ALGORITHMS for name, why in _BY_ALGORITHM.items()},
    **{f"{package}.Cipher.{name}.new": why for package in _PACKAGES for name, why in _BY_MODULE.items()},
}
"""The calls that make a broken cipher, and what breaks it."""

ECB = ("cryptography.hazmat.primitives.ciphers.modes.ECB",)
"""The calls that ask for electronic codebook mode."""
BLOCK_CIPHERS = tuple(f"{package}.Cipher.{name}.new" for package in _PACKAGES for name in ("AES", "Camellia"))
"""The sound block ciphers of PyCryptodome, whose second argument is the mode; without it PyCrypto takes ECB."""
ECB_MODES = frozenset(
    f"{package}.Cipher.{name}.MODE_ECB" for package in _PACKAGES for name in ("AES", "Camellia")
) | frozenset(f"{package}.Cipher.MODE_ECB" for package in _PACKAGES)
ECB_NUMBER = 1

_ASYMMETRIC = "cryptography.hazmat.primitives.asymmetric"
KEY_SIZES: dict[str, tuple[str, int, str, int]] = {
    f"{_ASYMMETRIC}.rsa.generate_private_key": ("RSA", 1, "key_size", 2048),
    f"{_ASYMMETRIC}.dsa.generate_private_key": ("DSA", 0, "key_size", 2048),
    f"{_ASYMMETRIC}.dsa.generate_parameters": ("DSA", 0, "key_size", 2048),
    f"{_ASYMMETRIC}.dh.generate_parameters": ("Diffie-Hellman", 1, "key_size", 2048),
    **{f"{package}.PublicKey.RSA.generate": ("RSA", 0, "bits", 2048) for package in _PACKAGES},
    **{f"{package}.PublicKey.DSA.generate": ("DSA", 0, "bits", 2048) for package in _PACKAGES},
    **{f"{package}.PublicKey.ElGamal.generate": ("ElGamal", 0, "bits", 2048) for package in _PACKAGES},
    "rsa.newkeys": ("RSA", 0, "nbits", 2048),
    "paramiko.RSAKey.generate": ("RSA", 0, "bits", 2048),
    "paramiko.DSSKey.generate": ("DSA", 0, "bits", 2048),
    "OpenSSL.crypto.PKey.generate_key": ("RSA or DSA", 1, "bits", 2048),
}
"""What makes keys: the algorithm, the position and keyword of the size in bits, and the least that is safe today."""

_SHORT_CURVES = {"SECP192R1": 192, "SECT163K1": 163, "SECT163R2": 163}
CURVES = {f"{_ASYMMETRIC}.ec.{name}": bits for name, bits in _SHORT_CURVES.items()}
"""The curves under 224 bits of `cryptography`."""
CURVE_NAMES = dict.fromkeys(("NIST P-192", "P-192", "p192", "prime192v1", "secp192r1"), 192)
"""The curves under 224 bits by the names that PyCryptodome takes."""
CURVE_MAKERS = tuple(f"{package}.PublicKey.ECC.generate" for package in _PACKAGES)

HMAC_LEAST = 16
"""Bytes under which the key of an HMAC is guessed: 128 bits."""
JWT_LEAST = {"HS256": 32, "HS384": 48, "HS512": 64}
"""Bytes that a key of these algorithms must have: RFC 7518, section 3.2."""
