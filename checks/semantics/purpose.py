"""What a digest is for, told from the names around its call: a secret, or a label such as a cache's key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.semantics.names import ancestors, parent
from checks.semantics.nodes import descendants
from checks.semantics.secrets import is_secret_name
from checks.semantics.source import File

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def words(name: str) -> frozenset[str]:
    """The words of a name, lower-case and singular: of `SECRET_KEYS` and `secretKeys`, secret and key."""
    return frozenset(word.lower().removesuffix("s") for word in _WORD.findall(name))


_PASSWORDS = words("passphrase passwd password pwd")
_SECRETS = words("apikey credential csrf otp secret session sign signature token")
_LABELS = words(
    "asset avatar bucket cache cached caching change changed checksum color colour content css dedupe"
    " deterministic duplicate email etag file filename fingerprint func function gravatar html icon"
    " identifier image index job js key label lock memo name path prefix query revision shard short slug"
    " sql static suffix template thumb thumbnail uid unique uri url uuid vary version"
)
_BEFORE = frozenset({"for", "from", "in", "of", "to", "with"})
_GENERATED = frozenset(
    {"nonce", "otp", "passcode", "passphrase", "password", "passwd", "pwd", "token", "totp"}
)
_CODES = frozenset({"code", "key", "pin"})
_CODE_KINDS = words(
    "access activation api auth authentication confirm confirmation encryption factor invitation invite login mfa otp"
    " private recovery reset secret security session signing sm verification verify"
)
_NO_GENERATED = frozenset({"cache", "color", "count", "next", "page", "sort", "test", "tokenizer"})
_SHORT = 16  # characters of a digest that is cut: too few for a secret, enough for a label


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a digest is for. `data` is the secret that goes in (`password`, `token`), `None` when no name says so.

    `is_secret` says that the result is one by its name, `is_label` that it only tells things apart.
    """

    data: str | None
    is_secret: bool
    is_label: bool

    @property
    def is_password(self) -> bool:
        """Whether a password goes in."""
        return self.data is not None and not _PASSWORDS.isdisjoint(words(self.data))


def purpose_of(call: ast.Call, file: File) -> Purpose:
    """What the digest is for that a call begins or makes."""
    data = [*call.args, *(keyword.value for keyword in call.keywords), *_updates(call)]
    names = [name for value in data for name in _names(value)]
    secret = next((name for name in names if not words(name).isdisjoint(_PASSWORDS | _SECRETS)), None)
    results = list(result_names(call, file))
    is_secret = any(_names_secret(name) for name in results)
    label = not is_secret and (any(not words(name).isdisjoint(_LABELS) for name in results) or _is_cut(call))
    place = words(file.path.rpartition("/")[2])
    plain = not place.isdisjoint(_LABELS) or any(
        _is_plain(node, file) for value in data for node in descendants(value)
    )
    return Purpose(secret, is_secret, label or (plain and secret is None and not is_secret))


def generated_secret(name: str) -> bool:
    """Whether something of this name, made by chance, is a secret: `reset_token` and `make_otp` are.

    The last word tells, in front of `for`, `of` and the like: `token_for_user` is one, `token_count` is none.
    """
    spelled = [word.lower() for word in _WORD.findall(name[-200:])]
    cut = next((index for index, word in enumerate(spelled) if index and word in _BEFORE), len(spelled))
    spelled = spelled[:cut]
    if not spelled:
        return False
    last, before = spelled[-1], frozenset(spelled[:-1])
    if not before.isdisjoint(_NO_GENERATED):
        return False
    return (
        last in _GENERATED
        or (last in _CODES and not before.isdisjoint(_CODE_KINDS))
        or is_secret_name("_".join(spelled))
    )


def _names_secret(name: str) -> bool:
    """Whether a result's name says that it is a secret: `signature` does, `signature_cache_key` does not."""
    found = words(name)
    return is_secret_name(name) or (not found.isdisjoint(_SECRETS | _PASSWORDS) and found.isdisjoint(_LABELS))


def _is_plain(node: ast.AST, file: File) -> bool:
    """Whether what goes in is content to tell apart: of a file, a page, a query, or written as JSON."""
    value = file.names.value(node) if isinstance(node, ast.Name) else node
    if isinstance(value, ast.Call) and file.resolve(value.func) == "json.dumps":
        return True
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return not words(name).isdisjoint(_LABELS)


def _names(node: ast.AST) -> Iterator[str]:
    """The names, attributes and keys that an expression uses, but for those of functions that it calls."""
    for inner in descendants(node):
        above = parent(inner)
        if isinstance(above, ast.Call) and above.func is inner:
            continue
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr
        elif (
            isinstance(inner, ast.Constant)
            and isinstance(inner.value, str)
            and isinstance(above, ast.Subscript)
        ):
            yield inner.value


def result_names(call: ast.AST, file: File) -> Iterator[str]:
    """What a result is called: the name, key or parameter that it is given to, the functions that it is made in."""
    below: ast.AST = call
    for above in ancestors(call):
        if isinstance(above, (ast.Assign, ast.AnnAssign)):
            for target in above.targets if isinstance(above, ast.Assign) else [above.target]:
                yield from _names(target)
        elif isinstance(above, ast.keyword) and above.arg:
            yield above.arg
        elif isinstance(above, ast.Dict):
            keys = [key for key, value in zip(above.keys, above.values, strict=True) if value is below]
            yield from (
                key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )
        elif isinstance(above, ast.Call) and above.func is not below:
            yield from file.segment(above.func)[-100:].split(".")[-2:]
        elif isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield above.name
            return
        below = above


def _updates(call: ast.Call) -> Iterator[ast.expr]:
    """What is fed later to a digest that a name holds: `digest = md5(); digest.update(data)`."""
    above = parent(call)
    if not isinstance(above, ast.Assign) or not isinstance(above.targets[0], ast.Name):
        return
    name = above.targets[0].id
    scope = next(
        (
            node
            for node in ancestors(call)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module))
        ),
        call,
    )
    for node in descendants(scope):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            if isinstance(node.func.value, ast.Name) and node.func.value.id == name:
                yield from node.args


def _is_cut(call: ast.Call) -> bool:
    """Whether only the first characters of the digest are used."""
    node: ast.AST = call
    while (above := parent(node)) is not None and isinstance(above, (ast.Attribute, ast.Call, ast.Subscript)):
        if isinstance(above, ast.Subscript):
            cut = above.slice.upper if isinstance(above.slice, ast.Slice) else None
            return isinstance(cut, ast.Constant) and isinstance(cut.value, int) and cut.value <= _SHORT
        node = above
    return False
