"""Lock files: uv, Poetry, PDM, `pylock.toml` (PEP 751), Pipenv, and requirements files that pin every line."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from checks.dependencies.model import RUNTIME, Asked, Lock, Manifest, Pinned, Python
from checks.dependencies.places import Lines
from checks.dependencies.specifiers import requirement_of, specifier_of
from checks.dependencies.toml import table, tables, text, texts
from checks.errors import Unreadable
from checks.model import Span
from checks.plain_toml import SIZE_LIMIT, read_toml

_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*packages?[ \t]*\]\][^\n]*$", re.MULTILINE)
_VERSION = re.compile(r"^(?:version)[ \t]*=[^\n]*|^\[\[?[ \t]*package", re.MULTILINE)
_PYTHON = re.compile(r"^(?:requires-python|python-versions|requires_python)[ \t]*=[^\n]*", re.MULTILINE)
_LOCAL = ("editable", "virtual", "directory")
_FETCHED = ("git", "url", "path")


def read_lock(path: str, content: str) -> Lock:
    """What a lock file holds. Unreadable where it is not of its format."""
    name = path.rpartition("/")[2]
    if name == "Pipfile.lock":
        return _pipenv(path, content)
    data = read_toml(content)
    spans = _entry_spans(content, len(_packages(data)))
    if name == "uv.lock":
        return _uv(path, content, data, spans)
    if name == "poetry.lock":
        return _poetry(path, content, data, spans)
    return _pdm(path, content, data, spans) if name == "pdm.lock" else _pylock(path, content, data, spans)


def lock_of(manifest: Manifest) -> Lock:
    """A requirements file taken as a lock: those of its lines that pin a version or a source."""
    pinned = [
        Pinned(
            canonicalize_name(one.name),
            one.pinned,
            one.span,
            hashes=one.hashes,
            extras=one.extras,
            source=one.url,
        )
        for one in manifest.requirements
        if one.name and (one.pinned is not None or one.url)
    ]
    return Lock(manifest.path, "requirements", tuple(pinned), universal=False)


def _packages(data: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    return list(tables(data.get("package", data.get("packages"))))


def _entry_spans(content: str, count: int) -> Sequence[Span]:
    """The line of the version of each entry, else its header; the first line for all where they can't be told apart."""
    lines = Lines(content)
    starts = list(_ENTRY.finditer(content))
    if len(starts) != count:
        return [lines.first] * count
    spans = []
    for start in starts:
        version = _VERSION.search(content, start.end())
        best = version if version is not None and version[0].startswith("v") else start
        spans.append(lines.span(best.start(), best.start() + len(best[0].rstrip())))
    return spans


def _lock(
    path: str,
    kind: str,
    data: Mapping[str, Any],
    spans: Sequence[Span],
    pinned: Callable[[Mapping[str, Any], Span], Pinned],
    python: Python | None,
) -> Lock:
    packages = [pinned(entry, spans[number]) for number, entry in _packages(data) if text(entry.get("name"))]
    return Lock(path, kind, tuple(packages), python)


def _python(content: str, written: object) -> Python | None:
    match = _PYTHON.search(content)
    try:
        specifier = specifier_of(text(written))
    except Unreadable:
        return None
    if not text(written) or match is None:
        return None
    return Python(text(written), specifier, Lines(content).span(match.start(), match.end()))


def _uv(path: str, content: str, data: Mapping[str, Any], spans: Sequence[Span]) -> Lock:
    def pinned(entry: Mapping[str, Any], span: Span) -> Pinned:
        source = table(entry, "source")
        archives = [table(entry, "sdist"), *(wheel for _, wheel in tables(entry.get("wheels")))]
        return Pinned(
            canonicalize_name(entry["name"]),
            _version(entry.get("version")),
            span,
            hashes=tuple(text(one["hash"]) for one in archives if text(one.get("hash"))),
            dependencies=tuple(name for name, _, _ in _uv_wishes(entry)),
            source=next((text(source[key]) for key in (*_LOCAL, *_FETCHED) if key in source), ""),
        )

    read = _lock(path, "uv", data, spans, pinned, _python(content, data.get("requires-python")))
    asked, folders = [], set()
    for number, entry in _packages(data):
        source = table(entry, "source")
        folder = next((text(source[key]) for key in _LOCAL if key in source), None)
        # A folder below is a member of the workspace when the lock keeps what its manifest asked for.
        if folder is None or not (folder == "." or "metadata" in entry):
            continue
        folder = posixpath.normpath(folder)
        folders.add("" if folder == "." else folder)
        for name, extras, group in _uv_wishes(entry):
            key = "" if folder == "." else folder
            asked.append(Asked(key, canonicalize_name(name), extras, spans[number], group))
    return Lock(path, "uv", read.packages, read.python, frozenset(folders), tuple(asked))


