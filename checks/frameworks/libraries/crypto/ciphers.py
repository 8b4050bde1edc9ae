"""Ciphers and digests: cryptography, PyCryptodome, PyNaCl, pyOpenSSL.

From the documentation of cryptography ("Fernet", "Symmetric encryption", "Message digests", "Key derivation
functions"), PyCryptodome ("Crypto.Cipher", "Crypto.Hash"), PyNaCl ("Secret Key Encryption"). What is
encrypted says nothing any more; what is decrypted is what was put in.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TEXT, each, of
from checks.semantics.library import Entry, Library, Sink, gives, passes

_BYTES = gives("builtins.bytes")
_HAZMAT = "cryptography.hazmat.primitives"
_FERNET = "cryptography.fernet.Fernet"
_DIGEST = f"{_HAZMAT}.hashes.Hash"
_HASHES = "MD2 MD4 MD5 RIPEMD160 SHA SHA1 SHA224 SHA256 SHA384 SHA512 SHA3_256 SHA3_512 BLAKE2b BLAKE2s"
_CIPHERS = "AES ARC2 ARC4 Blowfish CAST ChaCha20 ChaCha20_Poly1305 DES DES3 Salsa20"


def _pycryptodome(root: str) -> dict[str, Entry]:
    cipher = "Crypto.Cipher.Cipher"
    digest = "Crypto.Hash.Hash"
    return {
        **{f"{root}.Cipher.{name}.new": gives(cipher) for name in _CIPHERS.split()},
        **{
            f"{root}.Hash.{name}.new": Entry(returns=digest, sinks=(Sink("hash-password", (0, "data")),))
            for name in _HASHES.split()
        },
        **of(f"{root}.Util.Padding", each("pad unpad", passes(0, returns="builtins.bytes"))),
        f"{root}.Random.get_random_bytes": _BYTES,
        f"{root}.Protocol.KDF.PBKDF2": _BYTES,
        f"{root}.Protocol.KDF.scrypt": _BYTES,
        f"{root}.Protocol.KDF.bcrypt": _BYTES,
        **of(
            f"{root}.PublicKey.RSA",
            each("generate import_key construct", gives("Crypto.PublicKey.RSA.RsaKey")),
        ),
        **of(
            f"{root}.PublicKey.DSA",
            each("generate import_key construct", gives("Crypto.PublicKey.DSA.DsaKey")),
        ),
    }


library = Library(
    "crypto.ciphers",
    entries={
        _FERNET: gives(_FERNET),
        "cryptography.fernet.MultiFernet": gives(_FERNET),
        **of(
            _FERNET, {**each("encrypt generate_key", _BYTES), "decrypt": passes(0, returns="builtins.bytes")}
        ),
        _DIGEST: gives(_DIGEST),
        **of(
            _DIGEST,
            {
                "update": Entry(sinks=(Sink("hash-password", (0, "data")),)),
                "finalize": _BYTES,
                "copy": gives(_DIGEST),
            },
        ),
        **of(f"{_HAZMAT}.hashes", each("MD5 SHA1 SHA224 SHA256 SHA384 SHA512 BLAKE2b SHA3_256", NOTHING)),
        f"{_HAZMAT}.ciphers.Cipher": gives(f"{_HAZMAT}.ciphers.Cipher"),
        **of(
            f"{_HAZMAT}.ciphers.Cipher",
            each("decryptor encryptor", gives(f"{_HAZMAT}.ciphers.CipherContext")),
        ),
        **of(
            f"{_HAZMAT}.ciphers.CipherContext", each("finalize update", passes(0, returns="builtins.bytes"))
        ),
        **of(
            f"{_HAZMAT}.ciphers.aead.AESGCM",
            {"encrypt": _BYTES, "decrypt": passes(1, returns="builtins.bytes"), "generate_key": _BYTES},
        ),
        f"{_HAZMAT}.ciphers.aead.AESGCM": gives(f"{_HAZMAT}.ciphers.aead.AESGCM"),
        **{
            f"{_HAZMAT}.kdf.{name}": gives(f"{_HAZMAT}.kdf.KeyDerivationFunction")
            for name in ("pbkdf2.PBKDF2HMAC", "scrypt.Scrypt", "hkdf.HKDF")
        },
        **of(f"{_HAZMAT}.kdf.KeyDerivationFunction", {"derive": _BYTES, "verify": NOTHING}),
        f"{_HAZMAT}.hmac.HMAC": gives("hmac.HMAC"),
        **of(
            f"{_HAZMAT}.serialization",
            each(
                "load_der_private_key load_der_public_key load_pem_private_key load_pem_public_key", NOTHING
            ),
        ),
        **of(f"{_HAZMAT}.asymmetric.rsa", {"generate_private_key": NOTHING}),
        **of(f"{_HAZMAT}.asymmetric.ec", {"generate_private_key": NOTHING}),
        **of("cryptography.x509", each("load_der_x509_certificate load_pem_x509_certificate", NOTHING)),
        **_pycryptodome("Crypto"),
        **_pycryptodome("Cryptodome"),
        **of(
            "Crypto.Cipher.Cipher",
            {
                **each("encrypt encrypt_and_digest digest", _BYTES),
                **each("decrypt decrypt_and_verify", passes(0, returns="builtins.bytes")),
            },
        ),
        **of(
            "Crypto.Hash.Hash",
            {"update": Entry(sinks=(Sink("hash-password", 0),)), "hexdigest": TEXT, "digest": _BYTES},
        ),
        **of(
            "nacl.secret",
            {
                "SecretBox": gives("nacl.secret.SecretBox"),
                "SecretBox.encrypt": _BYTES,
                "SecretBox.decrypt": passes(0),
            },
        ),
        "nacl.utils.random": _BYTES,
        **of(
            "OpenSSL.crypto",
            each("dump_certificate dump_privatekey load_certificate load_privatekey", NOTHING),
        ),
        "rsa.encrypt": _BYTES,
        "rsa.decrypt": passes(0, returns="builtins.bytes"),
    },
    bases={"cryptography.fernet.MultiFernet": (_FERNET,)},
)
