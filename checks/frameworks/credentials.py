"""What the source calls a text: the name, key, parameter or slot that it is given to."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from checks.frameworks.environment import Read, environment_read
from checks.semantics.names import parent
from checks.semantics.source import Call, File

# Arguments that are secrets by position.
_POSITIONS = {
    "aiohttp.BasicAuth": 1,
    "authlib.jose.jwt.encode": 2,
    "cryptography.fernet.Fernet": 0,
    "cryptography.hazmat.primitives.ciphers.algorithms.AES": 0,
    "Crypto.Cipher.AES.new": 0,
    "Cryptodome.Cipher.AES.new": 0,
    "ftplib.FTP": 2,
    "ftplib.FTP.login": 1,
    "ftplib.FTP_TLS": 2,
    "ftplib.FTP_TLS.login": 1,
    "hmac.digest": 0,
    "hmac.new": 0,
    "httpx.BasicAuth": 1,
    "imaplib.IMAP4.login": 1,
    "imaplib.IMAP4_SSL.login": 1,
    "itsdangerous.Signer": 0,
    "itsdangerous.TimestampSigner": 0,
    "itsdangerous.URLSafeSerializer": 0,
    "itsdangerous.URLSafeTimedSerializer": 0,
    "jose.jwt.decode": 1,
    "jose.jwt.encode": 1,
    "jwt.decode": 1,
    "jwt.encode": 1,
    "MySQLdb.connect": 2,
    "pika.PlainCredentials": 1,
    "poplib.POP3.pass_": 0,
    "poplib.POP3_SSL.pass_": 0,
    "pymysql.connect": 2,
    "requests.auth.HTTPBasicAuth": 1,
    "requests.auth.HTTPDigestAuth": 1,
    "smtplib.SMTP.login": 1,
    "smtplib.SMTP_SSL.login": 1,
}
# Clients that are given a password by keyword, by what is called and by the last word of it.
_CLIENTS = frozenset(
    {
        "MySQLdb.connect",
        "mysql.connector.connect",
        "psycopg.connect",
        "psycopg2.connect",
        "pymongo.MongoClient",
        "pymssql.connect",
        "pymysql.connect",
        "redis.Redis",
        "redis.StrictRedis",
        "sqlalchemy.URL.create",
        "sqlalchemy.engine.URL.create",
    }
)
_LOGINS = frozenset({"authenticate", "connect", "log_in", "login", "sign_in"})
_PASSWORDS = frozenset({"passphrase", "passwd", "password", "pwd"})
_AUTH = frozenset({"auth", "basic_auth", "http_auth"})
_METHODS = {"create_superuser": 2, "create_user": 2, "set_password": 0}


@dataclass(frozen=True, slots=True)
class Label:
    """What a text is called. `kind` is assigned, keyword, key, parameter, compared or argument.

    `read` is the read of the environment whose default the text is; `fallback` says that it stands in for another
    value, as such a default or behind `or`. `whole` is the dictionary or call that the key or argument belongs to.
    `login` says that it is the password that a client logs in with.
    """

    name: str
    kind: str
    read: Read | None = None
    fallback: bool = False
    whole: ast.AST | None = None
    login: bool = False

    @property
    def database(self) -> ast.Dict | None:
        """The entry of Django's `DATABASES` that the text is a part of."""
        if not isinstance(self.whole, ast.Dict):
            return None
        keys = {key.value for key in self.whole.keys if isinstance(key, ast.Constant)}
        return self.whole if {"ENGINE", "NAME"} <= keys else None

    @property
    def variable(self) -> str:
        """The name of an environment variable for it: `apiKey` gives `API_KEY`."""
        if self.read is not None and self.read.name:
            return self.read.name
        if self.database is not None and self.name.upper() == "PASSWORD":
            return "DATABASE_PASSWORD"
        return re.sub(r"\W+|(?<=[a-z0-9])(?=[A-Z])", "_", self.name).strip("_").upper()


def label_of(node: ast.Constant, file: File) -> Label | None:
    """What the source calls a text, `None` where it has no name of its own."""
    value: ast.AST = node
    read: Read | None = None
    fallback = False
    while (above := parent(value)) is not None:
        call = parent(above) if isinstance(above, ast.keyword) else above
        # A name comes first, then the default: it need not be asked what the first argument of every call is.
        may_read = isinstance(call, ast.Call) and not (call.args and call.args[0] is value)
        found = environment_read(call, file) if may_read else None  # type: ignore[arg-type]
        if found is not None and found.default is value:
            read, fallback, value = found, True, found.node
        elif isinstance(above, (ast.BoolOp, ast.IfExp)):
            fallback, value = True, above
        else:
            label = _named(value, above, file)
            if label is None:
                return Label(read.name, "keyword", read, True) if read is not None and read.name else None
            return Label(label.name, label.kind, read, fallback, label.whole, label.login)
    return None


def _named(value: ast.AST, above: ast.AST, file: File) -> Label | None:
    match above:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            name = _name_of(target, file)
            return Label(name, "assigned") if name else None
        case ast.keyword(arg=str(name)):
            whole = parent(above)
            logs_in = name in _PASSWORDS and isinstance(whole, ast.Call) and _logs_in(whole, file)
            return Label(name, "keyword", whole=whole, login=logs_in)
        case ast.Tuple(elts=[_, second]) if second is value:
            outer = parent(above)
            is_auth = isinstance(outer, ast.keyword) and outer.arg in _AUTH
            return Label("password", "argument", whole=outer) if is_auth else None
        case ast.List() | ast.Tuple():
            held = parent(above)
            held_as = _name_of(held.targets[0], file) if isinstance(held, ast.Assign) else None
            return Label(held_as, "assigned") if held_as == "SECRET_KEY_FALLBACKS" else None
        case ast.Dict():
            key = next(
                (key for key, item in zip(above.keys, above.values, strict=True) if item is value), None
            )
            named = file.constant(key)
            return Label(named.value, "key", whole=above) if named and isinstance(named.value, str) else None
        case ast.arguments():
            return _parameter(value, above)
        case ast.Compare(ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            name = _name_of(right if above.left is value else above.left, file)
            return Label(name, "compared") if name else None
        case ast.Call():
            return _argument(value, above, file)
    return None


def _logs_in(call: ast.Call, file: File) -> bool:
    """Whether a call takes a password to log in with, as clients of databases and services do."""
    word = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return word in _LOGINS or file.resolve(call.func) in _CLIENTS


def _name_of(target: ast.AST, file: File) -> str | None:
    """The last name of a target: of `app.config["SECRET_KEY"]`, SECRET_KEY."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript):
        key = file.constant(target.slice)
        return key.value if key is not None and isinstance(key.value, str) else None
    return None


def _parameter(value: ast.AST, arguments: ast.arguments) -> Label | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    given = zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    pairs = [*given, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return next((Label(name.arg, "parameter") for name, default in pairs if default is value), None)


def _argument(value: ast.AST, call: ast.Call, file: File) -> Label | None:
    name = file.resolve(call.func) or ""
    position = _POSITIONS.get(name)
    if position is None and isinstance(call.func, ast.Attribute):
        position = _METHODS.get(call.func.attr)
    if position is None or Call(call, name, file).argument(position) is not value:
        return None
    return Label(file.segment(call.func), "argument", whole=call)
