"""Calls that only hand something over, and the queue whose task a decorator makes of a function."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.handed_over import hands_over, is_waited_for, queue_of, tasks_of
from tests.files import file_of

TASKS = {"shop/tasks.py": "from celery import shared_task\n@shared_task\ndef tell(): ...\ndef say(): ...\n"}
HEAD = "from functools import partial\nfrom shop.tasks import say, tell\n"


@pytest.mark.parametrize(
    ("text", "handed"),
    [
        ("tell.delay(1)", True),
        ("tell.apply_async(args=[1])", True),
        ("tell.s(1)", True),
        ("say.s(1)", False),
        ("partial(tell.delay, 1)", True),
        ("partial(tell, 1)", False),
        ("pool.submit(tell)", True),
        ("tell(1)", False),
    ],
)
def test_what_only_hands_over(text: str, handed: bool) -> None:
    file = file_of(HEAD + text, "shop/views.py", TASKS)
    call = next(node for node in file.nodes if isinstance(node, ast.Call))
    assert hands_over(call, file) is handed


@pytest.mark.parametrize(
    ("mark", "queue"),
    [
        ("from celery import shared_task\n@shared_task", "celery"),
        ("from celery import shared_task\n@shared_task(bind=True)", "celery"),
        ("from shop.celery import app\n@app.task", "celery"),
        ("import dramatiq\n@dramatiq.actor", "dramatiq"),
        ("from django_rq import job\n@job", "rq"),
        ("from huey.contrib.djhuey import db_task\n@db_task()", "huey"),
        ("from django.tasks import task\n@task", "other"),
        ("from invoke import task\n@task", ""),
        ("@property", ""),
    ],
)
def test_the_queue_of_a_task(mark: str, queue: str) -> None:
    file = file_of(f"{mark}\ndef tell(): ...\n", "shop/tasks.py")
    node = next(node for node in file.nodes if isinstance(node, ast.FunctionDef))
    assert queue_of(node, file) == queue


def test_the_tasks_of_a_project_are_those_that_decorators_make() -> None:
    file = file_of(HEAD, "shop/views.py", TASKS)
    assert tasks_of(file.project) == {("shop.tasks.tell", "celery")}


@pytest.mark.parametrize(
    ("text", "waited"), [("await f()", True), ("f()", False), ("async with f(): ...", True)]
)
def test_what_others_may_run_beside(text: str, waited: bool) -> None:
    file = file_of(f"async def view():\n    {text}\n", "shop/views.py")
    call = next(node for node in file.nodes if isinstance(node, ast.Call))
    assert is_waited_for(call) is waited
