"""`pyproject.toml`: PEP 621, PEP 735, and the tables of Poetry, PDM and uv; and `Pipfile`, which is TOML as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from checks.dependencies.model import RUNTIME, Manifest, Python, Requirement
from checks.dependencies.places import TomlPlaces
from checks.dependencies.specifiers import constraint_of, marker_of, requirement_of, specifier_of
from checks.dependencies.toml import table, tables, text, texts
from checks.errors import Unreadable, quoted
from checks.model import Problem, Span
from checks.plain_toml import read_toml

MAX_PROBLEMS = 10
_VERSION_CONTROL = ("git", "hg", "svn", "bzr")


@dataclass(slots=True)
class _Reader:
    """One document while it is read: its places, and what was found."""

    path: str
    places: TomlPlaces
    requirements: list[Requirement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, requirement: str, group: str, *key: str | int) -> None:
        """A requirement as PEP 508 writes it."""
        span = self.places.span(*key)
        try:
            self.requirements.append(requirement_of(requirement, self.path, span, group=group))
        except Unreadable as error:
            self.complain(str(error), span)

    def list(self, data: object, group: str, *key: str | int) -> None:
        """A list of requirements as PEP 508 writes them."""
        for number, item in texts(data):
            self.add(item, group, *key, number)

    def complain(self, message: str, span: Span) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.path, "syntax", message, span.line))


def read_pyproject(path: str, content: str) -> tuple[Manifest, tuple[Problem, ...]]:
    """What a `pyproject.toml` says. Unreadable where it is no TOML; a problem for each entry that is no requirement."""
    data = read_toml(content)
    reader = _Reader(path, TomlPlaces(content))
    project, tool = table(data, "project"), table(data, "tool")
    reader.list(project.get("dependencies"), RUNTIME, "project", "dependencies")
    for extra, listed in table(project, "optional-dependencies").items():
        reader.list(listed, f"extra:{extra}", "project", "optional-dependencies", extra)
    for group, listed in table(data, "dependency-groups").items():
        reader.list(listed, group, "dependency-groups", group)
    for group, listed in table(tool, "pdm", "dev-dependencies").items():
        reader.list(listed, group, "tool", "pdm", "dev-dependencies", group)
    reader.list(table(tool, "uv").get("dev-dependencies"), "dev", "tool", "uv", "dev-dependencies")
    _poetry(reader, table(tool, "poetry"))
    sources = _uv_sources(tool)
    manifest = Manifest(
        path,
        "pyproject",
        requirements=tuple(_with_source(one, sources) for one in reader.requirements),
        python=_python(reader, project, tool),
        package=_is_package(data, tool),
        overridden=_names(table(tool, "uv").get("override-dependencies"))
        | frozenset(map(canonicalize_name, table(tool, "pdm", "resolution", "overrides"))),
        name=canonicalize_name(text(project.get("name")) or text(table(tool, "poetry").get("name"))),
        dynamic=any(item.endswith("dependencies") for _, item in texts(project.get("dynamic"))),
        groups=frozenset(table(data, "dependency-groups")),
    )
    return manifest, tuple(reader.problems)


def read_pipfile(path: str, content: str) -> tuple[Manifest, tuple[Problem, ...]]:
    """What a `Pipfile` says: `packages`, `dev-packages` and whatever other categories it has."""
    data = read_toml(content)
    reader = _Reader(path, TomlPlaces(content))
    for category, listed in data.items():
        if category not in ("source", "requires", "pipenv", "scripts") and isinstance(listed, dict):
            group = RUNTIME if category == "packages" else category.removesuffix("-packages")
            for name, entry in listed.items():
                for requirement in _entry(reader, name, entry, group, category, name):
                    reader.requirements.append(_as_pipenv(requirement, entry))
    python = None
    wanted = table(data, "requires")
    key = "python_full_version" if "python_full_version" in wanted else "python_version"
    version = text(wanted.get(key))
    if version and version != "*":
        span = reader.places.span("requires", key)
        python = _python_at(reader, f"=={version}" + ("" if key.endswith("full_version") else ".*"), span)
    manifest = Manifest(
        path, "pipfile", requirements=tuple(reader.requirements), python=python, package=False
    )
    return manifest, tuple(reader.problems)


def _as_pipenv(requirement: Requirement, entry: object) -> Requirement:
    """Pipenv reads `~=1.2` and `==1.2` as PEP 440, and its own keys for markers (`sys_platform = "== 'win32'"`)."""
    if not isinstance(entry, dict):
        return requirement
    clauses = [
        f"{key} {value}"
        for key, value in entry.items()
        if key in ("sys_platform", "platform_machine", "python_version", "os_name", "implementation_name")
        and isinstance(value, str)
    ]
    try:
        marker = marker_of(" and ".join(clauses))
    except Unreadable:
        return requirement
    return replace(requirement, marker=requirement.marker or marker)


def _poetry(reader: _Reader, poetry: Mapping[str, Any]) -> None:
    """Poetry's own tables; an entry that enriches one of `[project]` says nothing about versions there."""
    asked = {one.name for one in reader.requirements}
    wishes: list[tuple[str, tuple[str, ...], Mapping[str, Any]]] = [
        (RUNTIME, ("dependencies",), table(poetry, "dependencies")),
        ("dev", ("dev-dependencies",), table(poetry, "dev-dependencies")),
    ]
    for group in table(poetry, "group"):
        key = ("group", group, "dependencies")
        wishes.append((group, key, table(poetry, *key)))
    for group, where, listed in wishes:
        for name, entry in listed.items():
            if name == "python" or (group == RUNTIME and canonicalize_name(name) in asked):
                continue
            for number, one in enumerate(entry if isinstance(entry, list) else [entry]):
                inner: tuple[str | int, ...] = (number,) if isinstance(entry, list) else ()
                reader.requirements.extend(
                    _entry(reader, name, one, group, "tool", "poetry", *where, name, *inner)
                )


