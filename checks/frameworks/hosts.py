"""Host names as settings list them, and those that let everybody in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.environment import unset_value
from checks.semantics.source import File

# Domains for the inside of a network, where nobody else can have a host.
_PRIVATE = frozenset(
    {"corp", "home", "internal", "intra", "intranet", "lan", "local", "localdomain", "localhost", "test"}
)
# Domains under which everybody can have one.
_SHARED = re.compile(
    r"\.(amazonaws\.com|appspot\.com|azurewebsites\.net|cloudfront\.net|elasticbeanstalk\.com|fly\.dev|github\.io"
    r"|herokuapp\.com|netlify\.app|ngrok\.io|ngrok-free\.app|onrender\.com|pages\.dev|pythonanywhere\.com|railway\.app"
    r"|run\.app|trycloudflare\.com|vercel\.app|(ac|co|com|gov|net|org)\.[a-z]{2})"
)
_SEPARATORS = re.compile(r"[,;\s]+")
_WRAPPERS = frozenset(f"builtins.{name}" for name in ("filter", "list", "map", "set", "sorted", "tuple"))


def hosts_in(node: ast.expr, file: File) -> Iterator[str]:
    """The hosts that an expression certainly holds, where no variable is set: what else it holds doesn't matter."""
    known = unset_value(node, file)
    if known is not None:
        items = known.value if isinstance(known.value, (list, tuple)) else [known.value]
        yield from (host for item in items if isinstance(item, str) for host in _SEPARATORS.split(item))
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        for element in node.elts:
            yield from hosts_in(element.value if isinstance(element, ast.Starred) else element, file)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from hosts_in(node.left, file)
        yield from hosts_in(node.right, file)
    elif isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
        yield from hosts_in(node.generators[0].iter, file)
    elif isinstance(node, ast.Call) and file.resolve(node.func) in _WRAPPERS and node.args:
        yield from hosts_in(node.args[-1], file)


def is_too_broad(host: str) -> bool:
    """Whether anybody can have a host that a pattern lets in: `*`, `.com`, `.herokuapp.com`."""
    if host == "*" or _SHARED.fullmatch(host):
        return True
    return host.startswith(".") and host.count(".") == 1 and host[1:] not in _PRIVATE and host != "."
