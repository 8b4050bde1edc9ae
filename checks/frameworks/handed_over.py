"""Calls that only hand something over: to a queue of tasks, a thread, a pool, or a loop of events.

From Celery's documentation ("Calling Tasks"), RQ's, Dramatiq's, Huey's, Django's ("Tasks", "Asynchronous support"),
the standard library's (`threading`, `concurrent.futures`, `asyncio`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Protocol

from checks.semantics.definitions import bases, definition
from checks.semantics.enclosing import called
from checks.semantics.interpret.later import QUEUEING
from checks.semantics.names import parent, qualified_name
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import File, Function, Project

_OF_TASKS = frozenset({"message", "s", "schedule", "send", "si", "signature", "subtask"})
_THREADS = frozenset(
    {
        "Process", "Thread", "Timer", "map_async", "run_in_executor", "run_in_threadpool", "start_new_thread",
        "start_soon", "submit", "sync_to_async", "to_thread",
    }
)  # fmt: skip
_TASKS = frozenset(
    {"actor", "db_periodic_task", "db_task", "job", "periodic_task", "shared_task", "task", "taskify"}
)
_QUEUES = {"celery": "celery", "django_rq": "rq", "dramatiq": "dramatiq", "huey": "huey", "rq": "rq"}
_OTHERS = ("django.tasks.", "procrastinate.", "taskiq.")
_MARKS = ("shared_task", ".task", "dramatiq", "huey", "job(", "@job")


class At(Protocol):
    """A place in a file."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def line(self) -> int:
        """The line."""


def is_handed_over(places: Iterable[At], project: Project) -> bool:
    """Whether on one of these lines a call only hands over what would be done: `task.delay()`, `Thread(target=...)`."""
    for place in places:
        file = project.file(place.path)
        if file is not None and any(hands_over(call, file) for call in _calls_at(place.line, file)):
            return True
    return False


def hands_over(call: ast.Call, file: File) -> bool:
    """Whether a call hands over what it is given, or what it is called on."""
    word = called(call)
    if word in QUEUEING or word in _THREADS:
        return True
    if any(isinstance(given, ast.Attribute) and given.attr in QUEUEING for given in call.args):
        return True  # `partial(task.delay, key)`, `on_commit(task.delay)`
    if word in _OF_TASKS and isinstance(call.func, ast.Attribute):
        return task_named(call.func.value, file) is not None
    return False


def task_named(node: ast.expr, file: File) -> tuple[Function, File] | None:
    """The function of the project that an expression names, where a decorator makes a task of it."""
    name = file.resolve(node)
    found = definition(name, file) if name is not None else None
    if found is None or not isinstance(found[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    return (found[0], found[1]) if queue_of(found[0], found[1]) else None


def queue_of(node: Function, file: File) -> str:
    """The queue whose task a decorator makes of a function: `celery`, `dramatiq`, `huey`, `rq`, `other`; else empty."""
    for mark in node.decorator_list:
        inner = mark.func if isinstance(mark, ast.Call) else mark
        name = file.resolve(inner) or ""
        last = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
        if last not in _TASKS and name.rpartition(".")[2] not in _TASKS:
            continue
        owner = ast.unparse(inner.value).lower() if isinstance(inner, ast.Attribute) else ""
        package = next(
            (word for word in _QUEUES if name.startswith(word) or f".{word}" in f".{name.lower()}"), ""
        )
        if package or name.startswith(_OTHERS):
            return _QUEUES.get(package, "other")
        named = next((word for word in _QUEUES if word in owner), "")
        if named or owner.rpartition(".")[2] in ("app", "queue", "task_app"):
            return _QUEUES.get(named, "celery")
    return ""


def waits_for_commit(node: Function, file: File) -> bool:
    """Whether a task's class of its own queues it when the transaction is committed: `@app.task(base=...)`."""
    for mark in node.decorator_list:
        for given in mark.keywords if isinstance(mark, ast.Call) else ():
            name = file.resolve(given.value) if given.arg in ("base", "task_cls") else None
            found = definition(name, file) if name is not None else None
            if found is not None and isinstance(found[0], ast.ClassDef):
                above = [(found[0], found[1]), *((one, home) for _, one, home in bases(*found))]  # type: ignore[arg-type]
                if any(one is not None and "on_commit" in home.segment(one) for one, home in above):
                    return True
    return False


def tasks_of(project: Project) -> frozenset[tuple[str, str]]:
    """The tasks of a project, each with its queue, computed once."""
    return project.once("queued-tasks", lambda: frozenset(_tasks(project)))


def _tasks(project: Project) -> Iterator[tuple[str, str]]:
    for path in project.mentioning(_MARKS, ".py"):
        file = project.file(path) if role_of(path) in RUNNING else None
        for node in file.nodes if file is not None else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list:
                queue = queue_of(node, file) if file is not None else ""
                if queue and file is not None:
                    yield f"{file.module}.{qualified_name(node)}", queue


def is_waited_for(node: ast.AST) -> bool:
    """Whether a call is awaited, or entered by `async with`: others run meanwhile."""
    above = parent(node)
    return isinstance(above, ast.Await) or (
        isinstance(above, ast.withitem) and isinstance(parent(above), ast.AsyncWith)
    )


def _calls_at(line: int, file: File) -> Iterator[ast.Call]:
    table = file.once("calls-by-line", lambda: _by_line(file))
    yield from table.get(line, ())


def _by_line(file: File) -> dict[int, list[ast.Call]]:
    found: dict[int, list[ast.Call]] = {}
    for node in file.nodes:
        if isinstance(node, ast.Call):
            found.setdefault(node.lineno, []).append(node)
    return found
