"""Django's generic views: the rows that they show, the context that they hand over, the template that they name.

From Django's documentation: "Generic display views", "Single object mixins", "Multiple object mixins".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.managers import default_manager, is_manager, of_model
from checks.frameworks.django.pagination import PAGINATOR, page_of
from checks.frameworks.django.schema import schema_of
from checks.frameworks.lookups import method_called, place_of
from checks.frameworks.rendering import items_of, render_named
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.queries import limited, rows_value
from checks.semantics.interpret.targets import Bound, Class, Function
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Origin, Row, Rows
from checks.semantics.values import Value, constant, instance

_GENERIC = "django.views.generic."
_LISTS = frozenset(
    f"{_GENERIC}{name}"
    for name in (
        "ListView", "ArchiveIndexView", "DayArchiveView", "MonthArchiveView", "TodayArchiveView", "WeekArchiveView",
        "YearArchiveView", "list.BaseListView", "list.MultipleObjectMixin", "MultipleObjectMixin", "BaseListView",
    )
)  # fmt: skip
_SINGLES = frozenset(
    f"{_GENERIC}{name}"
    for name in (
        "DetailView", "UpdateView", "DeleteView", "DateDetailView", "SingleObjectMixin", "BaseDetailView",
        "detail.SingleObjectMixin", "detail.BaseDetailView",
    )
)  # fmt: skip
_OF_GENERIC_VIEWS = frozenset({"get_context_data", "get_object", "get_queryset"})
_OWN = "`rows"
"""Noted where a view's class says which rows are meant: no other class shares what follows."""
_SUFFIXES = {"DeleteView": "_confirm_delete", "UpdateView": "_form", "CreateView": "_form"}


def is_list(owner: Class) -> bool:
    """Whether a class is a view of many rows."""
    return not _LISTS.isdisjoint(owner.order()[1])


def is_single(owner: Class) -> bool:
    """Whether a class is a view of one row."""
    return not _SINGLES.isdisjoint(owner.order()[1])


def queryset_of(machine: Machine, owner: Class, receiver: Value) -> Value | None:
    """The query behind a view: what its own `get_queryset` gives, else what its class says."""
    method = own_method(owner, "get_queryset")
    if method is None:
        return default_queryset(machine, owner)
    returned = machine.summary(method, [receiver]).returns
    return returned if returned is not None and isinstance(returned.record, Rows) else None


def own_method(owner: Class, name: str) -> Function | None:
    """The project's method of a class, its bases followed up to a generic view, which has one of its own."""
    for one in owner.lineage():
        if isinstance(one, str):
            if one in _LISTS | _SINGLES and name in _OF_GENERIC_VIEWS:
                return None
            continue
        for target in one.env[name].targets if name in one.env else ():
            if isinstance(target, Function):
                return target
            if isinstance(target, Bound):
                return target.function
    return None


def default_queryset(machine: Machine, owner: Class) -> Value | None:
    """The query that `queryset` or `model` says in the body of a view's class."""
    for one in owner.order()[0]:
        held = one.env.get("queryset")
        if held is not None and isinstance(held.record, Rows):
            return held
        if held is not None and held.type is not None and is_manager(machine, held.type):
            return None
        model = one.env.get("model")
        for target in model.targets if model is not None else ():
            if isinstance(target, Class) and schema_of(target.node, target.file) is not None:
                return _of_model(machine, one, target)
    return None


def _of_model(machine: Machine, owner: Class, model: Class) -> Value:
    manager = of_model(default_manager(machine, model), model)
    assert isinstance(manager.record, Rows)
    statement = next((item for item in owner.node.body if _names(item, "model")), None)
    if statement is None:
        return manager
    return rows_value(manager.record.but(root=Origin(owner.file, statement, "view")), manager.type)


def _names(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == name for target in statement.targets
    )


def object_of(machine: Machine, owner: Class, receiver: Value) -> Value | None:
    """The row that a view of one row shows."""
    method = own_method(owner, "get_object")
    if method is not None:
        returned = machine.summary(method, [receiver]).returns
        return returned if returned is not None and isinstance(returned.record, Row) else None
    rows = queryset_of(machine, owner, receiver)
    if rows is None:
        return None
    assert isinstance(rows.record, Rows)
    return Value(type=rows.record.type, record=Row(rows.record))


def held_rows(machine: Machine, owner: Class, name: str, receiver: Value) -> Value | None:
    """`self.object_list`, `self.object` of a generic view."""
    if name == "object_list" and is_list(owner):
        return queryset_of(machine, owner, receiver)
    if name == "object" and is_single(owner):
        return object_of(machine, owner, receiver)
    return None


def get_queryset(frame: Frame, call: Invocation) -> Value | None:
    """`super().get_queryset()`, or `self.get_queryset()` of a view that has none of its own."""
    receiver = call.receiver
    if receiver is None or not isinstance(receiver.type, Class):
        return None
    frame.looked_up(receiver.type, _OWN, receiver.type)
    found = default_queryset(frame.machine, receiver.type)
    if found is None:
        return None
    rows = found.record
    assert isinstance(rows, Rows)
    return rows_value(rows.but(loops=frame.loops), found.type)


def get_object(frame: Frame, call: Invocation) -> Value | None:
    """`super().get_object()`."""
    receiver = call.receiver
    if receiver is None or not isinstance(receiver.type, Class):
        return None
    frame.looked_up(receiver.type, _OWN, receiver.type)
    rows = queryset_of(frame.machine, receiver.type, receiver)
    if rows is None or not isinstance(rows.record, Rows):
        return None
    return Value(type=rows.record.type, record=Row(rows.record.but(loops=frame.loops)))


