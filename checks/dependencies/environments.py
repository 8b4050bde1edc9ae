"""Where a requirement applies: its marker asked on the platforms and Pythons that a project may run on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion

from checks.dependencies.model import Requirement

_LONGEST = 1_000  # characters of a marker that is asked
_MINORS = range(6, 20)
_PLATFORMS = (
    {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
)
_IMPLEMENTATIONS = (("cpython", "CPython"), ("pypy", "PyPy"))


def applies_somewhere(requirement: Requirement, python: SpecifierSet | None = None) -> bool:
    """Whether a requirement counts on some platform, under some Python that a project allows."""
    return requirement.marker is None or any(_answers(str(requirement.marker), python))


def applies_everywhere(requirement: Requirement, python: SpecifierSet | None = None) -> bool:
    """Whether a requirement counts on every platform, under every Python that a project allows."""
    return requirement.marker is None or all(_answers(str(requirement.marker), python))


@lru_cache(maxsize=1_024)
def _answers(marker: str, python: SpecifierSet | None) -> tuple[bool, ...]:
    """What a marker says in each environment; both answers where it can't be asked."""
    if len(marker) > _LONGEST:
        return (True, False)
    try:
        asked = Marker(marker)
        return tuple(asked.evaluate(one) for one in _environments(marker, python))
    except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion, RecursionError):
        return (True, False)


def _environments(marker: str, python: SpecifierSet | None) -> Iterator[dict[str, str]]:
    """The environments that differ in what a marker speaks of; for the rest one stands for all."""
    # The patch matters only to markers on `python_full_version`: an early and a late one stand for all.
    patches = (0, 15) if "python_full_version" in marker or "implementation_version" in marker else (0,)
    versions = [f"3.{minor}.{patch}" for minor in _MINORS for patch in patches]
    allowed = [one for one in versions if python is None or python.contains(one)] or versions
    chosen = (
        allowed if "version" in marker else allowed[-1:],
        _PLATFORMS if "platform" in marker or "os_name" in marker else _PLATFORMS[:1],
        _IMPLEMENTATIONS if "implementation" in marker else _IMPLEMENTATIONS[:1],
    )
    for version, platform, (name, long_name) in product(*chosen):
        yield {
            **platform,
            "python_version": version.rpartition(".")[0],
            "python_full_version": version,
            "implementation_name": name,
            "implementation_version": version,
            "platform_python_implementation": long_name,
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }
