"""What secrets look like, and what they are called; what only looks like one."""

from __future__ import annotations

import math
import re
from collections import Counter

_LONGEST = 20_000

# The issuers document these prefixes, so that leaked tokens are found: a match is no coincidence.
SHAPES = (
    ("an AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{60,}"),
    ("a GitLab token", r"\bglpat-[\w-]{20,}"),
    ("a Slack token", r"\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w{20,}"),
    ("a Stripe key", r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    ("a Google key", r"\bAIza[\w-]{35}\b|\bGOCSPX-[\w-]{28}\b"),
    ("a SendGrid key", r"\bSG\.[\w-]{22}\.[\w-]{43}\b"),
    ("a Twilio key", r"\bSK[0-9a-f]{32}\b"),
    (
        "a model provider's key",
        r"\bsk-(?:ant|proj|svcacct)-[\w-]{20,}|\bsk-[A-Za-z0-9]{48}\b|\bhf_[A-Za-z]{34}\b",
    ),
    ("a package index token", r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[\w-]{50,}"),
    ("a DigitalOcean token", r"\bdop_v1_[0-9a-f]{64}\b"),
    ("a Mailgun key", r"\bkey-[0-9a-f]{32}\b"),
    ("a Telegram bot token", r"\b\d{8,10}:AA[\w-]{33}\b"),
    ("an Azure storage key", r"\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}"),
    (
        "a private key",
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\n)+(?:[A-Za-z0-9+/=:,. -]+(?:\s|\\n)*){1,4}",
    ),
)
_SHAPES = re.compile("|".join(f"(?P<shape{index}>{pattern})" for index, (_, pattern) in enumerate(SHAPES)))
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,30}://(?P<user>[^\s/:@\"'<>]{0,200}):(?P<password>[^\s/@\"'<>]{2,200})@(?P<host>[^\s/@\"'<>]{0,250})"
)
_PRIVATE = re.compile(
    r"localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|(db|database|mysql|postgres|rabbitmq|redis)\b"
)
_DSN = re.compile(r"\b(?:password|pwd)\s*=\s*(?P<password>[^\s;'\"&]{3,200})", re.IGNORECASE)

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ENDINGS = frozenset({"apikey", "passphrase", "passwd", "password", "pwd", "secret", "token"})
_KEYS = frozenset(
    {"access", "api", "auth", "encryption", "fernet", "hmac", "jwt", "private", "secret", "signing"}
)
_NO_SECRET = frozenset(
    {"csrf", "field", "forgot", "next", "page", "public", "reset", "stop", "type", "unk", "pad", "eos"}
)
# Names of settings in which a text is a secret whatever it looks like.
SLOTS = frozenset(
    {
        "AUTH_LDAP_BIND_PASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "EMAIL_HOST_PASSWORD",
        "JWT_SECRET",
        "JWT_SECRET_KEY",
        "MAIL_PASSWORD",
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "SECURITY_PASSWORD_SALT",
        "SIGNING_KEY",
        "WTF_CSRF_SECRET_KEY",
    }
)

_HEADERS = frozenset({"authorization", "proxy-authorization", "x-access-token", "x-api-key", "x-auth-token"})

_STAND_IN = re.compile(
    r"change[-_ ]?(me|this|it|in)|replace|\byour|your[-_ ]|placeholder|dummy|sample|insert|to-?do|fixme|redacted|xxx"
    r"|fake|mock|example|[<>{}]|\*\*\*|^\$|%\(|%s|\.\.\.|unsafe|test|local|do[-_ ]?not|not[-_ ](a|so|very|for)|dev[-_ ]"
    r"|^(dev|development)\b|^(n/?a|none|null|unset|unused|empty|default|undefined)$|insecure(?<!django-insecure)",
    re.IGNORECASE,
)
# A long random text may hold any short one by chance: only these count there.
_STAND_IN_LONG = re.compile(
    r"change_?me|change-me|\byour[-_]|example|placeholder|<[\w -]+>|\{\{?\s?\w+\s?\}", re.IGNORECASE
)
_COMMON = re.compile(
    r"secret|passw(or)?d|token|api[-_]?key|qwerty|foobar|^abc|12345|admin$|^user|^root$", re.IGNORECASE
)
_WORDS_ONLY = re.compile(r"[A-Za-z]+(?:[-_./: ]+[A-Za-z]+)*[-_]?\d{0,2}|[\d.:-]+")
_PATH = re.compile(r"^(\.{0,2}/|https?:|[a-z]+://)|\.(py|html|json|txt|pem|key|com|org|io)\b")
_DEFAULTS = frozenset(
    {"admin", "django", "flask", "guest", "mysql", "pass", "password", "postgres", "root", "user"}
)


