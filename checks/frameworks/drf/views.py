"""Views of Django REST framework at work: the lists and rows that its generic views answer with.

From its documentation: "Generic views", "ViewSets".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.class_views import own_method, queryset_of
from checks.frameworks.drf.serializing import represent_fields, serialize
from checks.frameworks.lookups import method_called, place_of
from checks.frameworks.serializers import serializer_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Row, Rows
from checks.semantics.values import UNKNOWN, Value, constant

_LISTING = frozenset(
    {
        "rest_framework.generics.ListAPIView",
        "rest_framework.generics.ListCreateAPIView",
        "rest_framework.mixins.ListModelMixin",
        "rest_framework.viewsets.ModelViewSet",
        "rest_framework.viewsets.ReadOnlyModelViewSet",
    }
)
_RETRIEVING = frozenset(
    {
        "rest_framework.generics.RetrieveAPIView",
        "rest_framework.generics.RetrieveDestroyAPIView",
        "rest_framework.generics.RetrieveUpdateAPIView",
        "rest_framework.generics.RetrieveUpdateDestroyAPIView",
        "rest_framework.mixins.RetrieveModelMixin",
        "rest_framework.viewsets.ModelViewSet",
        "rest_framework.viewsets.ReadOnlyModelViewSet",
    }
)


def act(frame: Frame, owner: Class) -> None:
    """Answer with the list, and with one row, of a generic view."""
    names = frozenset(owner.order()[1])
    if not _LISTING.isdisjoint(names) and own_method(owner, "list") is None:
        _answer(frame, owner, "list", many=True)
    if not _RETRIEVING.isdisjoint(names) and own_method(owner, "retrieve") is None:
        _answer(frame, owner, "retrieve", many=False)


def _answer(frame: Frame, owner: Class, action: str, *, many: bool) -> None:
    receiver = acting(owner, action)
    rows = queryset_of(frame.machine, owner, receiver)
    if rows is None or not isinstance(rows.record, Rows):
        return
    frame.uses.add(owner.file.path)
    value = rows if many else Value(type=rows.record.type, record=Row(rows.record))
    place = place_of(owner.node)
    for serializer in serializers_of(frame, receiver):
        serialize(frame, serializer, value, place, many=many)


def acting(owner: Class, action: str) -> Value:
    """An instance of a view while it answers one action: what depends on `self.action` is decided."""
    return Value(type=owner, items={"action": constant(action)}, facts={"fixed": ("action", action)})


def serializers_of(frame: Frame, receiver: Value) -> Iterator[Class]:
    """The serializers that a view answers with: what its own method gives, else what its class says."""
    owner = receiver.type
    if not isinstance(owner, Class):
        return
    found = method_called(frame, receiver, "get_serializer_class", place_of(owner.node))
    classes = list(_serializers(found)) if found is not None else []
    if not classes:  # none of its own, or one that only running tells
        classes = list(_serializers(frame.machine.forced(_attribute(owner, "serializer_class") or UNKNOWN)))
    yield from classes


def _serializers(value: Value) -> Iterator[Class]:
    for target in value.targets:
        if isinstance(target, Class) and serializer_of(target.node, target.file) is not None:
            yield target


def _attribute(owner: Class, name: str) -> Value | None:
    return next((one.env[name] for one in owner.order()[0] if name in one.env), None)


def get_serializer_class(frame: Frame, call: Invocation) -> Value | None:
    """`super().get_serializer_class()`: what the class of the view says."""
    receiver = call.receiver
    owner = receiver.type if receiver is not None else None
    if not isinstance(owner, Class):
        return None
    frame.looked_up(owner, "`serializer", owner)
    held = _attribute(owner, "serializer_class")
    return frame.machine.forced(held) if held is not None else None


def get_serializer(frame: Frame, call: Invocation) -> Value | None:
    """`self.get_serializer(page, many=True)`."""
    receiver, value = call.receiver, call.argument((0, "instance"))
    if receiver is None or value is None or "data" in call.keywords:
        return None
    many = call.argument("many")
    for serializer in _of_action(frame) or list(serializers_of(frame, receiver)):
        serialize(frame, serializer, value, place_of(call.node), many=many is not None and many.const is True)
    return None


def _of_action(frame: Frame) -> list[Class]:
    """The serializer that the action under way is declared with: `@action(serializer_class=...)`."""
    node = frame.function.node if frame.function is not None else None
    for decorator in getattr(node, "decorator_list", ()):
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            name = frame.file.resolve(keyword.value) if keyword.arg == "serializer_class" else None
            if name is not None:
                return list(_serializers(frame.machine.imported(name, frame.file, frame)))
    return []


def paginate_queryset(_frame: Frame, call: Invocation) -> Value | None:
    """`self.paginate_queryset(queryset)`: a page of its rows as a list."""
    value = call.argument((0, "queryset"))
    if value is None or not isinstance(value.record, Rows):
        return None
    return Value(type="builtins.list", items={}, rest=value.rest, optional=True)


def filter_queryset(_frame: Frame, call: Invocation) -> Value | None:
    """`self.filter_queryset(queryset)`: the same rows, or fewer."""
    value = call.argument((0, "queryset"))
    return value if value is not None and isinstance(value.record, Rows) else None


def to_representation(frame: Frame, call: Invocation) -> Value | None:
    """`super().to_representation(instance)`: field by field."""
    receiver, value = call.receiver, call.argument((0, "instance"))
    if receiver is not None and isinstance(receiver.type, Class) and value is not None:
        frame.looked_up(receiver.type, "`serializer", receiver.type)
        represent_fields(frame, receiver.type, value)
    return None


def made(frame: Frame, target: Class, call: Invocation) -> None:
    """A serializer made of an instance, or of many: its data is what it is made for."""
    if serializer_of(target.node, target.file) is None:
        return
    value = call.argument((0, "instance"))
    if value is None or "data" in call.keywords or len(call.positional) > 1:
        return
    many = call.argument("many")
    place = place_of(call.node)
    serialize(frame, target, value, place, many=many is not None and many.const is True)
