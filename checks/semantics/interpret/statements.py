"""The executors of statements: each says whether control goes on behind it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.semantics.interpret.assignment import assign, bind_name, default_values
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.calls import Arguments, call, call_function, mutate
from checks.semantics.interpret.frame import Frame, executes, join_env
from checks.semantics.interpret.targets import Class, Function, Pending, Scope
from checks.semantics.operations import binary, iteration_element, removed
from checks.semantics.values import NONE, UNKNOWN, Value, constant, instance, join

PASSES = 4
"""Times that a loop's body is gone through at most; the values are wide enough to stand still by then."""

Env = dict[str, Value]


@executes(ast.Expr)
def _expression(frame: Frame, node: ast.Expr) -> bool:
    frame.evaluate(node.value)
    return True


@executes(ast.Assign)
def _assign(frame: Frame, node: ast.Assign) -> bool:
    value = frame.evaluate(node.value)
    for target in node.targets:
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
    new = binary(node.op, old, frame.evaluate(node.value))
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
    if node.exc is not None:
        frame.evaluate(node.exc)
    if frame.raised is not None:
        frame.raised.append(frame.env.copy())
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
    frame.apply(test.false)
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
    for _ in range(PASSES):
        head = frame.env
        frame.set_env(head.copy())
        test = frame.evaluate(node.test)
        truth = test.truth()
        endless = truth is True
        if truth is False:
            frame.set_env(head)
            break
        frame.apply(test.true)
        ends = _body(frame, node.body, breaks)
        frame.set_env(head)
        if not _merged(frame, ends):
            break
    if endless:
        return _after(frame, breaks)
    frame.apply(frame.evaluate(node.test).false)
    return _otherwise(frame, node.orelse, breaks)


@executes(ast.For, ast.AsyncFor)
def _for(frame: Frame, node: ast.For | ast.AsyncFor) -> bool:
    item = iteration_element(_iterable(frame, frame.evaluate(node.iter), node))
    breaks: list[Env] = []
    for _ in range(PASSES):
        head = frame.env
        frame.set_env(head.copy())
        assign(frame, node.target, item)
        ends = _body(frame, node.body, breaks)
        frame.set_env(head)
        if not _merged(frame, ends):
            break
    return _otherwise(frame, node.orelse, breaks)


def _iterable(frame: Frame, value: Value, node: ast.For | ast.AsyncFor) -> Value:
    """What a loop runs over: of an object of the project, what its `__iter__` gives."""
    if isinstance(value.type, Class):
        found = attribute(
            frame, value, "__aiter__" if isinstance(node, ast.AsyncFor) else "__iter__", node.iter
        )
        if found.targets:
            return call(frame, _as_call(node.iter), found, Arguments((), {}))
    return value


def _as_call(node: ast.expr) -> ast.Call:
    made = ast.Call(func=node, args=[], keywords=[])
    return ast.copy_location(made, node)


def _body(frame: Frame, body: list[ast.stmt], breaks: list[Env]) -> list[Env]:
    """Run a loop's body once: the names as they stand wherever the next turn begins."""
    outer = frame.breaks, frame.continues
    frame.breaks, frame.continues = [], []
    ends = [frame.env] if frame.run(body) else []
    ends += frame.continues
    breaks += frame.breaks
    frame.breaks, frame.continues = outer
    return ends


def _merged(frame: Frame, ends: list[Env]) -> bool:
    changed = False
    for env in ends:
        changed = join_env(frame.env, env) or changed
    return changed


def _otherwise(frame: Frame, orelse: list[ast.stmt], breaks: list[Env]) -> bool:
    """What follows a loop: its `else` where it ran to the end, joined with the ways that broke out."""
    alive = frame.run(orelse)
    if alive:
        _merged(frame, breaks)
        return True
    return _after(frame, breaks)


def _after(frame: Frame, breaks: list[Env]) -> bool:
    if not breaks:
        return False
    frame.set_env(breaks[0])
    _merged(frame, breaks[1:])
    return True