def get_context_data(frame: Frame, call: Invocation) -> Value | None:
    """`super().get_context_data(**kwargs)`."""
    receiver = call.receiver
    if receiver is None or not isinstance(receiver.type, Class):
        return None
    frame.looked_up(receiver.type, _OWN, receiver.type)
    items = {**_context(frame.machine, receiver.type, receiver), **call.keywords}
    return Value(type="builtins.dict", items=items, rest=call.more)


def _context(machine: Machine, owner: Class, receiver: Value) -> dict[str, Value]:
    """What Django puts into the context of a generic view."""
    found: dict[str, Value] = {"view": receiver}
    name = _text(owner, "context_object_name")
    rows = queryset_of(machine, owner, receiver) if is_list(owner) else None
    if rows is not None and isinstance(rows.record, Rows):
        size, model = _said(owner, "paginate_by"), _model_name(rows.record.type)
        found["paginator"] = Value(type=PAGINATOR, items={"object_list": rows})
        found["page_obj"] = page_of(rows, found["paginator"], size)
        if size is not None and isinstance(size.const, int):
            rows = limited(rows, size)
        found["object_list"] = found[name or f"{model}_list"] = rows
    row = object_of(machine, owner, receiver) if is_single(owner) else None
    if row is not None:
        found["object"] = row
        found[name or _model_name(row.type)] = row
    return found


def _model_name(type_: object) -> str:
    name = type_.node.name if isinstance(type_, Class) else str(type_).rpartition(".")[2]
    return name.lower()


def _said(owner: Class, name: str) -> Value | None:
    """What the body of a class, or of one above it, says of an attribute."""
    return next((one.env[name] for one in owner.order()[0] if name in one.env), None)


def _text(owner: Class, name: str) -> str:
    said = _said(owner, name)
    return said.const if said is not None and isinstance(said.const, str) else ""


def act(frame: Frame, owner: Class) -> None:
    """Show the page of a generic view: its context handed to its template."""
    names = owner.order()[1]
    if not any(name.startswith(_GENERIC) for name in names):
        return
    receiver = instance(owner)
    place = place_of(owner.node)
    template = _template(frame, owner, receiver)
    if not template:
        return
    own = own_method(owner, "get_context_data") is not None
    held = method_called(frame, receiver, "get_context_data", place) if own else None
    context = dict(items_of(held)) if held is not None else _context(frame.machine, owner, receiver)
    for text in template:
        render_named(frame, constant(text), context)


def as_view(frame: Frame, call: Invocation) -> Value | None:
    """`ListView.as_view(model=Order)`: a page made of what the call says."""
    receiver = call.receiver
    name = receiver.name if receiver is not None else None
    if name not in _LISTS | _SINGLES and name != f"{_GENERIC}TemplateView":
        return None
    context = dict(items_of(call.argument("extra_context")))
    rows = call.argument("queryset") or _manager_of(frame, call)
    template = call.constant("template_name")
    if rows is not None and isinstance(rows.record, Rows):
        row = Value(type=rows.record.type, record=Row(rows.record))
        held = rows if name in _LISTS else row
        context["object_list" if name in _LISTS else "object"] = held
        own = call.constant("context_object_name")
        model = _model_name(rows.record.type)
        context[own if isinstance(own, str) else f"{model}_list" if name in _LISTS else model] = held
        if not isinstance(template, str) and isinstance(rows.record.type, Class):
            schema = schema_of(rows.record.type.node, rows.record.type.file)
            app = schema.label.partition(".")[0] if schema is not None else ""
            template = f"{app}/{model}{'_list' if name in _LISTS else '_detail'}.html"
    if isinstance(template, str):
        render_named(frame, constant(template), context)
    return None


def _manager_of(frame: Frame, call: Invocation) -> Value | None:
    model = call.argument("model")
    for target in model.targets if model is not None else ():
        if isinstance(target, Class) and schema_of(target.node, target.file) is not None:
            manager = of_model(default_manager(frame.machine, target), target)
            assert isinstance(manager.record, Rows)
            origin = Origin(frame.file, call.expression("model"), "argument")
            return rows_value(manager.record.but(root=origin), manager.type)
    return None


def _template(frame: Frame, owner: Class, receiver: Value) -> list[str]:
    """The names of the templates that a view may render: its own, those that a method gives, Django's default."""
    method = own_method(owner, "get_template_names")
    if method is not None:
        returned = frame.machine.summary(method, [receiver]).returns
        found = list(_texts(returned)) if returned is not None else []
        if found:
            return found[:3]
    name = _text(owner, "template_name")
    if name:
        return [name]
    return list(_default_names(frame.machine, owner, receiver))


def _texts(value: Value) -> Iterator[str]:
    for item in (value, *(value.items or {}).values(), *((value.rest,) if value.rest is not None else ())):
        if isinstance(item.const, str):
            yield item.const


def _default_names(machine: Machine, owner: Class, receiver: Value) -> Iterator[str]:
    """`shop/order_list.html`, by the model's application and name."""
    rows = queryset_of(machine, owner, receiver) if is_list(owner) or is_single(owner) else None
    if rows is None or not isinstance(rows.record, Rows) or not isinstance(rows.record.type, Class):
        return
    schema = schema_of(rows.record.type.node, rows.record.type.file)
    if schema is not None:
        generic = {name.rpartition(".")[2] for name in owner.order()[1]}
        default = "_list" if is_list(owner) else "_detail"
        kind = next((suffix for name, suffix in _SUFFIXES.items() if name in generic), default)
        suffix = _text(owner, "template_name_suffix") or kind
        app, _, model = schema.label.partition(".")
        yield f"{app}/{model.lower()}{suffix}.html"
