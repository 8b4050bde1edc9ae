"""Lists, tuples, sets and dicts: as they are written out, and as comprehensions make them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.semantics.contents import MAX_ITEMS, element, join, mapping, sequence
from checks.semantics.interpret.assignment import assign
from checks.semantics.interpret.frame import Env, Frame, evaluates
from checks.semantics.interpret.loops import enter, in_loop
from checks.semantics.interpret.outcomes import said_of_each
from checks.semantics.interpret.queries import note_run
from checks.semantics.nodes import descendants, parent
from checks.semantics.operations import iterated, iteration_element
from checks.semantics.taints import Taints, join_taints
from checks.semantics.values import NOTHING, Value, all_taints, with_taints

LARGE = 200
"""Elements of a display from which on it is not note_run: tables of data."""


@evaluates(ast.List)
def _list(frame: Frame, node: ast.List) -> Value:
    return _display(frame, node.elts, "builtins.list")


@evaluates(ast.Tuple)
def _tuple(frame: Frame, node: ast.Tuple) -> Value:
    return _display(frame, node.elts, "builtins.tuple")


@evaluates(ast.Set)
def _set(frame: Frame, node: ast.Set) -> Value:
    return _display(frame, node.elts, "builtins.set")


def _display(frame: Frame, elements: Sequence[ast.expr], kind: str) -> Value:
    if len(elements) > LARGE:
        literal = all(isinstance(inner, ast.Constant) for inner in elements[:LARGE])
        return Value(type=kind, items={}, rest=Value(literal=literal), literal=literal)
    found: list[Value] = []
    rest: Value | None = None
    for inner in elements:
        if isinstance(inner, ast.Starred):
            value = frame.evaluate(inner.value)
            note_run(frame, value, inner.value, "iterate")
            exact = iterated(value)
            if exact is not None:
                found += exact
            else:
                one = iteration_element(value)
                rest = one if rest is None else join(rest, one)
        else:
            found.append(frame.evaluate(inner))
    return sequence(kind, found, rest)


@evaluates(ast.Dict)
def _dict(frame: Frame, node: ast.Dict) -> Value:
    if len(node.keys) > LARGE:
        literal = all(isinstance(inner, ast.Constant) for inner in node.values[:LARGE])
        return Value(type="builtins.dict", items={}, rest=Value(literal=literal), literal=literal)
    items: dict[object, Value] = {}
    rest: Value | None = None
    keys: Taints = ()
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = frame.evaluate(value_node)
        if key_node is None:
            items.update(value.items or {})
            if value.rest is not None or value.items is None:
                one = element(value.but(items=None))
                rest = one if rest is None else join(rest, one)
            continue
        key = frame.evaluate(key_node)
        if key.const is not NOTHING and len(items) < MAX_ITEMS:
            items[key.const] = value
        else:
            rest = value if rest is None else join(rest, value)
            keys = join_taints(keys, key.taints)
    return with_taints(mapping(items, rest), keys) if keys else mapping(items, rest)


@evaluates(ast.ListComp, ast.GeneratorExp)
def _list_of(frame: Frame, node: ast.ListComp | ast.GeneratorExp) -> Value:
    return _comprehension(frame, node.generators, "builtins.list", [node.elt])


def _said(
    frame: Frame,
    generators: list[ast.comprehension],
    iterable: Value,
    pairs: list[tuple[Value, Value]],
    *,
    exact: bool,
) -> dict[str, object] | None:
    """What a generator's condition says of its elements, for `any` and `all`."""
    if len(generators) > 1 or generators[0].ifs or not pairs:
        return None
    node = generators[0].iter
    text = _split_text(frame, node)
    if text is not None:
        return said_of_each(pairs, text, ast.Name("text"), exact=exact)
    return said_of_each(pairs, iterable, node, exact=exact)


def _split_text(frame: Frame, node: ast.expr) -> Value | None:
    """The text of a name that is split at commas or blanks: what holds of every part holds of it."""
    if not (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "split"
        and isinstance(node.func.value, ast.Name)
        and all(isinstance(given, ast.Constant) and given.value in (",", " ", ", ") for given in node.args)
    ):
        return None
    return frame.env.get(node.func.value.id)


@evaluates(ast.SetComp)
def _set_of(frame: Frame, node: ast.SetComp) -> Value:
    return _comprehension(frame, node.generators, "builtins.set", [node.elt])