@executes(ast.Try, ast.TryStar)
def _try(frame: Frame, node: ast.Try | ast.TryStar) -> bool:
    """Handlers begin with what may hold anywhere in the body; `finally` runs behind all of them."""
    outer = frame.raised
    frame.raised = []
    before = frame.env
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
    if not ways:
        frame.set_env(may_hold)
        frame.run(node.finalbody)
        return False
    frame.set_env(ways[0])
    _merged(frame, ways[1:])
    return frame.run(node.finalbody)


def _handle(frame: Frame, handler: ast.ExceptHandler) -> None:
    if handler.type is not None:
        kind = frame.evaluate(handler.type)
        if handler.name:
            frame.env[handler.name] = frame.caught(kind, handler)


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
                entered = call(frame, _as_call(item.context_expr), found, Arguments((), {}))
        elif value.type.__class__ is str and not value.type.startswith("builtins."):
            member = frame.machine.knowledge.member(value.type, "__enter__")
            if member is not None and member[1].returns not in (None, "self"):
                entered = instance(member[1].returns)
        elif value.type == "builtins.generator":
            entered = iteration_element(value)  # a generator function under `contextmanager`
        assign(frame, item.optional_vars, entered)
    return frame.run(node.body)


@executes(ast.Match)
def _match(frame: Frame, node: ast.Match) -> bool:
    subject = frame.evaluate(node.subject)
    ways: list[Env] = []
    rest = frame.env
    for case in node.cases:
        frame.set_env(rest.copy())
        fits = _fits(frame, case.pattern, subject)
        if fits is False:
            continue
        if case.guard is not None:
            test = frame.evaluate(case.guard)
            if test.truth() is False:
                continue
            frame.apply(test.true)
            fits = fits if test.truth() else None
        if frame.run(case.body):
            ways.append(frame.env)
        if fits:
            break
    else:
        ways.append(rest)
    if not ways:
        frame.set_env(rest)
        return False
    frame.set_env(ways[0])
    _merged(frame, ways[1:])
    return True


def _fits(frame: Frame, pattern: ast.pattern, subject: Value) -> bool | None:
    """Whether a pattern fits, None where that is not known; its names are bound."""
    if isinstance(pattern, ast.MatchValue | ast.MatchSingleton):
        value = (
            constant(pattern.value)
            if isinstance(pattern, ast.MatchSingleton)
            else frame.evaluate(pattern.value)
        )
        if subject.is_constant and value.is_constant:
            return bool(subject.const == value.const)
        if value.literal and subject is not UNKNOWN:
            frame.replace(subject, value)
        return None
    if isinstance(pattern, ast.MatchAs):
        fits = True if pattern.pattern is None else _fits(frame, pattern.pattern, subject)
        if pattern.name is not None:
            bind_name(frame, pattern.name, subject, pattern)
        return fits
    if isinstance(pattern, ast.MatchOr):
        found = [_fits(frame, one, subject) for one in pattern.patterns]
        return True if True in found else None if None in found else False
    _bind_parts(frame, pattern, iteration_element(subject))
    return None


def _bind_parts(frame: Frame, pattern: ast.AST, part: Value) -> None:
    """The names within a pattern of several parts: each may be any part of the subject."""
    for inner in ast.walk(pattern):
        found = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(found, str) and isinstance(inner, ast.MatchAs | ast.MatchStar | ast.MatchMapping):
            bind_name(frame, found, part, pattern)


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


@executes(ast.Import)
def _import(frame: Frame, node: ast.Import) -> bool:
    for alias in node.names:
        dotted = alias.name if alias.asname else alias.name.partition(".")[0]
        frame.env[alias.asname or dotted] = Value(targets=(Pending(dotted, frame.file),))
    return True


@executes(ast.ImportFrom)
def _import_from(frame: Frame, node: ast.ImportFrom) -> bool:
    module = frame.file.names.imported_module(node)
    for alias in node.names:
        if alias.name != "*":
            pending = Pending(f"{module}.{alias.name}", frame.file)
            frame.env[alias.asname or alias.name] = Value(targets=(pending,))
    return True


