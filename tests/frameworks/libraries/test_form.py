"""The tables' form: kinds and labels that are known, names that are said once, types that lead somewhere."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from collections import Counter

import pytest

import checks.frameworks.libraries
from checks.frameworks.libraries import all_libraries
from checks.frameworks.libraries.kinds import KINDS, LABELS
from checks.semantics.library import INJECTIONS, Entry, Knowledge, Library

LIBRARIES = all_libraries()
KNOWLEDGE = Knowledge(LIBRARIES)
ENTRIES = [(name, entry) for library in LIBRARIES for name, entry in library.entries.items()]
_FIRST = {"self", "argument", None}
_MARKS = {"normal-path"}
"""What an entry notes of a text beside the kinds of sinks: that a path has no `..` left."""
_PLAIN = {
    "Crypto.PublicKey.DSA.DsaKey",
    "Crypto.PublicKey.RSA.RsaKey",
    "numpy.ndarray",
    "os.stat_result",
    "time.struct_time",
}
"""Types of which nothing needs to be known."""


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_each_table_is_in_the_module_of_its_name(library: Library) -> None:
    folder, _, module = library.name.partition(".")
    found = f"checks.frameworks.libraries.{folder}.{module}"
    assert sys.modules[found].__dict__["library"] is library


def test_every_module_with_a_table_is_found() -> None:
    path = checks.frameworks.libraries.__path__
    modules = {
        module.name.removeprefix("checks.frameworks.libraries.")
        for module in pkgutil.walk_packages(path, "checks.frameworks.libraries.")
        if not module.ispkg
    }
    assert modules - {library.name for library in LIBRARIES} == {"conditions", "kinds", "matches", "tables"}


def test_every_kind_and_label_is_described() -> None:
    for name, entry in ENTRIES:
        kinds = {sink.kind for sink in entry.sinks} | (entry.cleans - _MARKS)
        for check in entry.checks:
            kinds |= check.clean
        assert kinds <= KINDS.keys(), name
        assert entry.source is None or entry.source in LABELS, name


def test_every_kind_and_label_is_used() -> None:
    in_templates = {"script"}
    assert {sink.kind for _, entry in ENTRIES for sink in entry.sinks} == set(KINDS) - in_templates
    assert {entry.source for _, entry in ENTRIES} - {None} == set(LABELS)


def test_injections_are_kinds() -> None:
    assert KINDS.keys() >= INJECTIONS


def test_no_name_is_said_twice() -> None:
    counts = Counter(name for name, _ in ENTRIES)
    assert [name for name, count in counts.items() if count > 1] == []
    bases = Counter(name for library in LIBRARIES for name in library.bases)
    assert [name for name, count in bases.items() if count > 1] == []
    aliases = Counter(name for library in LIBRARIES for name in library.aliases)
    assert [name for name, count in aliases.items() if count > 1] == []


def test_names_are_those_that_aliases_lead_to() -> None:
    names = {name for name, _ in ENTRIES} | {entry.returns for _, entry in ENTRIES} - _FIRST
    for library in LIBRARIES:
        for owner, bases in library.bases.items():
            names |= {owner, *bases}
    assert {name for name in names if KNOWLEDGE.canonical(str(name)) != name} == set()


def test_aliases_lead_to_what_is_known() -> None:
    known = {name for name, _ in ENTRIES} | {base for library in LIBRARIES for base in library.bases}
    beginnings = {name[:end] for name in known for end in range(len(name)) if name[end - 1] == "."}
    types = {entry.returns for _, entry in ENTRIES}
    aliases = {alias: meant for library in LIBRARIES for alias, meant in library.aliases.items()}
    assert [alias for alias, meant in aliases.items() if alias.endswith(".") != meant.endswith(".")] == []
    somewhere = known | beginnings | types
    assert [alias for alias, meant in aliases.items() if KNOWLEDGE.canonical(meant) not in somewhere] == []


def test_types_are_known() -> None:
    """What a table says that something gives has members, is a class of its own, or is plain."""
    owners = {name.rpartition(".")[0] for name, _ in ENTRIES}
    bases = {base for library in LIBRARIES for base in library.bases}
    names = {name for name, _ in ENTRIES}
    given = {entry.returns for _, entry in ENTRIES} - _FIRST - owners - bases - names
    assert {name for name in given if not str(name).startswith("builtins.")} == _PLAIN


def test_bases_have_no_circles() -> None:
    for library in LIBRARIES:
        for owner in library.bases:
            assert owner not in KNOWLEDGE.ancestors(owner)[1:], owner


def test_a_class_counts_as_the_type_that_calling_it_gives() -> None:
    assert KNOWLEDGE.is_a("sqlalchemy.ext.asyncio.AsyncSession", "sqlalchemy.orm.Session")
    assert KNOWLEDGE.is_a("pathlib.PosixPath", "pathlib.PurePath")
    assert KNOWLEDGE.ancestors("sqlite3.Connection") == ["sqlite3.Connection"]
    assert KNOWLEDGE.ancestors("html.escape") == ["html.escape"]


def test_names_are_dotted_identifiers() -> None:
    for name, _ in ENTRIES:
        parts = name.removeprefix("*.").removesuffix(".*").removesuffix("=").split(".")
        assert len(parts) > 1 or name.startswith("*."), name
        assert all(part.isidentifier() for part in parts), name


def _any_receiver() -> list[tuple[str, Entry]]:
    return [(name, entry) for name, entry in ENTRIES if name.startswith("*.")]


def test_methods_of_unknown_receivers_are_few() -> None:
    assert len(_any_receiver()) <= 48


def test_importing_all_tables_imports_none_of_the_libraries() -> None:
    code = (
        "import sys; from checks.frameworks.libraries import all_libraries; all_libraries();"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'django', 'flask', 'sqlalchemy', 'jinja2',"
        " 'requests', 'aiohttp', 'yaml', 'werkzeug', 'jwt', 'cryptography', 'psycopg', 'sqlite3', 'marshmallow'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
