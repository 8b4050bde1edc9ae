"""The executors of statements: each says whether control goes on behind it."""

from __future__ import annotations

import ast

from checks.semantics.interpret.annotations import annotated_type
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.assignment import assign
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.calls import as_call, call
from checks.semantics.interpret.effects import mutate
from checks.semantics.interpret.frame import Env, Frame, executes, join_all, join_env
from checks.semantics.interpret.loops import begin_while, enter, in_loop, leave
from checks.semantics.interpret.outcomes import emptied
from checks.semantics.interpret.prefixes import built_on, longer
from checks.semantics.interpret.queries import note_run
from checks.semantics.interpret.targets import Class
from checks.semantics.operations import binary, iterated, iteration_element, removed
from checks.semantics.values import NONE, UNKNOWN, Value, all_taints, instance, with_taints

_RAISED = "^raised"
"""Where the names of a `try` keep what was raised in it, for the handler that names it."""

PASSES = 4
"""Times that a loop's body is gone through at most; the values are wide enough to stand still by then."""


@executes(ast.Expr)
def _expression(frame: Frame, node: ast.Expr) -> bool:
    frame.evaluate(node.value)
    return True


@executes(ast.Assign)
def _assign(frame: Frame, node: ast.Assign) -> bool:
    value = frame.evaluate(node.value)
    for target in node.targets:
        if node.value.__class__ is ast.Name and target.__class__ is ast.Name:
            frame.env[target.id] = value  # one object: a check of one is of both
        else:
            assign(frame, target, value)
    return True


@executes(ast.AnnAssign)
def _annotated(frame: Frame, node: ast.AnnAssign) -> bool:
    if node.value is not None:
        assign(frame, node.target, frame.evaluate(node.value))
    elif isinstance(node.target, ast.Name):
        type_ = annotated_type(frame, node.annotation)
        if type_ is not None:
            frame.env[node.target.id] = Value(type=type_)
    return True


@executes(ast.AugAssign)
def _augmented(frame: Frame, node: ast.AugAssign) -> bool:
    target = node.target
    old = frame.evaluate(_read(target))
    added = frame.evaluate(node.value)
    if node.op.__class__ is ast.Add and added.taints:
        added = built_on(longer("", old), added)
    new = binary(node.op, old, added)
    if old.items is not None and isinstance(node.op, ast.Add | ast.BitOr):
        mutate(frame, target, old, new)
    else:
        assign(frame, target, new)
    return True


def _read(target: ast.expr) -> ast.expr:
    """A target as the expression that reads it."""
    if isinstance(target, ast.Name):
        made = getattr(target, "_read", None)
        if made is None:
            made = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            target._read = made  # type: ignore[attr-defined]
        assert isinstance(made, ast.Name)
        return made
    return target


@executes(ast.Return)
def _return(frame: Frame, node: ast.Return) -> bool:
    value = NONE if node.value is None else frame.evaluate(node.value)
    if frame.env.pop("!", None) is None:
        frame.returns.append((value, frame.env))
        frame.returned_at(value, node)
    return False


@executes(ast.Raise)
def _raise(frame: Frame, node: ast.Raise) -> bool:
    raised = UNKNOWN if node.exc is None else frame.evaluate(node.exc)
    if frame.raised is not None:
        frame.raised.append({**frame.env, _RAISED: raised})
    return False


@executes(ast.Break)
def _break(frame: Frame, _node: ast.Break) -> bool:
    frame.breaks.append(frame.env)
    return False


@executes(ast.Continue)
def _continue(frame: Frame, _node: ast.Continue) -> bool:
    frame.continues.append(frame.env)
    return False


@executes(ast.If)
def _if(frame: Frame, node: ast.If) -> bool:
    test = frame.evaluate(node.test)
    if test.record is not None:
        note_run(frame, test, node.test, "bool")
    truth = test.truth()
    if truth is not None:
        return frame.run(node.body if truth else node.orelse)
    env = frame.env
    frame.set_env(env.copy())
    texts = frame.has_texts
    frame.apply(test.true)
    alive = frame.run(node.body)
    taken = frame.env
    frame.set_env(env)
    frame.has_texts = frame.has_texts or texts
    frame.apply(test.false or emptied(test))
    if not node.orelse or frame.run(node.orelse):
        if alive:
            join_env(frame.env, taken)
        return True
    if alive:
        frame.set_env(taken)
    return alive


@executes(ast.Assert)
def _assert(frame: Frame, node: ast.Assert) -> bool:
    frame.apply(frame.evaluate(node.test).true)
    return True


@executes(ast.While)
def _while(frame: Frame, node: ast.While) -> bool:
    breaks: list[Env] = []
    endless = False
    begin_while(frame, node)
    for _ in range(PASSES):
        head = frame.env
        frame.set_env(head.copy())
        test = frame.evaluate(node.test)
        if test.record is not None:
            note_run(frame, test, node.test, "bool")
        truth = test.truth()
        endless = truth is True
        if truth is False:
            frame.set_env(head)
            break
        frame.apply(test.true)
        ends = _body(frame, node.body, breaks)
        frame.set_env(head)
        if not join_all(frame, ends):
            break
    leave(frame)
    if endless:
        return _after(frame, breaks)
    frame.apply(frame.evaluate(node.test).false)
    return _otherwise(frame, node.orelse, breaks)


