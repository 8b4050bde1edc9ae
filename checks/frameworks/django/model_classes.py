"""Classes of models that code asks for by name: the setting for users, `apps.get_model`."""

from __future__ import annotations

from checks.frameworks.django.contrib_models import LABELS, is_contrib_model
from checks.frameworks.django.managers import MANAGER, MANAGER_NAMES, of_model
from checks.frameworks.django.schema import schema_named, user_model
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Pending
from checks.semantics.invocation import Invocation
from checks.semantics.source import File
from checks.semantics.values import Value, instance


def get_user_model(frame: Frame, _call: Invocation) -> Value | None:
    """`get_user_model()`."""
    return class_of(user_model(frame.machine.project, frame.file.path), frame.file)


def get_model(frame: Frame, call: Invocation) -> Value | None:
    """`apps.get_model("shop", "Order")`, `apps.get_model("shop.Order")`."""
    app, name = call.constant((0, "app_label")), call.constant((1, "model_name"))
    if isinstance(app, str) and isinstance(name, str):
        app = f"{app}.{name}"
    return class_of(app, frame.file) if isinstance(app, str) and app.count(".") == 1 else None


def class_of(label: str, file: File) -> Value | None:
    """The class of a model by its label, as a value: looked for when somebody asks, since modules name each other."""
    if label in LABELS:
        return Value(name=LABELS[label])
    schema = schema_named(label, file)
    return Value(targets=(Pending(schema.name, file),)) if schema is not None else None


def contrib_manager(name: str, owner: str) -> Value | None:
    """`User.objects` of a model of Django's own."""
    if name in MANAGER_NAMES and is_contrib_model(owner):
        return of_model(instance(MANAGER), owner)
    return None