def _entry(reader: _Reader, name: str, entry: object, group: str, *key: str | int) -> Iterator[Requirement]:
    """A requirement as Poetry and Pipenv write it: a constraint, or a table with one."""
    span = reader.places.span(*key)
    options = entry if isinstance(entry, dict) else {"version": entry}
    try:
        alternatives = constraint_of(text(options.get("version")) or "*")
        marker = marker_of(text(options.get("markers")))
    except Unreadable as error:
        reader.complain(f"{quoted(name)}: {error}", span)
        return
    extras, version = options.get("extras"), text(options.get("version"))
    yield Requirement(
        name=canonicalize_name(name),
        path=reader.path,
        span=span,
        text=f"{name} {version}".removesuffix(" *").strip(),
        specifier=alternatives[0] if len(alternatives) == 1 else SpecifierSet(),
        alternatives=alternatives if len(alternatives) > 1 else (),
        extras=frozenset(canonicalize_name(extra) for _, extra in texts(extras)),
        marker=marker or _for_python(text(options.get("python"))),
        hashes=tuple(one for _, one in texts(options.get("hashes"))),
        url=_address(options),
        editable=options.get("develop") is True or options.get("editable") is True,
        group="optional" if options.get("optional") is True else group,
    )


def _for_python(constraint: str) -> Any:
    """The marker of Poetry's `python = ">=3.9,<3.12"`, `None` where it is no plain one."""
    try:
        clauses = ",".join(str(one) for one in constraint_of(constraint)[:1]) if constraint else ""
        parts = [one for one in SpecifierSet(clauses) if not one.version.endswith(".*")]
        return marker_of(" and ".join(f'python_full_version {one.operator} "{one.version}"' for one in parts))
    except Unreadable:
        return None


def _address(options: Mapping[str, Any]) -> str:
    """Where an entry's distribution comes from, written as pip would: empty for an index."""
    for system in _VERSION_CONTROL:
        if isinstance(options.get(system), str):
            revision = next(
                (text(options[key]) for key in ("rev", "ref", "tag", "branch") if options.get(key)), ""
            )
            return f"{system}+{options[system]}" + (f"@{revision}" if revision else "")
    return next((text(options[key]) for key in ("url", "path", "file") if text(options.get(key))), "")


def _uv_sources(tool: Mapping[str, Any]) -> Mapping[str, str]:
    """The addresses that `[tool.uv.sources]` gives to names; `workspace` for a member of the same workspace."""
    found = {}
    for name, source in table(tool, "uv", "sources").items():
        one = next((item for _, item in tables(source)), {}) if isinstance(source, list) else source
        if isinstance(one, dict) and not one.get("index"):
            found[str(canonicalize_name(name))] = "workspace" if one.get("workspace") else _address(one)
    return found


def _with_source(requirement: Requirement, sources: Mapping[str, str]) -> Requirement:
    source = sources.get(requirement.name, "")
    return replace(requirement, url=source) if source and not requirement.url else requirement


def _python(reader: _Reader, project: Mapping[str, Any], tool: Mapping[str, Any]) -> Python | None:
    """`requires-python`, or Poetry's `python`."""
    if text(project.get("requires-python")):
        return _python_at(
            reader, project["requires-python"], reader.places.span("project", "requires-python")
        )
    wanted = table(tool, "poetry", "dependencies").get("python")
    wanted = wanted.get("version") if isinstance(wanted, dict) else wanted
    if not text(wanted) or "|" in text(wanted):
        return None
    span = reader.places.span("tool", "poetry", "dependencies", "python")
    return _python_at(reader, text(wanted), span)


def _python_at(reader: _Reader, written: str, span: Span) -> Python | None:
    try:
        return Python(written, specifier_of(written), span)
    except Unreadable as error:
        reader.complain(str(error), span)
        return None


def _is_package(data: Mapping[str, Any], tool: Mapping[str, Any]) -> bool | None:
    """Whether others can install what the project declares: it has a build backend, or says so itself."""
    for own in (table(tool, "poetry").get("package-mode"), table(tool, "uv").get("package")):
        if isinstance(own, bool):
            return own
    if "project" in data or "poetry" in tool:
        return "build-system" in data
    return None


def _names(data: object) -> frozenset[str]:
    found = set()
    for _, item in texts(data):
        try:
            found.add(str(requirement_of(item, "", Span(1, 1, 1, 1)).name))
        except Unreadable:
            continue
    return frozenset(found)
