"""What makes a query, or asks one, and is no method of a manager: shortcuts, `QuerySet(...)`, managers of libraries."""

from __future__ import annotations

from checks.frameworks.django.contrib_models import is_contrib_model
from checks.frameworks.django.managers import MANAGER, QUERYSET
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import note_run, rows_value
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Origin, Row, Rows
from checks.semantics.values import Value, instance


def get_object(frame: Frame, call: Invocation) -> Value | None:
    """`get_object_or_404(Order, pk=...)`: of a model, a manager or a query."""
    base = _taken(frame, call)
    if base is None:
        return None
    rows = base.record
    assert isinstance(rows, Rows)
    note_run(frame, base, call.node, "get", anew=True)
    return Value(type=rows.type, record=Row(rows.but(loops=frame.loops, pristine=False)))


def get_list(frame: Frame, call: Invocation) -> Value | None:
    """`get_list_or_404(Order, paid=True)`."""
    base = _taken(frame, call)
    if base is None:
        return None
    note_run(frame, base, call.node, "iterate", anew=True)
    return Value(type="builtins.list", items={}, rest=base.rest)


def _taken(frame: Frame, call: Invocation) -> Value | None:
    """The query that a shortcut is given: itself, or of a model's class, which is then written on."""
    given = call.argument((0, "klass"))
    if given is None:
        return None
    node = call.expression((0, "klass"))
    origin = Origin(frame.file, node)
    if isinstance(given.record, Rows):
        rows = given.record if given.record.root is not None else given.record.but(root=origin)
        return rows_value(rows, given.type)
    for target in given.targets:
        if isinstance(target, Class):
            manager = frame.machine.attribute(target, "objects", given)
            if manager is not None and isinstance(manager.record, Rows):
                root = Origin(frame.file, node, "class")
                return rows_value(manager.record.but(root=root), manager.type)
    if given.name is not None and is_contrib_model(given.name):
        return rows_value(Rows(given.name, Origin(frame.file, node, "class")), QUERYSET)
    return None


def queryset_of(frame: Frame, call: Invocation) -> Value | None:
    """`QuerySet(Order)`."""
    return _rows_of_class(call, QUERYSET)


def _rows_of_class(call: Invocation, type_: object) -> Value | None:
    given = call.argument((0, "model"))
    for target in given.targets if given is not None else ():
        if isinstance(target, Class):
            return rows_value(Rows(target, applied=frozenset({"begun"})), type_)
    return None


def made(frame: Frame, target: Class, call: Invocation) -> Value | None:
    """An instance of a project's own queryset class: `Orders(self.model, using=self._db)`."""
    if not any(name == QUERYSET or name.endswith("QuerySet") for name in target.order()[1]):
        return None
    return _rows_of_class(call, target)


def scoped_manager(_frame: Frame, call: Invocation) -> Value | None:
    """`ScopedManager(_manager_class=Orders, shop="shop")` of django-scopes: an instance of the class, or Django's."""
    given = call.argument("_manager_class")
    for target in given.targets if given is not None else ():
        if isinstance(target, Class):
            return Value(type=target)
    return instance(MANAGER)
