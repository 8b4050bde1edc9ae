"""Passwords: passlib, bcrypt, argon2, Flask-Bcrypt, and the fast schemes that passlib still has.

From Passlib's documentation ("passlib.hash": which schemes are weak), bcrypt's and argon2-cffi's README and
"API Reference", Flask-Bcrypt's ("API"). What they give says nothing of the password.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of
from checks.semantics.library import Entry, Library, Sink, gives

_FAST = (
    "apr_md5_crypt hex_md4 hex_md5 hex_sha1 hex_sha256 hex_sha512 ldap_md5 ldap_salted_md5"
    " ldap_salted_sha1 ldap_sha1 lmhash md5_crypt"
    " mysql323 mysql41 nthash oracle10 plaintext postgres_md5 unix_disabled"
)
_SLOW = "argon2 bcrypt bcrypt_sha256 pbkdf2_sha256 pbkdf2_sha512 scrypt sha256_crypt sha512_crypt"
_WEAK = Entry(returns="builtins.str", sinks=(Sink("hash-password", (0, "secret")),))
_STRONG = {**each("encrypt hash", TEXT), **each("verify identify needs_update", TRUTH), "using": NOTHING}

library = Library(
    "crypto.passwords",
    entries={
        **{
            f"passlib.hash.{name}.{method}": entry
            for name in _SLOW.split()
            for method, entry in _STRONG.items()
        },
        **{
            f"passlib.hash.{name}.{method}": entry
            for name in _FAST.split()
            for method, entry in {**each("encrypt hash", _WEAK), "verify": TRUTH}.items()
        },
        "passlib.context.CryptContext": gives("passlib.context.CryptContext"),
        **of(
            "passlib.context.CryptContext",
            {**each("encrypt hash", TEXT), **each("verify verify_and_update", TRUTH)},
        ),
        **of("passlib.apps", each("custom_app_context", gives("passlib.context.CryptContext"))),
        **of("bcrypt", {**each("gensalt hashpw kdf", gives("builtins.bytes")), "checkpw": TRUTH}),
        **each("argon2.PasswordHasher", gives("argon2.PasswordHasher")),
        **of("argon2.PasswordHasher", {"hash": TEXT, **each("check_needs_rehash verify", TRUTH)}),
        "flask_bcrypt.Bcrypt": gives("flask_bcrypt.Bcrypt"),
        **of(
            "flask_bcrypt", {"generate_password_hash": gives("builtins.bytes"), "check_password_hash": TRUTH}
        ),
        **of(
            "flask_bcrypt.Bcrypt",
            {
                "generate_password_hash": gives("builtins.bytes"),
                "check_password_hash": TRUTH,
                "init_app": NOTHING,
            },
        ),
        **of("keyring", {"get_password": TEXT, "set_password": NOTHING}),
    },
)