def token_shape(text: str) -> str | None:
    """Whose token a text holds (`a GitHub token`), `None` when it holds none of a known shape."""
    match = _SHAPES.search(text[:_LONGEST])
    if match is None or _STAND_IN.search(match[0]):
        return None
    name = match.lastgroup or ""
    what = SHAPES[int(name.removeprefix("shape"))][0]
    return None if what == "a private key" and len(match[0]) < 120 else what


def password_in(text: str) -> str | None:
    """The password within a URL (`postgres://user:password@host`), `None` where there is none, or only a stand-in.

    A plain word for a host of the own machine or network is what databases are installed with.
    """
    match = _URL.search(text[:_LONGEST])
    if match is None:
        return None
    password = match["password"]
    common = password in _DEFAULTS or password == match["user"] or _COMMON.search(password)
    if password.isalpha() and _PRIVATE.match(match["host"]):
        return None
    stand_in = is_stand_in(password) or (match["user"] != "" and is_stand_in(match["user"]))
    return None if common or stand_in else password


def password_of_dsn(text: str) -> str | None:
    """The password within a connection string (`host=db password=...`), `None` as above."""
    match = _DSN.search(text[:_LONGEST]) if "=" in text else None
    return match["password"] if match and not is_common(match["password"]) else None


def secret_of_header(name: str, text: str) -> str | None:
    """What a header of this name gives away: `a password` by `Basic ...`, `a token`; `None` for all others."""
    if name.lower() not in _HEADERS:
        return None
    scheme, _, rest = text.strip().partition(" ")
    given = rest.strip() or scheme
    if not is_secret_text(given.rstrip("="), shortest=12):
        return None
    return "a password" if rest and scheme.lower() == "basic" else "a token"


def is_secret_name(name: str) -> bool:
    """Whether something of this name holds a secret: `stripe_api_key` does, `api_key_header` does not."""
    words = [word.lower() for word in _WORD.findall(name[-200:])]
    if words and words[-1].isdigit():
        words.pop()
    if not words or not _NO_SECRET.isdisjoint(words):
        return False
    return words[-1] in _ENDINGS or (words[-1] in ("key", "salt") and not _KEYS.isdisjoint(words))


def is_stand_in(text: str) -> bool:
    """Whether a text says that it stands for something else: empty, `<your key>`, `changeme`, `test`."""
    random = len(text) >= 32 and not any(map(str.isspace, text)) and entropy(text[:512]) >= 4.0
    return not text.strip() or (_STAND_IN_LONG if random else _STAND_IN).search(text[:_LONGEST]) is not None


def is_common(text: str) -> bool:
    """Whether a text is a stand-in, or what everybody sets for a database on the own machine."""
    return is_stand_in(text) or text.lower() in _DEFAULTS


def is_secret_text(text: str, *, shortest: int = 8) -> bool:
    """Whether a text looks like a secret by itself: letters and digits mixed, no words, no path, no stand-in."""
    if not shortest <= len(text) <= 512 or any(character.isspace() for character in text):
        return False
    if is_stand_in(text) or _COMMON.search(text) or _WORDS_ONLY.fullmatch(text) or _PATH.search(text):
        return False
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    return mixed and entropy(text) >= (2.0 if shortest < 8 else 2.5 if len(text) < 16 else 3.0)


def entropy(text: str) -> float:
    """Shannon's entropy of the characters of a text, in bits a character."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
