"""Functions that something else calls later: tasks of queues, jobs of schedulers and pools."""

from __future__ import annotations

import ast

from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.targets import Bound, Function, Partial
from checks.semantics.operations import iterated
from checks.semantics.values import UNKNOWN, Value

# How task queues and wrappers call a function later, with its own arguments.
LATER = frozenset({"__wrapped__", "delay", "delay_on_commit", "send", "s", "si", "signature", "schedule"})


def task(function: Function) -> Function | Bound:
    """A task as it will be called; one that is bound takes itself first."""
    decorators = [] if isinstance(function.node, ast.Lambda) else function.node.decorator_list
    bound = any(
        given.arg == "bind" and isinstance(given.value, ast.Constant) and given.value.value is True
        for decorator in decorators
        if isinstance(decorator, ast.Call)
        for given in decorator.keywords
    )
    return Bound(function, UNKNOWN) if bound else function


_TAKES_FUNCTION = frozenset(
    {"add_job", "add_task", "enqueue", "enqueue_call", "on_commit", "run_in_executor", "submit"}
)


def called_later(name: str, receiver: Value, arguments: Arguments) -> tuple[Value, Arguments] | None:
    """What a queue or pool will call: `task.apply_async(args=[...])`, `queue.enqueue(function, ...)`."""
    if name == "apply_async" and receiver.targets:
        given = arguments.keywords.get("args") or (
            arguments.positional[0] if arguments.positional else UNKNOWN
        )
        named = arguments.keywords.get("kwargs") or (
            arguments.positional[1] if len(arguments.positional) > 1 else UNKNOWN
        )
        keywords = {key: value for key, value in (named.items or {}).items() if isinstance(key, str)}
        return receiver, Arguments(iterated(given) or (), keywords, given.rest)
    if name in _TAKES_FUNCTION and not receiver.targets:
        for index, value in enumerate(arguments.positional[:2]):
            if value.targets:
                return value, Arguments(arguments.positional[index + 1 :], arguments.keywords, arguments.more)
    return None


QUEUEING = frozenset(
    {
        "add_job", "add_task", "apply_async", "apply_async_on_commit", "async_task", "create_task", "delay",
        "delay_on_commit", "enqueue", "aenqueue", "enqueue_at", "enqueue_call", "enqueue_in", "enqueue_many",
        "send_with_options",
    }
)  # fmt: skip
"""Methods that put a task into a queue, whatever they are called on."""

_ELSEWHERE = QUEUEING | {"schedule", "send"}
"""Calls that hand the work to another process, or to another time."""


def is_elsewhere(node: ast.Call, function: Function) -> bool:
    """Whether a call that leads to a function only asks for it to be run by somebody else."""
    named = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return named in _ELSEWHERE and named != function.name.rpartition(".")[2]


def partial(arguments: Arguments) -> Partial:
    """What `functools.partial` binds: its first argument is called with the others."""
    first, *others = arguments.positional
    return Partial(first, tuple(others), arguments.keywords)
