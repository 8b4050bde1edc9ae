"""Conditions: what a test gives, and what its outcome says of the values that were tested."""

from __future__ import annotations

import ast

from checks.semantics.characters import harmless_for
from checks.semantics.contents import join
from checks.semantics.interpret.frame import Frame, evaluates
from checks.semantics.interpret.queries import note_run
from checks.semantics.interpret.targets import Class
from checks.semantics.operations import compare
from checks.semantics.values import FALSE, NOTHING, TRUE, UNKNOWN, Implication, Value, all_taints


@evaluates(ast.IfExp)
def _conditional(frame: Frame, node: ast.IfExp) -> Value:
    test = frame.evaluate(node.test)
    if test.record is not None:
        note_run(frame, test, node.test, "bool")
    truth = test.truth()
    if truth is not None:
        return frame.evaluate(node.body if truth else node.orelse)
    one = _under(frame, test.true, node.body)
    return join(one, _under(frame, test.false, node.orelse))


def _under(frame: Frame, implications: tuple[Implication, ...], node: ast.expr) -> Value:
    """An expression note_run where a test came out one way."""
    if not implications:
        return frame.evaluate(node)
    env, texts = frame.env, frame.has_texts
    frame.set_env(env.copy())
    frame.apply(implications)
    value = frame.evaluate(node)
    frame.set_env(env)
    frame.has_texts = texts
    return value


@evaluates(ast.BoolOp)
def _boolean(frame: Frame, node: ast.BoolOp) -> Value:
    """`and` and `or`: a later operand is only note_run where the earlier ones let it."""
    is_and = node.op.__class__ is ast.And
    env, texts = frame.env, frame.has_texts
    result: Value | None = None
    true: tuple[Implication, ...] = ()
    false: tuple[Implication, ...] = ()
    alternatives: list[tuple[ast.expr, Value]] = []
    copied = False
    count = 0
    for operand in node.values:
        value = _operand(frame, operand, node)
        truth = value.truth()
        if truth is not None and truth is is_and and operand is not node.values[-1]:
            continue  # it decides nothing: the next operand does
        count += 1
        alternatives.append((operand, value))
        result = value if result is None else _either(result, value, is_and=is_and)
        true, false = (
            (true + value.true, false + value.false) if count == 1 or is_and else (true, false + value.false)
        )
        if count > 1:
            either = _in_any(frame, alternatives, is_and=is_and)
            true, false = (true, either) if is_and else (either, false)
        if truth is not None:
            break
        known = value.true if is_and else value.false
        if known:
            if not copied:
                frame.set_env(env.copy())
                copied = True
            frame.apply(known)
    if copied:
        after = frame.env
        frame.set_env(env)
        frame.has_texts = texts
        for key in after.keys() - env.keys():
            if key[0] != "`":
                env[key] = after[key]
    if result is None:
        return TRUE if is_and else FALSE
    if true is result.true and false is result.false:
        return result
    return result.but(true=true, false=false)


def _operand(frame: Frame, operand: ast.expr, node: ast.BoolOp) -> Value:
    """The value of an operand; that of a query, but for the last, is run to tell its truth."""
    value = frame.evaluate(operand)
    if value.record is not None and operand is not node.values[-1]:
        note_run(frame, value, operand, "bool")
    return value


def _in_any(
    frame: Frame, alternatives: list[tuple[ast.expr, Value]], *, is_and: bool
) -> tuple[Implication, ...]:
    """What holds whichever operand decided: `not (x and is_bad(x))` says that `x` is empty or not bad."""
    outcomes = [(node, value.false if is_and else value.true) for node, value in alternatives]
    found = []
    for implied in outcomes[-1][1]:
        clean = implied.clean
        for node, outcome in outcomes[:-1]:
            if _is_empty(frame, node, implied, is_and=is_and):
                continue
            same = [one.clean for one in outcome if one.subject is implied.subject]
            clean = clean & same[0] if same and "*" not in same[0] else clean if same else frozenset()
        if clean and implied.value is None:
            found.append(Implication(implied.subject, implied.text, clean))
    return tuple(found)


def _is_empty(frame: Frame, node: ast.expr, implied: Implication, *, is_and: bool) -> bool:
    """Whether an operand decides where what was tested holds nothing: `x` in an `and`, `not x` in an `or`."""
    if not is_and:
        if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Not):
            return False
        node = node.operand
    if isinstance(node, ast.Name):
        return frame.env.get(node.id) is implied.subject
    return bool(implied.text) and implied.text == ast.unparse(node)