def _uv_wishes(entry: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str], str]]:
    """Names, extras and groups of all that an entry of `uv.lock` needs."""
    listed: list[tuple[str, object]] = [(RUNTIME, entry.get("dependencies"))]
    listed += [(f"extra:{name}", value) for name, value in table(entry, "optional-dependencies").items()]
    listed += list(table(entry, "dev-dependencies").items())
    for group, wishes in listed:
        for _, one in tables(wishes):
            if text(one.get("name")):
                extras = frozenset(canonicalize_name(extra) for _, extra in texts(one.get("extra")))
                yield one["name"], extras, group


def _poetry(path: str, content: str, data: Mapping[str, Any], spans: Sequence[Span]) -> Lock:
    older = table(data, "metadata", "files")

    def pinned(entry: Mapping[str, Any], span: Span) -> Pinned:
        files = entry.get("files", older.get(entry["name"]))
        return Pinned(
            canonicalize_name(entry["name"]),
            _version(entry.get("version")),
            span,
            hashes=_hashes(files),
            dependencies=tuple(table(entry, "dependencies")),
            source=_poetry_source(table(entry, "source")),
        )

    written = table(data, "metadata").get("python-versions")
    return _lock(path, "poetry", data, spans, pinned, _python(content, written))


def _poetry_source(source: Mapping[str, Any]) -> str:
    """Where an entry comes from, empty for an index, which may have a name of its own."""
    return "" if source.get("type") in (None, "legacy") else text(source.get("url"))


def _pdm(path: str, content: str, data: Mapping[str, Any], spans: Sequence[Span]) -> Lock:
    def pinned(entry: Mapping[str, Any], span: Span) -> Pinned:
        return Pinned(
            canonicalize_name(entry["name"]),
            _version(entry.get("version")),
            span,
            hashes=_hashes(entry.get("files")),
            dependencies=tuple(_asked_names(entry.get("dependencies"))),
            extras=frozenset(canonicalize_name(extra) for _, extra in texts(entry.get("extras"))),
            source=next((text(entry[key]) for key in ("git", "url", "path") if text(entry.get(key))), ""),
        )

    return _lock(path, "pdm", data, spans, pinned, None)


def _pylock(path: str, content: str, data: Mapping[str, Any], spans: Sequence[Span]) -> Lock:
    """https://packaging.python.org/en/latest/specifications/pylock-toml/"""

    def pinned(entry: Mapping[str, Any], span: Span) -> Pinned:
        sources = [table(entry, key) for key in ("vcs", "directory", "archive")]
        archives = [table(entry, "sdist"), table(entry, "archive")]
        archives += [wheel for _, wheel in tables(entry.get("wheels"))]
        return Pinned(
            canonicalize_name(entry["name"]),
            _version(entry.get("version")),
            span,
            hashes=tuple(
                f"{kind}:{value}" for one in archives for kind, value in table(one, "hashes").items()
            ),
            dependencies=tuple(text(one.get("name")) for _, one in tables(entry.get("dependencies"))),
            source=next((text(one.get("url")) or text(one.get("path")) for one in sources if one), ""),
        )

    read = _lock(path, "pylock", data, spans, pinned, _python(content, data.get("requires-python")))
    # One made for some environments only may leave out what no environment of those needs.
    return Lock(path, "pylock", read.packages, read.python, universal="environments" not in data)


def _pipenv(path: str, content: str) -> Lock:
    if len(content) > SIZE_LIMIT:
        raise Unreadable(f"it has {len(content):,} characters, and the limit is {SIZE_LIMIT:,}")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not valid JSON: {' '.join(str(error).split())[:160]}") from None
    if not isinstance(data, dict):
        raise Unreadable("it is no lock file of Pipenv: its top is no object")
    lines = Lines(content)
    places = {match[1]: match for match in re.finditer(r'"([\w.-]+)"[ \t]*:[ \t]*\{', content)}
    packages = []
    for category, entries in data.items():
        if category == "_meta" or not isinstance(entries, dict):
            continue
        for name, entry in entries.items():
            if not isinstance(entry, dict):
                continue
            place = places.get(name)
            span = lines.first if place is None else lines.span(place.start(), place.start(1) + len(name) + 1)
            packages.append(
                Pinned(
                    canonicalize_name(name),
                    _version(text(entry.get("version")).lstrip("=")),
                    span,
                    hashes=tuple(one for _, one in texts(entry.get("hashes"))),
                    extras=frozenset(canonicalize_name(extra) for _, extra in texts(entry.get("extras"))),
                    source=next(
                        (text(entry[key]) for key in ("git", "path", "file") if text(entry.get(key))), ""
                    ),
                )
            )
    return Lock(path, "pipenv", tuple(packages), universal=False)


def _version(written: object) -> Version | None:
    try:
        return Version(text(written))
    except InvalidVersion:
        return None


def _hashes(files: object) -> tuple[str, ...]:
    return tuple(text(one["hash"]) for _, one in tables(files) if text(one.get("hash")))


def _asked_names(dependencies: object) -> Iterator[str]:
    for _, one in texts(dependencies):
        try:
            yield str(requirement_of(one, "", Span(1, 1, 1, 1)).name)
        except Unreadable:
            continue
