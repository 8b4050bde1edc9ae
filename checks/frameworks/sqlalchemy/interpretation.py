"""What SQLAlchemy tells the interpreter: what the attributes of its models and of their rows are."""

from __future__ import annotations

from collections.abc import Mapping

from checks.frameworks.sqlalchemy.entities import GENERIC, PAGINATION, is_given, named_in, of_page, rows_of
from checks.frameworks.sqlalchemy.options import ATTRIBUTE
from checks.frameworks.sqlalchemy.proxies import proxy, text_maker
from checks.frameworks.sqlalchemy.relations import QUERY, is_attribute, model_of, relation
from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.queries import rows_value
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.rows import Relation
from checks.semantics.values import Value


class SqlAlchemy:
    """Models with their columns, relations and queries."""

    def parameters(self, function: Function) -> Mapping[str, Value]:
        """SQLAlchemy calls no function by itself that matters."""
        return {}

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """No function's result goes anywhere."""
        return ()

    def relation(self, machine: Machine, owner: Class | str, name: str) -> Relation | None:
        """What an attribute of a model's instances is."""
        return relation(machine, owner, name)

    def attribute(self, machine: Machine, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """`Order.query`, `Order.customer`; what a row of a result has under a name, the items of a page."""
        if owner == PAGINATION:
            return of_page(receiver, name)
        if owner == "builtins.tuple":
            return named_in(receiver, name)
        model = model_of(owner)
        if not isinstance(owner, Class) or model is None:
            return None
        if receiver.targets and is_attribute(owner, name):
            return Value(type=ATTRIBUTE, facts={"attribute": (owner, name)})
        if name == "query" and not _is_method(owner, name):
            rows = rows_of(owner)
            if is_given(receiver):
                rows = rows.but(applied=frozenset({GENERIC}))
            return rows_value(rows, _query_class(owner))
        if name == "__str__" and not receiver.targets:
            return text_maker(owner, receiver)
        return proxy(owner, model, name, receiver)


def _is_method(owner: Class, name: str) -> bool:
    found = [one.env[name] for one in owner.order()[0] if name in one.env]
    return bool(found) and bool(found[0].targets)


def _query_class(owner: Class) -> object:
    """The class of a model's queries, where the project has one of its own."""
    for one in owner.order()[0]:
        for target in one.env["query_class"].targets if "query_class" in one.env else ():
            if isinstance(target, Class):
                return target
    return QUERY
