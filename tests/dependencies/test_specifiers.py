"""Version constraints and markers, and where a requirement applies."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from checks.dependencies.environments import applies_everywhere, applies_somewhere
from checks.dependencies.model import Requirement, exact
from checks.dependencies.specifiers import constraint_of, marker_of, requirement_of, specifier_of
from checks.errors import Unreadable
from checks.model import Span

PLACE = Span(1, 1, 1, 2)


def requirement(text: str) -> Requirement:
    return requirement_of(text, "requirements.txt", PLACE)


@pytest.mark.parametrize(
    ("written", "sets"),
    [
        ("^1.2.3", ["<2,>=1.2.3"]),
        ("^0.2.3", ["<0.3,>=0.2.3"]),
        ("^0.0.3", ["<0.0.4,>=0.0.3"]),
        ("^0.0", ["<0.1,>=0.0"]),
        ("^0", ["<1,>=0"]),
        ("^1", ["<2,>=1"]),
        ("^2.0.0a1", ["<3,>=2.0.0a1"]),
        ("~1.2.3", ["<1.3,>=1.2.3"]),
        ("~1.2", ["<1.3,>=1.2"]),
        ("~1", ["<2,>=1"]),
        ("~=1.4", ["~=1.4"]),
        ("1.2.*", ["==1.2.*"]),
        ("*", [""]),
        ("", [""]),
        ("1.2.3", ["==1.2.3"]),
        ("=1.2", ["==1.2"]),
        (">=1 <2", ["<2,>=1"]),
        (">= 1.0, < 2.0", ["<2.0,>=1.0"]),
        (">=1,<2 || ^3", ["<2,>=1", "<4,>=3"]),
        (">=1,<2|3", ["<2,>=1", "==3"]),
        ("^3.9, !=3.9.1", ["!=3.9.1,<4,>=3.9"]),
    ],
)
def test_poetrys_constraints(written: str, sets: list[str]) -> None:
    assert [str(one) for one in constraint_of(written)] == sets


@pytest.mark.parametrize("written", ["latest", "^x", "~1.x.2", "1 2 x", "^" * 10_000, ">=1," * 60])
def test_what_is_no_constraint_is_said(written: str) -> None:
    with pytest.raises(Unreadable):
        constraint_of(written)


def test_requires_python_is_read_in_both_grammars() -> None:
    assert str(specifier_of(">=3.9,<4")) == "<4,>=3.9"
    assert str(specifier_of("^3.9")) == "<4,>=3.9"
    assert str(specifier_of("*")) == ""
    with pytest.raises(Unreadable):
        specifier_of("^3.9 || ^4")


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        ("==1.2.3", "1.2.3"),
        ("===1.2", "1.2"),
        ("==1.2.*", None),
        (">=1", None),
        ("", None),
        ("==1.0,!=2", "1.0"),
        ("===weird", None),
    ],
)
def test_which_version_a_specifier_pins(specifier: str, version: str | None) -> None:
    found = exact(SpecifierSet(specifier))
    assert (None if found is None else str(found)) == version


def test_alternatives_allow_what_one_of_them_does() -> None:
    either = Requirement("a", "pyproject.toml", PLACE, "a", alternatives=constraint_of("^1 || ^3"))
    assert [version for version in ("1.5", "2.0", "3.1") if either.allows(Version(version))] == ["1.5", "3.1"]
    assert either.pinned is None


def test_pre_releases_are_allowed() -> None:
    assert requirement("a>=1").allows(Version("2.0rc1"))


@pytest.mark.parametrize(
    ("text", "python", "somewhere", "everywhere"),
    [
        ("a", "", True, True),
        ("a; python_version >= '3.6'", "", True, True),
        ("a; python_version < '3.9'", ">=3.10", False, False),
        ("a; python_version < '3.11'", ">=3.10", True, False),
        ("a; python_version >= '3.10'", ">=3.10", True, True),
        ("a; python_full_version < '3.12.4'", ">=3.12", True, False),
        ("a; sys_platform == 'win32'", "", True, False),
        ("a; sys_platform != 'win32'", "", True, False),
        ("a; platform_system == 'Linux' or os_name == 'nt' or sys_platform == 'darwin'", "", True, True),
        ("a; sys_platform == 'emscripten'", "", False, False),
        ("a; platform_python_implementation == 'PyPy'", "", True, False),
        ("a; platform_machine == 'riscv64'", "", False, False),
        ("a; extra == 'docs'", "", False, False),
    ],
)
def test_where_a_requirement_applies(text: str, python: str, somewhere: bool, everywhere: bool) -> None:
    asked = requirement(text)
    assert applies_somewhere(asked, SpecifierSet(python)) is somewhere
    assert applies_everywhere(asked, SpecifierSet(python)) is everywhere


def test_a_python_that_nobody_knows_is_any() -> None:
    assert applies_somewhere(requirement("a; python_version >= '3.8'"), SpecifierSet(">=99"))


def test_markers_are_read_or_said_to_be_none() -> None:
    assert marker_of("  ") is None
    for text in ("nonsense", "os_name ==", "(" * 3_000 + "os_name=='a'" + ")" * 3_000):
        with pytest.raises(Unreadable, match="is no environment marker"):
            marker_of(text)


def test_a_requirement_of_very_many_clauses_is_not_read() -> None:
    with pytest.raises(Unreadable, match="more than 30 clauses"):
        requirement("a" + ",".join(f"!={number}" for number in range(60)))


def test_a_requirement_that_is_too_long_is_not_read() -> None:
    with pytest.raises(Unreadable, match="longer than"):
        requirement("a" * 6_000)
