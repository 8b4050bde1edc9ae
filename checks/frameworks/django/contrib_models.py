"""The models that Django brings itself, as far as other tables hang on them.

From Django's documentation: "django.contrib.auth", "The contenttypes framework", "The Django admin site".
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.semantics.rows import Relation

_MANAGER = "django.db.models.Manager"
USER = "django.contrib.auth.models.User"
GROUP = "django.contrib.auth.models.Group"
PERMISSION = "django.contrib.auth.models.Permission"
CONTENT_TYPE = "django.contrib.contenttypes.models.ContentType"
LOG_ENTRY = "django.contrib.admin.models.LogEntry"
SITE = "django.contrib.sites.models.Site"

LABELS: Mapping[str, str] = {
    "admin.LogEntry": LOG_ENTRY,
    "auth.Group": GROUP,
    "auth.Permission": PERMISSION,
    "auth.User": USER,
    "contenttypes.ContentType": CONTENT_TYPE,
    "sites.Site": SITE,
}
_GROUPS = Relation("many", GROUP, manager=_MANAGER)
_PERMISSIONS = Relation("many", PERMISSION, manager=_MANAGER, loads=frozenset(), ordered=True)
_USERS = Relation("many", USER, manager=_MANAGER)
_OF_USERS = {"groups": _GROUPS, "user_permissions": _PERMISSIONS}
_TEXT = Relation("column", "builtins.str")
_MODELS: Mapping[str, Mapping[str, Relation]] = {
    USER: {**_OF_USERS, "username": _TEXT, "email": _TEXT, "first_name": _TEXT, "last_name": _TEXT},
    "django.contrib.auth.models.AbstractUser": _OF_USERS,
    "django.contrib.auth.models.PermissionsMixin": _OF_USERS,
    GROUP: {"permissions": _PERMISSIONS, "user_set": _USERS, "name": _TEXT},
    PERMISSION: {
        "content_type": Relation("one", CONTENT_TYPE),
        "group_set": Relation("many", GROUP, manager=_MANAGER),
        "user_set": _USERS,
        "codename": _TEXT,
        "name": _TEXT,
    },
    LOG_ENTRY: {"user": Relation("one", USER), "content_type": Relation("one", CONTENT_TYPE, null=True)},
}


_SHOWN: Mapping[str, tuple[str, ...]] = {PERMISSION: ("content_type",), LOG_ENTRY: ()}


def shown_by(name: str) -> tuple[str, ...]:
    """The relations that the text of a row of Django's own reads."""
    return _SHOWN.get(name, ())


def is_contrib_model(name: str) -> bool:
    """Whether a dotted name is that of a model of Django's own."""
    return name in _MODELS or name in LABELS.values()


def label_of(name: str) -> str:
    """The label of one of Django's own models by its dotted name, empty for others."""
    return next((label for label, dotted in LABELS.items() if dotted == name), "")


def contrib_relation(owner: str, name: str) -> Relation | None:
    """What an attribute of one of Django's own models is."""
    found = _MODELS.get(owner)
    return None if found is None else found.get(name)
