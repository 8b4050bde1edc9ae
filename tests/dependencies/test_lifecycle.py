"""Which versions get security fixes, as of a fixed date."""

from __future__ import annotations

from datetime import date

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from checks.dependencies.lifecycle import AS_OF, PRODUCTS, ended, only_ended


@pytest.mark.parametrize(
    ("product", "version", "since"),
    [
        ("python", "2.7.18", date(2020, 1, 1)),
        ("python", "2.6", date(2020, 1, 1)),
        ("python", "3.8", date(2024, 10, 31)),
        ("python", "3.9.19", date(2025, 10, 31)),
        ("python", "3.11", None),
        ("python", "3.13.1", None),
        ("python", "3.99", None),
        ("python", "4.0", None),
        ("django", "1.2", date(2013, 2, 26)),
        ("django", "1.11.29", date(2020, 4, 1)),
        ("django", "3.2.25", date(2024, 4, 1)),
        ("django", "5.1.2", date(2025, 12, 3)),
        ("django", "5.2", None),
        ("django", "6.1", None),
        ("flask", "0.10", date(2018, 4, 26)),
        ("flask", "2.3.3", date(2023, 9, 30)),
        ("flask", "3.0.3", date(2024, 11, 13)),
        ("flask", "3.1.1", None),
        ("flask", "4.0", None),
    ],
)
def test_when_the_series_of_a_version_ended(product: str, version: str, since: date | None) -> None:
    found = ended(product, Version(version))
    assert (None if found is None else found.since) == since


def test_the_day_that_is_asked_about_decides() -> None:
    version = Version("3.9")
    assert ended("python", version, date(2025, 10, 31)) is None
    assert ended("python", version, date(2025, 11, 1)) is not None
    assert only_ended("python", SpecifierSet("<3.10"), date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("product", "specifier", "series"),
    [
        ("python", ">=3.7,<3.9", "3.8"),
        ("python", "==3.8.*", "3.8"),
        ("python", "==3.8.10", "3.8"),
        ("python", "<4,>=2.7,!=3.*", "2.7"),
        ("python", ">=3.8", None),
        ("python", "", None),
        ("python", ">=3.8,<4", None),
        ("python", ">=99", None),
        ("django", "<5", "4.2"),
        ("django", ">=4.2,<5.2", "5.1"),
        ("django", "~=4.2.0", "4.2"),
        ("django", "~=4.2", "4.2"),
        ("django", ">=4.2", None),
        ("django", "<6,>=3", None),
        ("django", "==9.9", None),
        ("flask", "<3", "2.3"),
        ("flask", ">=3", None),
        ("flask", "==1.0.2", "1.0"),
    ],
)
def test_specifiers_that_admit_nothing_supported(product: str, specifier: str, series: str | None) -> None:
    found = only_ended(product, SpecifierSet(specifier))
    assert (None if found is None else found.series) == series


@pytest.mark.parametrize("product", PRODUCTS)
def test_tables_are_in_order_and_have_a_supported_series(product: str) -> None:
    table = PRODUCTS[product]
    assert list(table.ends) == sorted(table.ends, key=Version)
    assert table.source.startswith("https://")
    last = list(table.ends)[-1]
    assert ended(product, Version(last)) is None


def test_the_table_is_true_as_of_a_day_that_its_ends_lie_around() -> None:
    ends = [end for table in PRODUCTS.values() for end in table.ends.values() if end is not None]
    assert min(ends) < AS_OF < max(ends)
