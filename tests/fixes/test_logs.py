"""`print` that becomes a log record."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.apply import apply_edits
from checks.fixes.logs import logged
from tests.files import file_of

LOGGER = "import logging\n\nlogger = logging.getLogger(__name__)\n"


def after(text: str, level: str = "info", others: dict[str, str] | None = None) -> str:
    """The text with its first `print` logged."""
    file = file_of(text, others=others)
    call = next(
        node
        for node in file.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )
    return apply_edits(text, logged(call, level, file))


def record(call: str) -> str:
    """The call that logs what a call of `print` writes, in a module with a logger."""
    return after(f"{LOGGER}{call}\n").removeprefix(LOGGER).rstrip("\n")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('print("sent")', 'logger.info("sent")'),
        ("print('sent')", "logger.info('sent')"),
        ('print("100%")', 'logger.info("100%")'),
        ("print(mail)", 'logger.info("%s", mail)'),
        ('print("sent", mail.to)', 'logger.info("sent %s", mail.to)'),
        ('print("100%", mail)', 'logger.info("100%% %s", mail)'),
        ('print("a", "b%")', 'logger.info("a b%")'),
        ('print("a", b, sep="")', 'logger.info("a%s", b)'),
        ('print(f"{count} of {total!r}")', 'logger.info("%s of %r", count, total)'),
        ("print(f\"{row['a']} 5%\")", "logger.info(\"%s 5%%\", row['a'])"),
        ('print(f"{price:.2f}")', 'logger.info(f"{price:.2f}")'),
        ('print(f"{price:.2f}", mail)', 'logger.info("%s %s", f"{price:.2f}", mail)'),
        ('print("%s sent" % mail)', 'logger.info("%s sent" % mail)'),
        ('print("{} sent".format(mail))', 'logger.info("{} sent".format(mail))'),
        ('print("a " + mail)', 'logger.info("a " + mail)'),
        ("print(mail, flush=True)", 'logger.info("%s", mail)'),
        ('print("say \\"hi\\"", mail)', 'logger.info("say \\"hi\\" %s", mail)'),
    ],
)
def test_the_message_and_its_arguments_stay_the_same(call: str, expected: str) -> None:
    assert record(call) == expected


@pytest.mark.parametrize(
    "call",
    [
        "print()",
        'print("")',
        "print(*rows)",
        'print(".", end="")',
        "print(mail, sep=gap)",
        "print(mail, **options)",
        "done = print(mail)",
        "print(  # why\n    mail,\n)",
        "print(mail, [\n    1,\n])",
    ],
)
def test_what_is_more_than_a_line_is_left_alone(call: str) -> None:
    assert record(call) == call


def test_a_call_of_several_lines_keeps_them() -> None:
    assert record('print(\n    "sent",\n    mail,\n)') == 'logger.info(\n    "sent %s",\n    mail,\n)'


def test_the_level_is_given() -> None:
    assert after(f'{LOGGER}print("sent")\n', "exception").endswith('logger.exception("sent")\n')


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("import abc\n", "import abc\nimport logging\n\nlogger = logging.getLogger(__name__)\n"),
        ("import sys\n", "import logging\nimport sys\n\nlogger = logging.getLogger(__name__)\n"),
        ('"""Doc."""\n', '"""Doc."""\nimport logging\n\nlogger = logging.getLogger(__name__)\n\n\n'),
        ("import logging\n", "import logging\n\nlogger = logging.getLogger(__name__)\n"),
        (
            "from logging import getLogger\n",
            "from logging import getLogger\n\nlogger = getLogger(__name__)\n",
        ),
        ("import logging\nlogger = 1\n", "import logging\n\nlog = logging.getLogger(__name__)\nlogger = 1\n"),
    ],
)
def test_a_module_without_a_logger_gets_one_behind_its_imports(before: str, expected: str) -> None:
    body = 'def f():\n    print("sent")\n'
    name = "log" if "log = " in expected else "logger"
    assert after(before + body) == expected + body.replace("print", f"{name}.info")


def test_a_logger_of_another_module_is_used() -> None:
    text = 'from shop.logs import log\nprint("sent")\n'
    others = {"shop/logs.py": "import logging\nlog = logging.getLogger('shop')\n"}
    assert after(text, others=others) == 'from shop.logs import log\nlog.info("sent")\n'


@pytest.mark.parametrize(
    "text",
    [
        'print("first")\nimport logging\nlogger = logging.getLogger(__name__)\n',
        'import logging\nlogger = logging.getLogger(__name__)\ndef f(logger):\n    print("sent")\n',
        'import logging\nlogger = log = 1\nprint("sent")\n',
    ],
)
def test_no_logger_can_be_had(text: str) -> None:
    assert after(text) == text
