"""Digests, keys and random numbers: hashlib, hmac, secrets, random, uuid, zlib's checksums, crypt.

From the standard library's documentation: hashlib (with its Key derivation), hmac, secrets, random, uuid.
What a digest gives says nothing of what went in; `pbkdf2_hmac` and `scrypt` are slow on purpose.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, TRUTH, each, of
from checks.semantics.library import INJECTIONS, Check, Entry, Library, Sink, gives, passes

HASH = "hashlib.HASH"
_FAST = Entry(returns=HASH, sinks=(Sink("hash-password", (0, "string")),))
_BYTES = gives("builtins.bytes")
_HEX = INJECTIONS - {"cookie", "header", "log"}  # line breaks around it are let through

library = Library(
    "standard.digests",
    entries={
        **of(
            "hashlib",
            {
                **each("blake2b blake2s md5 sha1 sha224 sha256 sha384 sha512", _FAST),
                **each("sha3_224 sha3_256 sha3_384 sha3_512 shake_128 shake_256", _FAST),
                "new": Entry(returns=HASH, sinks=(Sink("hash-password", (1, "data")),)),
                **each("pbkdf2_hmac scrypt", _BYTES),
                "file_digest": gives(HASH),
                **each("algorithms_available algorithms_guaranteed", NOTHING),
            },
        ),
        **of(
            HASH,
            {
                "update": Entry(sinks=(Sink("hash-password", 0),)),
                "hexdigest": TEXT,
                "digest": _BYTES,
                "copy": gives(HASH),
                "name": TEXT,
                **each("block_size digest_size", NUMBER),
            },
        ),
        **of(
            "hmac",
            {
                "HMAC": gives("hmac.HMAC"),
                "new": gives("hmac.HMAC"),
                "digest": _BYTES,
                "compare_digest": TRUTH,
            },
        ),
        **of(
            "hmac.HMAC", {"update": NOTHING, "hexdigest": TEXT, "digest": _BYTES, "copy": gives("hmac.HMAC")}
        ),
        **of(
            "secrets",
            {
                **each("token_hex token_urlsafe", TEXT),
                "token_bytes": _BYTES,
                **each("randbelow randbits", NUMBER),
                "choice": passes(0),
                "compare_digest": TRUTH,
                "SystemRandom": gives("random.Random"),
            },
        ),
        **of(
            "random",
            {"Random": gives("random.Random"), "SystemRandom": gives("random.Random"), "seed": NOTHING},
        ),
        **{
            f"{owner}.{name}": entry
            for owner in ("random", "random.Random")
            for name, entry in {
                **each("getrandbits randint randrange", NUMBER),
                **each("betavariate gauss random triangular uniform", gives("builtins.float")),
                "choice": passes(0),
                **each("choices sample", passes(0, returns="builtins.list")),
                "shuffle": NOTHING,
                "randbytes": _BYTES,
            }.items()
        },
        **of(
            "uuid",
            {
                "UUID": Entry(
                    returns="uuid.UUID", passes=(0,), cleans=INJECTIONS, checks=(Check(0, _HEX, "returns"),)
                ),
                **each("uuid1 uuid3 uuid4 uuid5 uuid6 uuid7 uuid8", gives("uuid.UUID")),
                "getnode": NUMBER,
                **each("NAMESPACE_DNS NAMESPACE_OID NAMESPACE_URL NAMESPACE_X500", gives("uuid.UUID")),
            },
        ),
        "crypt.crypt": TEXT,
    },
    aliases={"_hashlib.HASH": HASH, "_hashlib.HASH.": f"{HASH}.", "random.SystemRandom.": "random.Random."},
)
