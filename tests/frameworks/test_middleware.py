"""What is in Django's `MIDDLEWARE`, and what a site goes without."""

from __future__ import annotations

import pytest

from checks.frameworks.django.middleware import ORDER, middleware_in, site_without
from checks.frameworks.setting import Setting
from checks.frameworks.settings import settings_of
from tests.files import file_of, marked

PLAIN = """ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
]
"""


@pytest.mark.parametrize(
    ("text", "names", "complete"),
    [
        ("['a.A', 'b.B']", ["a.A", "b.B"], True),
        ("('a.A', *MORE)", ["a.A", "m.M"], True),
        ("MORE + ['b.B']", ["m.M", "b.B"], True),
        ("['a.A'] + more()", ["a.A"], False),
        ("['a.A', *more()]", ["a.A"], False),
        ("['a.A', name]", ["a.A"], False),
        ("more()", [], False),
        ("[]", [], True),
    ],
)
def test_lists_are_read_in_order(text: str, names: list[str], complete: bool) -> None:
    file = file_of(f"MORE = ['m.M']\nmark({text})\n")
    found = middleware_in(marked(file)[0], file)
    assert ([entry.name for entry in found.entries], found.complete) == (names, complete)


def test_positions_are_those_of_the_first_of_some_names() -> None:
    file = file_of("mark(['a.A', 'b.B', 'c.C'])\n")
    found = middleware_in(marked(file)[0], file)
    assert (found.position("c.C", "b.B"), found.position("d.D")) == (1, None)


def lacks(text: str, path: str = "shop/settings.py", **others: str) -> bool:
    """Whether the site of these settings goes without `CsrfViewMiddleware`; `others` are modules beside it."""
    folder = path.rpartition("/")[0]
    file = file_of(text, path, {f"{folder}/{name}.py": other for name, other in others.items()})
    settings: list[Setting] = [item for item in settings_of(file) if item.name == "MIDDLEWARE"]
    return any(site_without(setting, file, "CsrfViewMiddleware") for setting in settings)


def test_a_whole_list_without_it_lacks_it() -> None:
    assert lacks(PLAIN)
    assert lacks("from .base import *\n", "shop/settings/production.py", base=PLAIN) is False
    assert lacks(PLAIN, "shop/settings/base.py", production="from .base import *\nDEBUG = False\n")


@pytest.mark.parametrize(
    "text",
    [
        f"{PLAIN}MIDDLEWARE += ['django.middleware.csrf.CsrfViewMiddleware']\n",
        f"{PLAIN}MIDDLEWARE.insert(0, 'shop.middleware.OwnCsrfViewMiddleware')\n",
        f"{PLAIN}MIDDLEWARE += more()\n",
        f"{PLAIN}MIDDLEWARE.extend(more())\n",
        f"{PLAIN}globals().update(more())\n",
        f"from elsewhere import *\n{PLAIN}",
        f"{PLAIN}MIDDLEWARE = more()\n",
        PLAIN.replace("ROOT_URLCONF", "STATIC_URL"),
        "ROOT_URLCONF = 'shop.urls'\nMIDDLEWARE = []\n",
        "ROOT_URLCONF = 'shop.urls'\nMIDDLEWARE = ['shop.middleware.One', 'shop.middleware.Two']\n",
        "if x:\n" + "\n".join(f"    {line}" for line in PLAIN.splitlines()) + "\n",
    ],
)
def test_where_it_may_be_given_the_site_is_left_alone(text: str) -> None:
    assert not lacks(text)


def test_modules_beside_it_count() -> None:
    given = "from .base import *\nMIDDLEWARE = [*MIDDLEWARE, 'django.middleware.csrf.CsrfViewMiddleware']\n"
    assert not lacks(PLAIN, "shop/settings/base.py", production=given)


def test_the_known_orders_contradict_each_other_nowhere() -> None:
    pairs = {(first, second) for first, second, _, _ in ORDER}
    reached = set(pairs)
    for _ in pairs:
        reached |= {(one, last) for one, middle in reached for start, last in pairs if start == middle}
    assert all(one != other for one, other in reached)
