"""Attributes of models that stand for others: association proxies as the properties that they are, `__str__`."""

from __future__ import annotations

import ast

from checks.frameworks.sqlalchemy.links import LIST, link_of
from checks.frameworks.sqlalchemy.models import SqlModel, SqlProxy
from checks.semantics.interpret.targets import Bound, Class, Function, Scope
from checks.semantics.names import link_parents
from checks.semantics.values import Value


def proxy(owner: Class, model: SqlModel, name: str, receiver: Value) -> Value | None:
    """What `association_proxy("taggings", "tag")` gives: `[one.tag for one in self.taggings]`, bound to a row."""
    declared = model.proxies.get(name)
    if declared is None or receiver.targets:
        return None
    key = ("proxy", name)
    known = owner.providers.get(key)
    if known is None:
        known = owner.providers[key] = _property(owner, model, declared)
    return Value(targets=(Bound(known, receiver),)) if isinstance(known, Function) else None


def _property(owner: Class, model: SqlModel, declared: SqlProxy) -> Function | None:
    link = link_of(model, declared.relation, owner.file.project)
    if link is None:
        return None
    one = f"self.{declared.relation}"
    read = f"{one}.{declared.attribute}"
    if link.kind == LIST:
        read = f"[one.{declared.attribute} for one in {one}]"
    tree = ast.parse(f"def {declared.name}(self): return {read}")
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = declared.line  # type: ignore[attr-defined]
    link_parents(tree)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    return Function(
        function, owner.file, f"{owner.name}.{declared.name}", Scope({}), owner=owner, kind="property"
    )


def text_maker(owner: Class, receiver: Value) -> Value | None:
    """The `__repr__` that makes a row's text where its class has no `__str__`."""
    for one in owner.order()[0]:
        if "__str__" in one.env:
            return None
        found = one.env.get("__repr__")
        for target in found.targets if found is not None else ():
            if isinstance(target, Function):
                return Value(targets=(Bound(target, receiver),))
    return None
