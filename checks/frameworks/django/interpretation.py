"""What Django tells the interpreter: which functions it calls, with what, and where their results go."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from checks.frameworks.django import (
    admin,
    class_views,
    context_processors,
    forms,
    query_makers,
    syndication,
    tables2,
)
from checks.frameworks.django.class_views import held_rows
from checks.frameworks.django.managers import MANAGER_NAMES, manager_named
from checks.frameworks.django.model_classes import contrib_manager
from checks.frameworks.django.relations import relation
from checks.frameworks.django.request_attributes import Known, request_attribute
from checks.frameworks.drf import views as rest_views
from checks.frameworks.graphql import resolving
from checks.frameworks.input_fields import validated_fields
from checks.frameworks.url_arguments import ANY_ARGUMENT, url_arguments, url_dictionary
from checks.frameworks.views import routes_of
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.targets import Class, Function, shape_of
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Relation, Rows
from checks.semantics.values import Value, instance

REQUEST = "django.http.HttpRequest"
API_REQUEST = "rest_framework.request.Request"
_VIEWS = ("django.views.", "rest_framework.")
_HANDLERS = frozenset(
    {
        "create", "delete", "destroy", "dispatch", "get", "head", "list", "options", "partial_update", "patch",
        "post", "put", "retrieve", "setup", "update",
    }
)  # fmt: skip
_MANAGER = instance("django.db.models.Manager")


class Django:
    """Views with their request and URL arguments, what class-based views hold, and models' managers."""

    def __init__(self) -> None:
        self._on_requests: Known = {}

    def parameters(self, function: Function) -> Mapping[str, Value]:
        """A view's request and URL arguments; a parameter called `request` is one wherever Django is imported."""
        names = shape_of(function.node).parameters
        found: dict[str, Value] = {}
        node = function.node
        if not isinstance(node, ast.Lambda) and _may_be_view(function):
            view = function.owner.node if function.owner is not None and node.name in _HANDLERS else node
            routes = [route for route in routes_of(view, function.file) if route.framework != "flask"]
            found.update(url_arguments(routes, function) if routes else {})
            if routes and node.args.kwarg is not None and node.args.kwarg.arg not in found:
                found[node.args.kwarg.arg] = url_dictionary(routes, function.file.path, node.args.kwarg)
        if "request" in names and "request" not in found and _knows_django(function):
            api = function.owner is not None and _is_api(function.owner)
            found["request"] = instance(API_REQUEST if api else REQUEST)
        return {name: value for name, value in found.items() if name in names}

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """What Django's views return is a response, whose construction is the sink."""
        return ()

    def relation(self, machine: Machine, owner: Class | str, name: str) -> Relation | None:
        """What an attribute of a model's instances is."""
        return relation(machine, owner, name)

    def attribute(self, machine: Machine, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """`self.request`, `self.kwargs` and `self.args` of class-based views; managers of models."""
        if isinstance(owner, Class) and receiver.targets:
            manager = manager_named(machine, owner, name)
            if manager is not None:
                return manager
        if isinstance(owner, str) and owner:
            manager = contrib_manager(name, owner)
            if manager is not None:
                return manager
        if name in MANAGER_NAMES:
            return _MANAGER if not receiver.items or name not in receiver.items else None
        if name in ("object", "object_list") and isinstance(owner, Class):
            return held_rows(machine, owner, name, receiver)
        if owner in (REQUEST, API_REQUEST) and machine.knowledge.member(str(owner), name) is None:
            return request_attribute(machine, name, self._on_requests)
        if name == "model" and isinstance(receiver.record, Rows) and isinstance(receiver.record.type, Class):
            return Value(targets=(receiver.record.type,))
        if isinstance(owner, Class) and name in ("request", "kwargs", "args") and _is_view(owner):
            if name == "request":
                return instance(API_REQUEST if _is_api(owner) else REQUEST)
            routes = [route for route in routes_of(owner.node, owner.file) if route.framework != "flask"]
            return (
                url_dictionary(routes)
                if name == "kwargs"
                else Value(type="builtins.tuple", taints=(ANY_ARGUMENT,))
            )
        if isinstance(owner, Class) and name in ("cleaned_data", "validated_data"):
            held = (receiver.items or {}).get(name)
            return held if held is not None else validated_fields(owner)
        return None

    def act(self, frame: Frame, owner: Class) -> None:
        """What Django does with a class by itself: shows the page of a generic view."""
        class_views.act(frame, owner)
        rest_views.act(frame, owner)
        admin.act(frame, owner)
        forms.act(frame, owner)
        tables2.act(frame, owner)
        syndication.act(frame, owner)
        resolving.act(frame, owner)

    def act_on(self, frame: Frame, function: Function) -> None:
        """What Django does with a function by itself: gives what a context processor gives to the templates."""
        context_processors.act_on(frame, function)

    def made(self, frame: Frame, target: Class, call: Invocation) -> Value | None:
        """A new instance: of a queryset's class a query; a serializer's data and a table's rows are asked for."""
        rest_views.made(frame, target, call)
        tables2.made(frame, target, call)
        return query_makers.made(frame, target, call)

    def enters(self, owner: Class) -> bool:
        """Whether Django calls methods of a class that it inherits: of views."""
        return _is_view(owner)


def _may_be_view(function: Function) -> bool:
    return function.kind in ("function", "method") and not function.is_nested


def _knows_django(function: Function) -> bool:
    packages = function.file.imports
    return "django" in packages or "rest_framework" in packages or "flask" not in packages


def _is_view(owner: Class) -> bool:
    _, bases = owner.order()
    return any(base.startswith(_VIEWS) and not base.endswith("Serializer") for base in bases)


def _is_api(owner: Class) -> bool:
    _, bases = owner.order()
    return any(base.startswith("rest_framework.") for base in bases)
