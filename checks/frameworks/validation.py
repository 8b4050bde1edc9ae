"""Whether code looks at what was sent before it uses it: by forms, schemas, validators, conversions, comparisons."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.access import words
from checks.semantics.enclosing import called, kept, words_called
from checks.semantics.nodes import descendants

_CHECKS = frozenset(
    {
        "check",
        "choice",
        "choices",
        "clean",
        "cleaned",
        "convert",
        "deserialize",
        "ensure",
        "fullmatch",
        "isinstance",
    }
    | {
        "len",
        "load",
        "loads",
        "match",
        "normalize",
        "parse",
        "sanitize",
        "schema",
        "strptime",
        "valid",
        "validate",
    }
    | {
        "validated",
        "validator",
        "verify",
        "Form",
        "int",
        "float",
        "Decimal",
        "uuid",
        "UUID",
        "strip_tags",
        "slugify",
    }
)
_OWN = frozenset({"clean_fields", "full_clean", "validate", "validated_save", "validates"})


def looks_at(node: ast.AST, key: str) -> bool:
    """Whether code tests the value of a key, or calls anything that checks."""
    return has_check(node) or key in kept(node, "compared", lambda: frozenset(_compared(node)))


def has_check(node: ast.AST) -> bool:
    """Whether code calls anything that by its name checks or converts a value."""
    return kept(node, "has_check", lambda: any(_is_check(inner) for inner in descendants(node)))


def _is_check(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = called(node)
    return (
        name in _CHECKS
        or not words(name).isdisjoint(_CHECKS)
        or name.endswith(("Form", "Schema", "Serializer"))
    )


def _compared(node: ast.AST) -> Iterator[str]:
    """The names and keys that comparisons look at, but for those with nothing."""
    for inner in descendants(node):
        if isinstance(inner, ast.Compare) and not all(
            isinstance(side, ast.Constant) and side.value in (None, "") for side in inner.comparators
        ):
            for part in descendants(inner):
                yield getattr(part, "id", "") or getattr(part, "attr", "")
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def validates_itself(node: ast.AST) -> bool:
    """Whether a model's class validates what it is given, when it is saved or set."""
    return not words_called(node).isdisjoint(_OWN)
