"""Content security policies as settings and headers write them: which directive allows what."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.frameworks.environment import unset_value
from checks.semantics.source import File

HEADER = "Content-Security-Policy"

# Django 6's `django.utils.csp.CSP` and django-csp's `csp.constants`: names for sources.
_MODULES = ("django.utils.csp.CSP.", "csp.constants.")
_NAMED = {
    "NONE": "'none'",
    "SELF": "'self'",
    "UNSAFE_INLINE": "'unsafe-inline'",
    "UNSAFE_EVAL": "'unsafe-eval'",
    "STRICT_DYNAMIC": "'strict-dynamic'",
    "NONCE": "'nonce-'",
}
_SCRIPTS = ("script-src-elem", "script-src", "default-src")
_ANY = frozenset({"*", "http:", "https:", "http://*", "https://*"})
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Gap:
    """What a policy allows and should not: a source of a directive, and what follows from it."""

    directive: str
    source: str
    consequence: str


def gaps(policy: Mapping[str, tuple[str, ...]]) -> Iterator[Gap]:
    """What a policy, as sources by directive, allows scripts to do; inline styles are left alone."""
    for directive in _SCRIPTS:
        sources = [source.lower() for source in policy.get(directive, ())]
        if directive == "default-src" and ("script-src" in policy or "script-src-elem" in policy):
            continue
        strict = any(source.startswith(("'nonce-", "'sha", "'strict-dynamic'")) for source in sources)
        for source in sources:
            if source == "'unsafe-inline'" and not strict:
                yield Gap(directive, source, "injected scripts run")
            elif source == "'unsafe-eval'":
                yield Gap(directive, source, "texts can be run as code")
            elif source in _ANY and "'strict-dynamic'" not in sources:
                yield Gap(directive, source, "scripts of any site run")
            elif source == "data:":
                yield Gap(directive, source, "injected scripts run")


def policy_in_text(text: str) -> dict[str, tuple[str, ...]]:
    """The directives of a header's value."""
    directives = [part.split() for part in text[:_LONGEST].split(";")]
    return {words[0].lower(): tuple(words[1:]) for words in directives if words}


def policy_in(node: ast.AST, file: File) -> dict[str, tuple[str, ...]]:
    """The directives of a policy in source: a text, or a dictionary; what can't be seen is left out."""
    value = file.names.value(node) if isinstance(node, ast.Name) else node
    if isinstance(value, ast.Dict):
        pairs = zip(value.keys, value.values, strict=True)
        named = ((_text(key, file), item) for key, item in pairs if key is not None)
        return {name.lower().replace("_", "-"): sources_in(item, file) for name, item in named if name}
    return policy_in_text(_text(value, file))


def sources_in(node: ast.AST, file: File) -> tuple[str, ...]:
    """The sources of a directive: a text of several, or a list of them, constants of the libraries included."""
    value = file.names.value(node) if isinstance(node, ast.Name) else node
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return tuple(word for item in value.elts[:500] for word in _source(item, file))
    return tuple(_source(value, file))


def _source(node: ast.AST, file: File) -> list[str]:
    name = file.resolve(node) or ""
    if name.startswith(_MODULES):
        return [_NAMED.get(name.rpartition(".")[2], "")]
    return _text(node, file).split()


def _text(node: ast.AST, file: File) -> str:
    value = unset_value(node, file)
    return value.value[:_LONGEST] if value is not None and isinstance(value.value, str) else ""
