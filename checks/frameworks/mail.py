"""What sends mail: Django's functions and classes, Flask's extensions, the standard library."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.nodes import descendants
from checks.semantics.source import File

_FUNCTIONS = frozenset(
    {
        "django.core.mail.EmailMessage",
        "django.core.mail.EmailMultiAlternatives",
        "django.core.mail.mail_admins",
        "django.core.mail.send_mail",
        "django.core.mail.send_mass_mail",
        "flask_mail.Message",
        "flask_mailman.EmailMessage",
        "flask_mailman.EmailMultiAlternatives",
    }
)
_METHODS = frozenset({"email_user", "send_mail", "send_email", "sendmail"})
_LAST = _METHODS | {name.rpartition(".")[2] for name in _FUNCTIONS}


def mails_in(node: ast.AST, file: File) -> Iterator[ast.Call]:
    """The calls within a node that write or send a mail."""
    for inner in descendants(node):
        if isinstance(inner, ast.Call):
            called = inner.func
            if isinstance(called, ast.Attribute) and called.attr not in _LAST:
                continue
            last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if last in _METHODS or (file.resolve(called) or "") in _FUNCTIONS:
                yield inner