_KINDS = {"builtins.staticmethod": "static", "builtins.classmethod": "class"}


@executes(ast.FunctionDef, ast.AsyncFunctionDef)
def _function(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    in_class = frame.is_class
    scope = frame.scope
    if in_class:
        assert scope.above is not None
        scope = scope.above
    function = Function(
        node, frame.file, f"{frame.name}.{node.name}", scope, default_values(frame, node.args),
        frame.owner, "method" if in_class else "function",
    )  # fmt: skip
    frame.defined.append(function)
    value = Value(targets=(function,))
    for decorator in reversed(node.decorator_list):
        value = _decorated(frame, decorator, function, value)
    frame.env[node.name] = value
    return True


def _decorated(frame: Frame, decorator: ast.expr, function: Function, value: Value) -> Value:
    """A function under a decorator: one of the project is called; of others the function stays what it is."""
    found = frame.evaluate(decorator)
    name = found.name or ""
    if name in _KINDS:
        function.kind = _KINDS[name]
    elif name == "builtins.property" or name.endswith(("cached_property", ".hybrid_property")):
        function.kind = "property"
    elif isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter", "expression"):
        return (
            frame.env.get(function.node.name, value) if isinstance(function.node, ast.FunctionDef) else value
        )
    elif found.targets and any(isinstance(target, Function | Class) for target in found.targets):
        made = call(frame, _as_call(decorator), found, Arguments((value,), {}))
        frame.env.pop("!", None)
        return made if any(isinstance(target, Function) for target in made.targets) else value
    return value


@executes(ast.ClassDef)
def _class(frame: Frame, node: ast.ClassDef) -> bool:
    bases = tuple(_base(frame, base) for base in node.bases)
    scope = Scope({}, frame.scope if not frame.is_class else frame.scope.above)
    name = f"{frame.name}.{node.name}"
    made = Class(node, frame.file, name, bases, scope.env)
    inner = Frame(frame.machine, frame.file, scope, None, made)
    inner.name, inner.is_class, inner.calls, inner.uses = name, True, frame.calls, frame.uses
    inner.run(node.body)
    made.env = inner.env
    frame.defined += inner.defined
    for reach in inner.reaches.values():
        frame.reach(reach)
    frame.sinks.update(inner.sinks)
    frame.classes.append(made)
    frame.classes += inner.classes
    frame.env[node.name] = Value(targets=(made,), name=None)
    return True


def _base(frame: Frame, base: ast.expr) -> Value:
    """A base class: `Generic[T]` counts as `Generic`; a factory's class as what it gives."""
    return frame.evaluate(base.value if isinstance(base, ast.Subscript) else base)


@executes(ast.Global, ast.Nonlocal, ast.Pass)
def _nothing(_frame: Frame, _node: ast.stmt) -> bool:
    return True


def annotated_type(frame: Frame, node: ast.expr | None) -> object:
    """The class that an annotation names: `Optional` and `| None` aside, text read as what it says."""
    if node is None:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if len(node.value) > 200:
            return None
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            return None
    if isinstance(node, ast.BinOp):
        left = annotated_type(frame, node.left)
        right = annotated_type(frame, node.right)
        return left if right in (None, "builtins.NoneType") else right if left is None else None
    if isinstance(node, ast.Subscript):
        outer = frame.evaluate(node.value).name or ""
        if outer.rpartition(".")[2] in ("Optional", "Annotated", "Final", "ClassVar"):
            inner = (
                node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
            )
            return annotated_type(frame, inner)
        node = node.value
    if not isinstance(node, ast.Name | ast.Attribute):
        return None
    value = frame.evaluate(node)
    classes: Sequence[object] = [target for target in value.targets if isinstance(target, Class)]
    if classes:
        return classes[0]
    name = value.name
    if name is None or name.startswith("typing") or name == "builtins.object":
        return None
    return name


__all__ = ["annotated_type", "call_function", "join"]