@executes(ast.For, ast.AsyncFor)
def _for(frame: Frame, node: ast.For | ast.AsyncFor) -> bool:
    iterable = _iterable(frame, frame.evaluate(node.iter), node)
    breaks: list[Env] = []
    if iterable.items is not None and not iterable.taints and iterated(iterable) == ():
        return _otherwise(frame, node.orelse, breaks)
    loop = enter(frame, iterable, node.iter, node)
    item = in_loop(iteration_element(iterable), loop)
    for _ in range(PASSES):
        head = frame.env
        frame.set_env(head.copy())
        assign(frame, node.target, item)
        ends = _body(frame, node.body, breaks)
        frame.set_env(head)
        if not join_all(frame, ends):
            break
    leave(frame)
    return _otherwise(frame, node.orelse, breaks)


def _iterable(frame: Frame, value: Value, node: ast.For | ast.AsyncFor) -> Value:
    """What a loop runs over: of an object of the project, what its `__iter__` gives."""
    if isinstance(value.type, Class):
        found = attribute(
            frame, value, "__aiter__" if isinstance(node, ast.AsyncFor) else "__iter__", node.iter
        )
        if found.targets:
            return call(frame, as_call(node.iter), found, Arguments((), {}))
    return value


def _body(frame: Frame, body: list[ast.stmt], breaks: list[Env]) -> list[Env]:
    """Run a loop's body once: the names as they stand wherever the next turn begins."""
    outer = frame.breaks, frame.continues
    frame.breaks, frame.continues = [], []
    ends = [frame.env] if frame.run(body) else []
    ends += frame.continues
    breaks += frame.breaks
    frame.breaks, frame.continues = outer
    return ends


def _otherwise(frame: Frame, orelse: list[ast.stmt], breaks: list[Env]) -> bool:
    """What follows a loop: its `else` where it ran to the end, joined with the ways that broke out."""
    alive = frame.run(orelse)
    if alive:
        join_all(frame, breaks)
        return True
    return _after(frame, breaks)


def _after(frame: Frame, breaks: list[Env]) -> bool:
    if not breaks:
        return False
    frame.set_env(breaks[0])
    join_all(frame, breaks[1:])
    return True


@executes(ast.Try, ast.TryStar)
def _try(frame: Frame, node: ast.Try | ast.TryStar) -> bool:
    """Handlers begin with what may hold anywhere in the body; `finally` runs behind all of them."""
    outer = frame.raised
    frame.raised = []
    before, returned = frame.env, len(frame.returns)
    frame.set_env(before.copy())
    alive = True
    may_hold = before.copy()
    for statement in node.body:
        alive = frame.run((statement,))
        join_env(may_hold, frame.env)
        if not alive:
            break
    for env in frame.raised:
        join_env(may_hold, env)
    frame.raised = outer
    if alive:
        alive = frame.run(node.orelse)
    ways = [frame.env] if alive else []
    for handler in node.handlers:
        frame.set_env(may_hold.copy())
        _handle(frame, handler)
        if frame.run(handler.body):
            ways.append(frame.env)
    ended = len(frame.returns)
    frame.set_env(ways[0] if ways else may_hold)
    join_all(frame, ways[1:])
    if frame.run(node.finalbody):
        return bool(ways)
    if len(frame.returns) > ended:
        del frame.returns[returned:ended]  # `return` in `finally` overrules those before it
    return False


def _handle(frame: Frame, handler: ast.ExceptHandler) -> None:
    if handler.type is not None:
        kind = frame.evaluate(handler.type)
        raised = frame.env.pop(_RAISED, UNKNOWN)
        if handler.name:
            frame.env[handler.name] = with_taints(frame.caught(kind, handler), all_taints(raised))


@executes(ast.With, ast.AsyncWith)
def _with(frame: Frame, node: ast.With | ast.AsyncWith) -> bool:
    for item in node.items:
        value = frame.evaluate(item.context_expr)
        if item.optional_vars is None:
            continue
        entered = value
        if isinstance(value.type, Class):
            name = "__aenter__" if isinstance(node, ast.AsyncWith) else "__enter__"
            found = attribute(frame, value, name, item.context_expr)
            if found.targets:
                entered = call(frame, as_call(item.context_expr), found, Arguments((), {}))
        elif value.type.__class__ is str and not value.type.startswith("builtins."):
            member = frame.machine.knowledge.member(value.type, "__enter__")
            if member is not None and member[1].returns not in (None, "self"):
                entered = instance(member[1].returns)
        elif value.type == "builtins.generator":
            entered = iteration_element(value)  # a generator function under `contextmanager`
        assign(frame, item.optional_vars, entered)
    return frame.run(node.body)


@executes(ast.Delete)
def _delete(frame: Frame, node: ast.Delete) -> bool:
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.env.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            holder = frame.evaluate(target.value)
            if holder.items and not isinstance(target.slice, ast.Slice):
                mutate(frame, target.value, holder, removed(holder, frame.evaluate(target.slice)))
    return True


@executes(ast.Global, ast.Nonlocal, ast.Pass)
def _nothing(_frame: Frame, _node: ast.stmt) -> bool:
    return True
