"""When Python, Django and Flask stopped, or will stop, getting security fixes.

The tables are true as of `AS_OF`, and what ends later than that is supported: the same tree gives the same answer on
any day. Where a source names a month, support lasts until its last day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from checks.dependencies.model import exact

AS_OF = date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Product:
    """A product and its release series: the last day on which each gets security fixes, `None` where none is set."""

    title: str
    source: str
    ends: Mapping[str, date | None]


PRODUCTS: Mapping[str, Product] = {
    "python": Product(
        "Python",
        "https://devguide.python.org/versions/",
        {
            "2.7": date(2020, 1, 1),
            "3.0": date(2009, 6, 27),
            "3.1": date(2012, 4, 9),
            "3.2": date(2016, 2, 20),
            "3.3": date(2017, 9, 29),
            "3.4": date(2019, 3, 18),
            "3.5": date(2020, 9, 30),
            "3.6": date(2021, 12, 23),
            "3.7": date(2023, 6, 27),
            "3.8": date(2024, 10, 31),
            "3.9": date(2025, 10, 31),
            "3.10": date(2026, 10, 31),
            "3.11": date(2027, 10, 31),
            "3.12": date(2028, 10, 31),
            "3.13": date(2029, 10, 31),
            "3.14": date(2030, 10, 31),
        },
    ),
    "django": Product(
        "Django",
        "https://www.djangoproject.com/download/#supported-versions",
        {
            "1.3": date(2013, 2, 26),
            "1.4": date(2015, 10, 1),
            "1.5": date(2014, 9, 2),
            "1.6": date(2015, 4, 1),
            "1.7": date(2015, 12, 1),
            "1.8": date(2018, 4, 1),
            "1.9": date(2017, 4, 4),
            "1.10": date(2017, 12, 2),
            "1.11": date(2020, 4, 1),
            "2.0": date(2019, 4, 1),
            "2.1": date(2019, 12, 2),
            "2.2": date(2022, 4, 11),
            "3.0": date(2021, 4, 6),
            "3.1": date(2021, 12, 7),
            "3.2": date(2024, 4, 1),
            "4.0": date(2023, 4, 1),
            "4.1": date(2023, 12, 1),
            "4.2": date(2026, 4, 30),
            "5.0": date(2025, 4, 2),
            "5.1": date(2025, 12, 3),
            "5.2": date(2028, 4, 30),
            "6.0": date(2027, 4, 30),
        },
    ),
    # Only the newest feature release is supported: each series ends on the day on which the next one came out.
    "flask": Product(
        "Flask",
        "https://flask.palletsprojects.com/en/stable/changes/",
        {
            "0.12": date(2018, 4, 26),
            "1.0": date(2019, 7, 4),
            "1.1": date(2021, 5, 11),
            "2.0": date(2022, 3, 28),
            "2.1": date(2022, 8, 1),
            "2.2": date(2023, 4, 25),
            "2.3": date(2023, 9, 30),
            "3.0": date(2024, 11, 13),
            "3.1": None,
        },
    ),
}

_PATCHES = (*range(31), 99)


@dataclass(frozen=True, slots=True)
class Ended:
    """A series without support: `since` is the last day on which it had any."""

    title: str
    series: str
    since: date


def ended(product: str, version: Version, today: date = AS_OF) -> Ended | None:
    """Whether the series of a version is out of support on a day; one that is not in the table is supported.

    Series older than the table ended no later than its first.
    """
    table = PRODUCTS[product]
    series = f"{version.major}.{version.minor}"
    first = next(iter(table.ends))
    end = table.ends.get(series)
    if end is None and series not in table.ends and version < Version(first):
        end = table.ends[first]
    return Ended(table.title, series, end) if end is not None and end < today else None


@cache
def only_ended(product: str, specifier: SpecifierSet, today: date = AS_OF) -> Ended | None:
    """The newest series that a specifier admits, where every one that it admits is out of support; else `None`."""
    found: Ended | None = None
    pinned = exact(specifier)
    for version in (pinned,) if pinned is not None else _probes(product):
        if specifier.contains(version, prereleases=True):
            end = ended(product, version, today)
            if end is None:
                return None
            found = end
    return found


def _probes(product: str) -> Iterator[Version]:
    """Versions of every series in the table, and of those that may follow, from old to new."""
    for series in PRODUCTS[product].ends:
        yield from (Version(f"{series}.{patch}") for patch in _PATCHES)
    last = Version(list(PRODUCTS[product].ends)[-1])
    yield from (Version(f"{last.major}.{last.minor + step}.0") for step in range(1, 11))
    yield from (Version(f"{last.major + step}.{minor}.0") for step in range(1, 4) for minor in range(3))
