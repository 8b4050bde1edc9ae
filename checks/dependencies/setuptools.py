"""`setup.cfg`, and what `setup.py` says in constants: it is never run."""

from __future__ import annotations

import ast
import configparser
import re

from checks.dependencies.model import RUNTIME, Manifest, Python, Requirement
from checks.dependencies.specifiers import requirement_of, specifier_of
from checks.errors import Unreadable
from checks.model import Problem, Span
from checks.semantics.source import Call, File

MAX_PROBLEMS = 10
SIZE_LIMIT = 1 << 20  # characters

_SECTION = re.compile(r"\[([^\]\n]+)\]")
_OPTION = re.compile(r"([^\s#;=:\[][^=:\n]*?)[ \t]*[=:]")
_DEVELOPMENT = frozenset({"setup_requires", "tests_require"})


def read_setup_cfg(path: str, text: str) -> tuple[Manifest, tuple[Problem, ...]]:
    """What `[options]` of a `setup.cfg` asks for. Unreadable where it is no configuration file."""
    if len(text) > SIZE_LIMIT:
        raise Unreadable(f"it has {len(text):,} characters, and the limit is {SIZE_LIMIT:,}")
    parser = configparser.ConfigParser(strict=False, interpolation=None, default_section="\0")
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Unreadable(f"it is no configuration file: {' '.join(str(error).split())[:160]}") from None
    requirements: list[Requirement] = []
    problems: list[Problem] = []
    python: Python | None = None
    for line, section, option, value in _values(text):
        group = _group(section, option)
        try:
            if (section, option) == ("options", "python_requires"):
                python = Python(value, specifier_of(value), line)
            elif group is not None and not value.startswith(("file:", "attr:", "%")):
                requirements.append(requirement_of(value, path, line, group=group))
        except Unreadable as error:
            if len(problems) < MAX_PROBLEMS:
                problems.append(Problem(path, "syntax", str(error), line.line))
    declares = parser.has_option("metadata", "name")
    manifest = Manifest(
        path, "setup-cfg", requirements=tuple(requirements), python=python, package=declares or None
    )
    return manifest, tuple(problems)


def _group(section: str, option: str) -> str | None:
    """The group of an option's requirements, `None` for one that holds none."""
    if section == "options.extras_require":
        return f"extra:{option}"
    if section != "options":
        return None
    if option in _DEVELOPMENT:
        return "dev"
    return RUNTIME if option == "install_requires" else None


def _values(text: str) -> list[tuple[Span, str, str, str]]:
    """Each line of a value with its section and option, as `configparser` takes them apart."""
    found: list[tuple[Span, str, str, str]] = []
    section = option = ""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        start = len(line) - len(line.lstrip())
        if not start:
            header = _SECTION.match(line)
            if header is not None:
                section, option = header[1].strip(), ""
                continue
            key = _OPTION.match(line)
            option = key[1].strip().lower().replace("-", "_") if key else ""
            start = key.end() if key else 0
            bare = line[start:].strip()
            start += len(line[start:]) - len(line[start:].lstrip())
        if option and bare:
            found.append((Span(number, start + 1, number, start + 1 + len(bare)), section, option, bare))
    return found


def manifest_of_setup(call: Call, file: File) -> Manifest:
    """What a call of `setuptools.setup` asks for, as far as it is written in constants."""
    listed: list[tuple[ast.expr, str]] = [
        *((item, RUNTIME) for item in _items(call.argument(None, "install_requires"), file)),
        *((item, "dev") for item in _items(call.argument(None, "tests_require"), file)),
    ]
    extras = call.argument(None, "extras_require")
    for key, value in zip(extras.keys, extras.values, strict=True) if isinstance(extras, ast.Dict) else ():
        name = file.constant(key)
        listed += [(item, f"extra:{name.value if name else ''}") for item in _items(value, file)]
    requirements = []
    for node, group in listed:
        constant = file.constant(node)
        if constant is not None and isinstance(constant.value, str):
            try:
                requirements.append(requirement_of(constant.value, file.path, file.span(node), group=group))
            except Unreadable:
                continue  # code may build what only looks like a requirement here
    return Manifest(
        file.path, "setup-py", tuple(requirements), python=_python_requires(call, file), package=True
    )


def _python_requires(call: Call, file: File) -> Python | None:
    node = call.argument(None, "python_requires")
    constant = file.constant(node)
    if node is None or constant is None or not isinstance(constant.value, str):
        return None
    try:
        return Python(constant.value, specifier_of(constant.value), file.span(node))
    except Unreadable:
        return None


def _items(node: ast.expr | None, file: File) -> list[ast.expr]:
    """The items of a list, written there or in a name that is given once at the top of the file."""
    if isinstance(node, ast.Name):
        given = [
            statement.value
            for statement in file.tree.body
            if isinstance(statement, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == node.id for target in statement.targets)
        ]
        node = given[0] if len(given) == 1 else None
    return list(node.elts) if isinstance(node, ast.List | ast.Tuple) else []
