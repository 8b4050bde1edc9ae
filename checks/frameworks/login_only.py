"""Views that ask a visitor for a login and for nothing else: no permission, no role, no check of their own."""

from __future__ import annotations

from checks.frameworks.access import words
from checks.frameworks.views import View

_LOGIN = frozenset(
    {
        "api",
        "auth",
        "authenticated",
        "authentication",
        "has",
        "is",
        "jwt",
        "logged",
        "login",
        "middleware",
        "mixin",
    }
    | {"require", "required", "requires", "session", "signed", "in", "token", "user", "verify", "view"}
)
_KNOWN = ("django.", "flask.", "flask_login.", "rest_framework.", "flask_jwt_extended.")


def asks_login_only(view: View) -> bool:
    """Whether a login is asked for, and all that is asked is told by its name to be one.

    A class above the view that can't be seen may ask for more, so there must be none but the frameworks' own.
    """
    checks = [check for check in view.checks if check.kind == "access"]
    declared = [check for check in checks if check.source != "body"]
    if any(not words(check.name) <= _LOGIN for check in declared):
        return False
    if any(
        node is None and not name.startswith(_KNOWN) and not words(name) <= _LOGIN
        for name, node, _ in view.lineage
    ):
        return False
    if not {"admin", "backoffice", "control", "dashboard", "management", "staff"}.isdisjoint(
        view.file.path.split("/")
    ):
        return False
    return bool(checks)