@evaluates(ast.DictComp)
def _dict_of(frame: Frame, node: ast.DictComp) -> Value:
    return _comprehension(frame, node.generators, "builtins.dict", [node.key, node.value])


def _comprehension(
    frame: Frame, generators: list[ast.comprehension], kind: str, parts: list[ast.expr]
) -> Value:
    """A container of what the parts give; one short source of known elements is gone through one by one."""
    env, texts = frame.env, frame.has_texts
    frame.set_env(env.copy())
    first = frame.evaluate(generators[0].iter)
    exact = iterated(first) if len(generators) == 1 and not generators[0].is_async else None
    results: list[list[Value]] = []
    pairs: list[tuple[Value, Value]] = []
    certain = True
    outer = frame.loops
    loop = enter(frame, first, generators[0].iter, generators[0], once=_is_taken_once(parts[0]))
    for one in exact if exact is not None else (in_loop(iteration_element(first), loop),):
        frame.loops = (*outer, loop)
        assign(frame, generators[0].target, one)
        passed = _conditions(frame, generators[0].ifs)
        for generator in generators[1:]:
            iterable = frame.evaluate(generator.iter)
            inner = enter(frame, iterable, generator.iter, generator)
            assign(frame, generator.target, in_loop(iteration_element(iterable), inner))
            passed = _conditions(frame, generator.ifs) and passed
        if passed is False:
            continue
        certain = certain and passed is True
        target = generators[0].target
        held = frame.env.get(target.id, one) if isinstance(target, ast.Name) else one
        results.append([frame.evaluate(part) for part in parts])
        pairs.append((held, results[-1][0]))
    frame.loops = outer
    _keep_walruses(env, frame.env, generators, parts)
    frame.set_env(env)
    frame.has_texts = texts
    said = (
        _said(frame, generators, first, pairs, exact=exact is not None) if kind == "builtins.list" else None
    )
    if said is not None:
        return _of_rest(kind, results).but(facts=said)
    if exact is not None and certain:
        if kind == "builtins.dict":
            keyed = {key.const: value for key, value in results if key.const is not NOTHING}
            return mapping(keyed) if len(keyed) == len(results) else _of_rest(kind, results)
        return sequence(kind, [found[0] for found in results])
    return _of_rest(kind, results)


def _is_taken_once(part: ast.expr) -> bool:
    """Whether a generator's first element alone is taken: `next(order.customer for order in orders)`."""
    generator = parent(part)
    above = parent(generator) if isinstance(generator, ast.GeneratorExp) else None
    return isinstance(above, ast.Call) and isinstance(above.func, ast.Name) and above.func.id == "next"


def _keep_walruses(env: Env, inner: Env, generators: list[ast.comprehension], parts: list[ast.expr]) -> None:
    """Names that `:=` binds in a comprehension are those around it."""
    nodes = [*parts, *(test for generator in generators for test in generator.ifs)]
    for node in nodes:
        if node.__class__ not in _PLAIN:
            for walrus in walruses(node):
                found = inner.get(walrus)
                if found is not None:
                    env[walrus] = found


_PLAIN = frozenset({ast.Name, ast.Constant, ast.Attribute})


def walruses(node: ast.expr) -> tuple[str, ...]:
    """The names that `:=` binds in an expression: looked for once, kept on its node."""
    known: tuple[str, ...] | None = getattr(node, "_walruses", None)
    if known is None:
        found = [part.target.id for part in descendants(node) if isinstance(part, ast.NamedExpr)]
        known = node._walruses = tuple(found)  # type: ignore[attr-defined]
    return known


def _of_rest(kind: str, results: list[list[Value]]) -> Value:
    rest: Value | None = None
    for found in results:
        rest = found[-1] if rest is None else join(rest, found[-1])
    keys = [found[0] for found in results if len(found) == 2]
    taints = all_taints(keys[0]) if keys else ()
    return Value(type=kind, items={}, rest=rest, taints=taints)


def _conditions(frame: Frame, tests: list[ast.expr]) -> bool | None:
    """Whether an element comes through: None where that is not known."""
    certain: bool | None = True
    for test in tests:
        value = frame.evaluate(test)
        truth = value.truth()
        if truth is False:
            return False
        if truth is None:
            certain = None
            frame.apply(value.true)
    return certain
