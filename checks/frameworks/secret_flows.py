"""Which secret a flow carries, told from its source and from what was taken of it."""

from __future__ import annotations

import ast
import re

from checks.semantics.flows import Flow
from checks.semantics.nodes import descendants
from checks.semantics.secrets import is_secret_name

_NAME = re.compile(r"`([\w.]+)`")
_PUBLIC = frozenset({"anon", "bot", "num", "public", "publishable", "site"})
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def secret_of(flow: Flow) -> str | None:
    """The name of the secret that reaches a sink as it is: `SECRET_KEY`, `password`; `None` where it may be none.

    What a key or attribute names is one (`request.POST["password"]`, `os.environ["API_KEY"]`), but for what the client
    was given to be shown. A part of a secret, and what went through code that nothing is known of, is left out.
    """
    if not flow.sure:
        return None
    steps = [step.strip("[]") for step in flow.taken if step != "()"]
    named = _NAME.search(flow.source)
    name = named[1].rpartition(".")[2] if named is not None else ""
    if _is_cut(flow):
        return None
    if flow.label == "secret":
        return _of_secret(name, steps, flow.node)
    if flow.label not in ("environment", "request"):
        return None
    last = name if steps == ["url"] else steps[-1] if steps else ""
    return last if is_secret(last) else None


def is_secret(name: str) -> bool:
    """Whether what bears a name is a secret that must not be shown: `STRIPE_PUBLIC_KEY` may be."""
    return is_secret_name(name) and _PUBLIC.isdisjoint(word.lower() for word in _WORDS.findall(name))


def _of_secret(name: str, steps: list[str], node: ast.expr) -> str | None:
    """Of a secret itself the whole; of the databases' settings a password, or all that stands beside one."""
    if name == "DATABASES":
        whole = len(steps) < 2 and "" not in steps and isinstance(node, (ast.Attribute, ast.Subscript))
        return name if whole or steps[-1:] == ["PASSWORD"] else None
    return name if not steps else None


def _is_cut(flow: Flow) -> bool:
    """Whether only some of the characters are used: `token[:4]`."""
    shown = flow.file.names.value(flow.node)
    return any(isinstance(inner, ast.Slice) for inner in descendants(shown))
