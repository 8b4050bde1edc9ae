"""Tokens: PyJWT, python-jose, Authlib, itsdangerous, oauthlib.

From PyJWT's documentation ("API Reference": `decode` verifies unless `verify_signature` is off;
`get_unverified_header`), python-jose's ("JWT"), Authlib's ("JSON Web Token"), itsdangerous' ("Signing
Interface", "URL Safe Serialization"). What a signature holds was written by the application itself, or by who
shares its key.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, Sink, gives, passes
from checks.semantics.values import Value, instance

CLAIMS = "builtins.dict"
_SERIALIZER = "itsdangerous.Serializer"


def _verified(call: Invocation) -> Value | None:
    """Claims are the application's own unless the signature is not looked at."""
    options = call.argument("options")
    asked = (options.items or {}).get("verify_signature") if options is not None else None
    unverified = (asked is not None and asked.const is False) or call.constant((2, "verify")) is False
    return None if unverified else instance(CLAIMS)


_DECODE = Entry(returns=CLAIMS, passes=(0,), apply=_verified)
_UNVERIFIED = passes(0, returns=CLAIMS)
_SIGNS = {
    **each("dumps sign", TEXT),
    **each("loads unsign", NOTHING),
    **each("loads_unsafe load_payload", passes(0)),
    **each("get_signature", TEXT),
    **each("validate verify_signature", TRUTH),
    "dump": NOTHING,
    "load": NOTHING,
}

library = Library(
    "crypto.tokens",
    entries={
        **of(
            "jwt",
            {
                "decode": _DECODE,
                "decode_complete": _DECODE,
                "encode": TEXT,
                "get_unverified_header": _UNVERIFIED,
                "PyJWT": gives("jwt.PyJWT"),
                "PyJWKClient": Entry(returns="jwt.PyJWKClient", sinks=(Sink("url", (0, "uri")),)),
            },
        ),
        **of("jwt.PyJWT", {"decode": _DECODE, "encode": TEXT}),
        **of("jwt.PyJWKClient", each("get_signing_key get_signing_key_from_jwt", NOTHING)),
        **of("jwt.exceptions", each("InvalidTokenError ExpiredSignatureError", NOTHING)),
        **of(
            "jose.jwt",
            {
                "decode": _DECODE,
                "encode": TEXT,
                **each("get_unverified_claims get_unverified_header get_unverified_headers", _UNVERIFIED),
            },
        ),
        **of(
            "jose.jws",
            {
                "verify": NOTHING,
                "sign": TEXT,
                **each("get_unverified_claims get_unverified_header", _UNVERIFIED),
            },
        ),
        **of("authlib.jose.jwt", {"decode": NOTHING, "encode": gives("builtins.bytes")}),
        **of(
            "authlib.jose", {"JsonWebToken": gives("authlib.jose.JsonWebToken"), "JsonWebSignature": NOTHING}
        ),
        **of("authlib.jose.JsonWebToken", {"decode": NOTHING, "encode": gives("builtins.bytes")}),
        **each("itsdangerous.Serializer itsdangerous.TimedSerializer", gives(_SERIALIZER)),
        **each("itsdangerous.URLSafeSerializer itsdangerous.URLSafeTimedSerializer", gives(_SERIALIZER)),
        **each("itsdangerous.Signer itsdangerous.TimestampSigner", gives(_SERIALIZER)),
        **of(_SERIALIZER, _SIGNS),
        **each("itsdangerous.want_bytes itsdangerous.base64_decode", passes(0, returns="builtins.bytes")),
        "itsdangerous.encoding.base64_encode": passes(0, returns="builtins.bytes"),
        "google.oauth2.id_token.verify_oauth2_token": NOTHING,
        "oauthlib.common.generate_token": TEXT,
        "stripe.Webhook.construct_event": NOTHING,
        "hashids.Hashids": gives("hashids.Hashids"),
        **of("hashids.Hashids", {"encode": TEXT, "decode": NOTHING}),
        **of("pyotp.TOTP", {"verify": TRUTH, "now": TEXT, "provisioning_uri": TEXT}),
        "pyotp.random_base32": TEXT,
    },
    bases={
        **{
            f"itsdangerous.{name}": (_SERIALIZER,)
            for name in (
                "Signer",
                "TimedSerializer",
                "TimestampSigner",
                "URLSafeSerializer",
                "URLSafeTimedSerializer",
            )
        },
    },
    aliases={
        "authlib.jose.rfc7519.": "authlib.jose.",
        "itsdangerous.serializer.": "itsdangerous.",
        "itsdangerous.signer.": "itsdangerous.",
        "itsdangerous.timed.": "itsdangerous.",
        "itsdangerous.url_safe.": "itsdangerous.",
        "jwt.api_jwt.": "jwt.",
    },
)
