"""How long a setting's expression lasts."""

from __future__ import annotations

import time

import pytest

from checks.frameworks.durations import seconds_of, worded
from tests.files import file_of, marked

HEAD = "import datetime\nimport os\nfrom datetime import timedelta\nDAY = 60 * 60 * 24\nHALF = timedelta(days=0.5)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3600", 3600),
        ("31_536_000", 31_536_000),
        ("60 * 60 * 24 * 365", 31_536_000),
        ("DAY * 30", 2_592_000),
        ("-1", -1),
        ("86400 + 3600", 90_000),
        ("timedelta(days=1)", 86_400),
        ("timedelta(1)", 86_400),
        ("datetime.timedelta(hours=1, minutes=30)", 5_400),
        ("timedelta(seconds=DAY)", 86_400),
        ("HALF", 43_200),
        ("2 * timedelta(hours=1)", 7_200),
        ("int(60 * 5)", 300),
        ("int(os.environ.get('AGE', 3600))", 3600),
        ("int(os.environ.get('AGE', '3600'))", 3600),
        ("timedelta(minutes=int(os.getenv('MINUTES', 15)))", 900),
        ("timedelta(minutes=int(os.environ['MINUTES']))", None),
        ("True", None),
        ("'3600'", None),
        ("unknown", None),
        ("timedelta(days=unknown)", None),
        ("timedelta(**units)", None),
        ("timedelta(*units)", None),
        ("60 ** 9", None),
        ("10 ** 400", None),
        ("relativedelta(days=1)", None),
    ],
)
def test_durations_are_computed_where_they_are_certain(text: str, expected: float | None) -> None:
    file = file_of(f"{HEAD}mark({text})\n")
    assert seconds_of(marked(file)[0], file) == expected


def test_nothing_given_is_no_duration() -> None:
    assert seconds_of(None, file_of("x = 1\n")) is None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1, "1 second"),
        (90, "1.5 minutes"),
        (3600, "1 hour"),
        (86_400 * 30, "30 days"),
        (86_400 * 365, "1 year"),
    ],
)
def test_durations_are_worded_for_people(seconds: float, expected: str) -> None:
    assert worded(seconds) == expected


def test_names_made_of_two_names_each_end_soon() -> None:
    lines = ["a0 = 1"] + [f"a{number} = a{number - 1} * a{number - 1}" for number in range(1, 200)]
    file = file_of("\n".join([*lines, "mark(a199)", ""]))
    before = time.perf_counter()
    assert seconds_of(marked(file)[0], file) is None
    assert time.perf_counter() - before < 2