def _either(one: Value, other: Value, *, is_and: bool) -> Value:
    """What `a or b` gives: of the first only what counts as true can come out, of `and` only what counts as false."""
    if one.type_name == "builtins.bool" and is_and:
        return other if other.type_name == "builtins.bool" else join(other, FALSE)
    if not is_and and one.const is not NOTHING and not one.const:
        return other
    if is_and and one.taints and not isinstance(one.type, Class):
        return join(other, Value(type=one.type))  # what counts as false is empty: nobody's data
    return join(one, other)


@evaluates(ast.Compare)
def _compare(frame: Frame, node: ast.Compare) -> Value:
    left = frame.evaluate(node.left)
    result: Value | None = None
    left_node = node.left
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = frame.evaluate(right_node)
        if right.record is not None and isinstance(op, ast.In | ast.NotIn):
            note_run(frame, right, right_node, "iterate")
        one = compare(op, left, right)
        if one.const is NOTHING:
            one = _implied(one, op, left, right, left_node, right_node)
        result = one if result is None else _both(result, one)
        left, left_node = right, right_node
    assert result is not None
    return result


def _both(one: Value, other: Value) -> Value:
    if one.const is False or other.const is False:
        return FALSE
    if one.const is True:
        return other
    return Value(type="builtins.bool", true=one.true + other.true)


_ALL = frozenset({"*"})


def _implied(
    result: Value, op: ast.cmpop, left: Value, right: Value, left_node: ast.expr, right_node: ast.expr
) -> Value:
    """What a comparison says of its sides: equal to something fixed, or one of a fixed set, is harmless."""
    kind = op.__class__
    if kind in (ast.Eq, ast.NotEq, ast.Is, ast.IsNot):
        if right.const is None and (left.true or left.false):
            is_none = kind in (ast.Is, ast.Eq)
            yes, no = (left.false, left.true) if is_none else (left.true, left.false)
            result = result.but(true=yes, false=no)
        implied = _equal(left, right, left_node) or _equal(right, left, right_node)
        if implied is None:
            return result
        positive = kind in (ast.Eq, ast.Is)
    elif kind in (ast.In, ast.NotIn) and not left.taints and _is_parent(right):
        implied = Implication(right.part_of, "", _PATH)
        positive = kind is ast.In
    elif kind in (ast.In, ast.NotIn) and left.const == "/" and right.taints and right.items is None:
        implied = Implication(right, _text(right_node), _PATH)  # without a slash it names nothing elsewhere
        positive = kind is ast.NotIn
    elif kind in (ast.In, ast.NotIn) and left.taints and _is_allow_list(right):
        implied = Implication(left, _text(left_node), _ALL)
        positive = kind is ast.In
    elif kind is ast.LtE and left.taints and left.type == right.type == "builtins.set":
        found = _of_characters(left, left_node, right)
        if found is None:
            return result
        implied, positive = found, True
    else:
        return result
    if positive:
        return result.but(true=(*result.true, implied))
    return result.but(false=(*result.false, implied))


_PATH = frozenset({"path"})


def _of_characters(left: Value, node: ast.expr, right: Value) -> Implication | None:
    """`set(text) <= CHARACTERS`: what a text of these characters can't harm."""
    texts = [value.const for value in (right.items or {}).values() if isinstance(value.const, str)]
    if (
        not isinstance(node, ast.Call)
        or len(node.args) != 1
        or left.part_of is None
        or not texts
        or len(texts) != len(right.items or ())
        or right.rest is not None
    ):
        return None
    clean = harmless_for(frozenset("".join(texts)))
    return Implication(left.part_of, _text(node.args[0]), clean) if clean else None


def _is_parent(value: Value) -> bool:
    """Whether a list holds the folders above a normalised path: `folder in path.parents`."""
    path = value.part_of
    return (
        path is not None
        and path.type_name.startswith("pathlib.")
        and all("normal-path" in taint.clean for taint in path.taints)
    )


def _equal(subject: Value, other: Value, node: ast.expr) -> Implication | None:
    if not all_taints(subject) or all_taints(other):
        return None
    inside = (subject.facts or {}).get("inside")
    if inside is not None:
        return Implication(inside, "", _PATH)
    if other.const is None:
        return Implication(subject, _text(node), _ALL, other) if not subject.items else None
    return Implication(subject, _text(node), _ALL)


def _is_allow_list(value: Value) -> bool:
    """Whether what something is looked for in was chosen by the code: no text, and nothing from outside."""
    if all_taints(value) or (value.type_name in ("builtins.str", "builtins.bytes") and not value.literal):
        return False
    return value is not UNKNOWN or True


def _text(node: ast.expr) -> str:
    return "" if isinstance(node, ast.Name) else ast.unparse(node)
