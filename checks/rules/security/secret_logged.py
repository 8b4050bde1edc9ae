"""Secrets that are written into the log.

## What it does
Reports passwords, tokens and keys in logging calls: those of the settings and the environment, what the client sends
under such a name, and variables and attributes that are called so; in views also what is printed.

## Why it matters
Logs go where the database doesn't: to files that many may read, to collectors, to other companies, into backups that
nobody counts. Whoever reads one line has the account.

## Example
```python title="shop/views.py"
import logging

from django.contrib.auth import authenticate
from django.http import HttpResponse

logger = logging.getLogger(__name__)


def sign_in(request):
    name, password = request.POST["name"], request.POST["password"]
    if authenticate(request, username=name, password=password) is None:
        logger.warning("Sign-in failed for %r with %r", name, password)
    return HttpResponse("done")
```

## Use instead
```python title="shop/views.py"
import logging

from django.contrib.auth import authenticate
from django.http import HttpResponse

logger = logging.getLogger(__name__)


def sign_in(request):
    name, password = request.POST["name"], request.POST["password"]
    if authenticate(request, username=name, password=password) is None:
        logger.warning("Sign-in failed for %r", name)
    return HttpResponse("done")
```

## Limits
What a secret is, is told from names. One that went through a function that nothing is known of is taken to be masked.
A variable that is only called `token` or `secret` may be anything, so it counts only where its value is known to come
from a request, the environment or the settings. Filters of the logging configuration are not looked for.

## References
- [OWASP: data to exclude from logs](https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude)
- [CWE-532: Insertion of Sensitive Information into Log File](https://cwe.mitre.org/data/definitions/532.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.secret_flows import is_secret, secret_of
from checks.frameworks.views import view_of
from checks.rule import HIGH, LIKELY, Call, File, Finding, Flow, Role, Rule, SinkUse
from checks.semantics.enclosing import function_around, kept
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.settings-from-environment",
    cwe=532,
    severity=HIGH,
    confidence=LIKELY,
    message="`{text}` {what} and is logged: whoever reads the log has it",
    advice="Leave it out of the log, or log that it is set",
    roles=(Role.PRODUCTION,),
)

_ALONE = frozenset({"token", "secret", "key", "self.token", "self.secret"})
_TELLING = ("bad", "fake", "has", "hashed", "hidden", "is", "masked", "missing", "needs", "no", "redacted")
_TELLING_MORE = (
    "encrypted",
    "require",
    "requires",
    "safe",
    "show",
    "unmasked",
    "use",
    "uses",
    "with",
    "without",
)
_SENT = (".POST", ".form", ".data", ".json", ".get_json", ".body", ".values")
_PASSWORDS = frozenset({"password", "password1", "passwd", "new_password", "old_password", "pwd"})
_TRANSPARENT = frozenset({"builtins.repr", "builtins.str"})


@rule.on_flow("log")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """A secret that is known by its source; and whole forms with a password among what was sent."""
    if secret_of(flow) is not None:
        if not any(_secrets_in(flow.node, file)):
            yield rule.flow(flow, what="holds a secret")
    elif flow.label == "request" and flow.sure and not flow.taken and _asks_for_password(flow, file):
        yield rule.flow(flow, what="holds a password")


def _asks_for_password(flow: Flow, file: File) -> bool:
    """Whether all that was sent is logged where a password is taken out of it."""
    function = function_around(flow.call)
    if function is None or not flow.source.rstrip("`").endswith(_SENT):
        return False
    texts = kept(function, "texts", lambda: frozenset(_texts(function)))
    return not texts.isdisjoint(_PASSWORDS)


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in descendants(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


@rule.on_sink("log")
def check_names(use: SinkUse, file: File) -> Iterator[Finding]:
    """What is called a secret in the call itself."""
    yield from _named(use.invocation.node, file)


@rule.on_call("builtins.print")
def check_print(call: Call, file: File) -> Iterator[Finding]:
    """The same of what a view prints."""
    function = function_around(call.node)
    if function is not None and view_of(function, file) is not None:
        yield from _named(call.node, file)


def _named(call: ast.Call, file: File) -> Iterator[Finding]:
    for given in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "msg")):
        for node in _secrets_in(given, file):
            yield rule.finding(node, file, text=file.segment(node), what="is a secret by its name")
            return


def _secrets_in(node: ast.expr, file: File) -> Iterator[ast.expr]:
    """The names in what is logged that say that they hold a secret; what calls make of them is another matter."""
    match node:
        case ast.Name() | ast.Attribute():
            name = node.id if isinstance(node, ast.Name) else node.attr
            if _says_secret(name) and file.constant(node) is None:
                yield node
        case ast.BinOp():
            yield from _secrets_in(node.left, file)
            yield from _secrets_in(node.right, file)
        case ast.JoinedStr() | ast.Tuple():
            for part in node.values if isinstance(node, ast.JoinedStr) else node.elts:
                yield from _secrets_in(part, file)
        case ast.FormattedValue():
            yield from _secrets_in(node.value, file)
        case ast.Call(func=ast.Attribute(attr="format")):
            for given in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _secrets_in(given, file)
        case ast.Call(args=[only]):
            if file.resolve(node.func) in _TRANSPARENT:
                yield from _secrets_in(only, file)


def _says_secret(name: str) -> bool:
    """Whether a name says that it holds a secret, and not something about one."""
    words = name.lower().strip("_").split("_")
    if name.lower() in _ALONE or words[0] in _TELLING or words[0] in _TELLING_MORE:
        return False
    return is_secret(name)
