"""Comprehensions that go through rows: what they read of each, and what they give."""

from __future__ import annotations

import ast

from checks.semantics.nodes import descendants, parent

Comprehension = ast.DictComp | ast.GeneratorExp | ast.ListComp | ast.SetComp


def over_rows(node: ast.AST) -> Comprehension | None:
    """The comprehension that goes through an expression alone, with one name for what it meets."""
    above = parent(node)
    whole = parent(above) if isinstance(above, ast.comprehension) and above.iter is node else None
    fits = isinstance(whole, Comprehension) and len(whole.generators) == 1
    return whole if fits and isinstance(whole.generators[0].target, ast.Name) else None  # type: ignore[union-attr,return-value]


def attributes_read(whole: Comprehension) -> tuple[str, ...]:
    """The attributes that are read of each row; none where it is used otherwise."""
    target = whole.generators[0].target
    assert isinstance(target, ast.Name)
    names: dict[str, None] = {}
    for node in descendants(whole):
        if isinstance(node, ast.Name) and node.id == target.id and node is not target:
            above = parent(node)
            if (
                not isinstance(above, ast.Attribute)
                or not isinstance(above.ctx, ast.Load)
                or _is_called(above)
            ):
                return ()
            names[above.attr] = None
    return tuple(names)


def _is_called(attribute: ast.Attribute) -> bool:
    above = parent(attribute)
    return isinstance(above, ast.Call) and above.func is attribute


def given_by(whole: Comprehension) -> list[str]:
    """The columns that each element is, in order; none where it is anything else."""
    if isinstance(whole, ast.DictComp):
        parts = [whole.key, whole.value]
    else:
        parts = whole.elt.elts if isinstance(whole.elt, ast.Tuple) else [whole.elt]
    found = [
        part.attr for part in parts if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
    ]
    single = not isinstance(whole, ast.DictComp) and isinstance(whole.elt, ast.Tuple) and len(parts) == 1
    return found if len(found) == len(parts) and not single else []
