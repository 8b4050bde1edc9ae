"""Requirements as texts: PEP 508 by `packaging`, what pip allows beyond it, and Poetry's own constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from checks.dependencies.model import RUNTIME, Requirement
from checks.errors import Unreadable, quoted
from checks.model import Span

MAX_LENGTH = 5_000  # characters of one requirement, its markers with it
MAX_CLAUSES = 30

_ADDRESS = re.compile(r"(?:(?:git|hg|svn|bzr)\+)?[a-z][a-z0-9+.-]*://|file:", re.IGNORECASE)
_PATH = re.compile(r"(\.{1,2}([\\/]|$)|[\\/~])|[^\s@]*\.(whl|zip|tar\.gz|tgz|tar\.bz2)$", re.IGNORECASE)
_EGG = re.compile(r"[#&]egg=([\w.-]+)(?:\[([^\]]*)\])?")
_HASH_IN_URL = re.compile(r"[#&](sha(?:224|256|384|512))=([0-9a-fA-F]+)")
_CLAUSE = re.compile(r"(\^|~=|~|===|==|!=|>=|<=|>|<|=)?[ \t]*([\w*][^\s,]*)")


def requirement_of(
    text: str, path: str, span: Span, *, group: str = RUNTIME, hashes: tuple[str, ...] = ()
) -> Requirement:
    """A requirement as PEP 508 or pip writes it. Unreadable, in one line, for what is none."""
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"{quoted(text)} is longer than {MAX_LENGTH:,} characters")
    if _ADDRESS.match(text) or _PATH.match(text):
        return _located(text, path, span, group, hashes)
    try:
        parsed = Pep508(text)
    except (InvalidRequirement, RecursionError):
        raise Unreadable(f"{quoted(text)} is no requirement as PEP 508 writes it") from None
    if len(parsed.specifier) > MAX_CLAUSES:
        raise Unreadable(f"{quoted(text)} has more than {MAX_CLAUSES} clauses")
    return Requirement(
        name=canonicalize_name(parsed.name),
        path=path,
        span=span,
        text=text,
        specifier=parsed.specifier,
        extras=_extras(parsed.extras),
        marker=parsed.marker,
        hashes=hashes or _url_hashes(parsed.url or ""),
        url=parsed.url or "",
        group=group,
    )


def _located(text: str, path: str, span: Span, group: str, hashes: tuple[str, ...]) -> Requirement:
    """A URL or a path, which may name itself by `#egg=`."""
    url, _, condition = text.partition(" ;")
    egg = _EGG.search(url)
    return Requirement(
        name=canonicalize_name(egg[1]) if egg else "",
        path=path,
        span=span,
        text=text,
        extras=_extras((egg[2] or "").split(",")) if egg else frozenset(),
        marker=marker_of(condition),
        hashes=hashes or _url_hashes(url),
        url=url.strip(),
        group=group,
    )


def _extras(names: object) -> frozenset[str]:
    assert isinstance(names, set | list)
    return frozenset(canonicalize_name(name.strip()) for name in names if name.strip())


def _url_hashes(url: str) -> tuple[str, ...]:
    return tuple(f"{kind}:{value.lower()}" for kind, value in _HASH_IN_URL.findall(url))


def marker_of(text: str) -> Marker | None:
    """A marker, `None` for an empty text. Unreadable for what is none."""
    if not text.strip():
        return None
    try:
        return Marker(text)
    except (InvalidMarker, RecursionError):
        raise Unreadable(f"{quoted(text)} is no environment marker") from None


def specifier_of(text: str) -> SpecifierSet:
    """A set of version clauses as PEP 440 writes it; Poetry's `^3.9` and `||` as `requires-python` too. Unreadable."""
    if text.count(",") > MAX_CLAUSES:
        raise Unreadable(f"{quoted(text)} has more than {MAX_CLAUSES} clauses")
    try:
        return SpecifierSet(text if text.strip() != "*" else "")
    except InvalidSpecifier:
        (first, *others) = constraint_of(text)
        if others:
            raise Unreadable(f"{quoted(text)} is no version specifier") from None
        return first


def constraint_of(text: str) -> tuple[SpecifierSet, ...]:
    """The sets of clauses of a Poetry constraint, of which one must hold. Unreadable for what is none.

    https://python-poetry.org/docs/dependency-specification/#version-constraints
    """
    if len(_CLAUSE.findall(text[:MAX_LENGTH])) > MAX_CLAUSES or len(text) > MAX_LENGTH:
        raise Unreadable(f"{quoted(text)} has more than {MAX_CLAUSES} clauses")
    try:
        return tuple(SpecifierSet(",".join(_clauses(one))) for one in re.split(r"\|\|?", text))
    except (InvalidSpecifier, InvalidVersion):
        raise Unreadable(f"{quoted(text)} is no version constraint") from None


def _clauses(text: str) -> Iterator[str]:
    for operator, version in _CLAUSE.findall(text):
        if version == "*":
            continue
        if operator == "^":
            yield from _caret(version)
        elif operator == "~":
            yield from _tilde(version)
        elif operator in ("", "="):
            yield f"=={version}"
        else:
            yield f"{operator}{version}"


def _caret(version: str) -> tuple[str, str]:
    """`^1.2.3` allows what keeps the first part that isn't zero."""
    release = list(Version(version).release)
    index = next((number for number, part in enumerate(release) if part), len(release) - 1)
    return f">={version}", f"<{_next(release, index)}"


def _tilde(version: str) -> tuple[str, str]:
    """`~1.2.3` and `~1.2` allow what keeps the second part, `~1` what keeps the first."""
    release = list(Version(version).release)
    return f">={version}", f"<{_next(release, min(1, len(release) - 1))}"


def _next(release: list[int], index: int) -> str:
    return ".".join(str(part) for part in (*release[:index], release[index] + 1))
