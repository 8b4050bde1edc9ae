"""Fields that hold passwords, hashes, tokens and keys, and which of them an answer shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.django.schema import schema_named
from checks.frameworks.serializers import Serializer
from checks.frameworks.sqlalchemy.models import sql_model_of
from checks.semantics.definitions import definition
from checks.semantics.source import File

_PASSWORD = re.compile(r"_?(hashed_)?(password|passwd|pwd)(_?(hash|hashed|salt|digest))?")
_SECRET = re.compile(
    r"((api|auth|private|secret|signing|encryption)_)?(secret|secret_key|private_key|api_key|apikey|access_token"
    r"|refresh_token|auth_token|reset_token|otp_secret|totp_secret|client_secret|webhook_secret)"
)
_ISSUING = frozenset(
    {
        "access",
        "api",
        "apikey",
        "application",
        "auth",
        "authentication",
        "client",
        "credential",
        "credentials",
        "jwt",
    }
    | {
        "key",
        "oauth",
        "otp",
        "secret",
        "secrets",
        "session",
        "sso",
        "token",
        "tokens",
        "totp",
        "webhook",
        "integration",
    }
)


def shown_fields(found: Serializer, file: File) -> Iterator[tuple[str, bool]]:
    """The fields that an answer holds; of `"__all__"` and automatic schemas those of the model.

    With each stands whether it is certain that the class is for answers: one without a model may be for what comes in.
    """
    for name in found.shown:
        declared = found.declared.get(name)
        if declared is None or not declared.dotted.endswith(
            ("SerializerMethodField", ".Method", ".Function")
        ):
            yield name, bool(found.model)
    left_out = {*(found.exclude or ()), *found.hidden, *found.declared}
    if found.framework == "drf" and (
        found.fields == ("__all__",) or (found.exclude and found.fields is None)
    ):
        schema = schema_named(found.model, file)
        names = set(schema.columns) if schema is not None else set()
        if found.model.startswith("django.contrib.auth.") and found.model.endswith(
            (".User", ".get_user_model")
        ):
            names.add("password")
        yield from ((name, True) for name in sorted(names - left_out))
    elif found.framework == "marshmallow" and found.model and found.fields is None:
        model = definition(found.model, file)
        columns = sql_model_of(model[0], model[1]) if model and isinstance(model[0], ast.ClassDef) else None
        yield from ((name, True) for name in sorted(set(columns.columns if columns else ()) - left_out))


def is_password(name: str) -> bool:
    """Whether a field holds a password or its hash, told from its name."""
    return _PASSWORD.fullmatch(name) is not None


def is_sensitive(name: str, context: set[str]) -> bool:
    """Whether a field of this name holds a secret; a token does not where the words around it say that it is issued."""
    if is_password(name):
        return True
    return _SECRET.fullmatch(name) is not None and context.isdisjoint(_ISSUING)
