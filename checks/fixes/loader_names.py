"""Names of SQLAlchemy's loaders and of models as a file knows them, and the imports that make it know more."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence

from checks.fixes.eager_loads import with_insertions
from checks.fixes.edit import insert_line, replace
from checks.frameworks.sqlalchemy.models import SqlModel, sql_model_of
from checks.model import Edit
from checks.semantics.definitions import definition
from checks.semantics.names import ancestors
from checks.semantics.source import File

_ORM = "sqlalchemy.orm"
_BEGINNINGS = frozenset({"get", "query", "select"})


class Names:
    """What a file calls loaders and models, and the imports that it lacks."""

    def __init__(self, file: File, node: ast.expr, model: SqlModel) -> None:
        self._file = file
        self._node = node
        self._own = _named_in(file, node, model)
        self._model = model
        self._lacking: dict[ast.ImportFrom | None, list[str]] = {}

    def loader(self, name: str) -> str:
        """A loader's name, imported where the file does not know it."""
        found = self._bound(lambda target: target == f"{_ORM}.{name}")
        if found:
            return found
        module = self._bound(lambda target: target == _ORM)
        if module:
            return f"{module}.{name}"
        self._lack(next(self._statements(_ORM), None), name)
        return name

    def model(self, model: SqlModel) -> str:
        """A model's name, imported beside its neighbours where the file does not know it; empty where it can't be."""
        if model.name == self._model.name and self._own:
            return self._own
        found = self._bound(lambda target: self._is(target, model), model.short)
        if found:
            return found
        module = self._bound(lambda target: self._is(f"{target}.{model.short}", model))
        if module:
            return f"{module}.{model.short}"
        if self._file.names.binding(model.short, self._node) is not None:
            return model.short if self._defines(model) else ""
        if model.name == self._model.name:
            return ""  # the query is made elsewhere, and may be one of any model
        for statement in self._statements(""):
            source = self._file.names.imported_module(statement)
            if self._is(f"{source}.{model.short}", model):
                self._lack(statement, model.short)
                return model.short
        return ""

    def edits(self) -> Iterator[Edit]:
        """The imports that are lacking."""
        for statement, names in self._lacking.items():
            if statement is None:
                yield _import(self._file, f"from {_ORM} import {', '.join(sorted(names))}\n")
            else:
                text = with_names(self._file, statement, names)
                yield replace(self._file, self._file.span(statement), text)

    def _lack(self, statement: ast.ImportFrom | None, name: str) -> None:
        names = self._lacking.setdefault(statement, [])
        if name not in names:
            names.append(name)

    def _bound(self, is_meant: Callable[[str], bool], name: str = "") -> str:
        bindings = self._file.names.bindings(self._file.tree)
        for local in (name,) if name in bindings else tuple(bindings):
            binding = bindings[local]
            if binding.kind == "import" and is_meant(binding.target) and self._runs(local):
                return local
        return ""

    def _defines(self, model: SqlModel) -> bool:
        """Whether the name means the model here: it is defined in this file, or imported in the function."""
        binding = self._file.names.binding(model.short, self._node)
        if binding is None:
            return False
        if binding.kind == "definition":
            return f"{self._file.module}.{model.short}" == model.name
        return binding.kind == "import" and self._is(binding.target, model) and self._runs(model.short)

    def _is(self, dotted: str, model: SqlModel) -> bool:
        if dotted.rpartition(".")[2] != model.short:
            return False
        found = definition(dotted, self._file)
        return found is not None and f"{found[1].module}.{model.short}" == model.name

    def _runs(self, local: str) -> bool:
        """Whether a name is imported when the file runs, not for type checkers alone."""
        for node in self._file.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom) and any(
                (alias.asname or alias.name.partition(".")[0]) == local for alias in node.names
            ):
                tests = [one.test for one in ancestors(node) if isinstance(one, ast.If)]
                if not any("TYPE_CHECKING" in ast.unparse(test) for test in tests):
                    return True
        return False

    def _statements(self, module: str) -> Iterator[ast.ImportFrom]:
        """The imports at the top of the file from a module, or from any."""
        for node in self._file.tree.body:
            if isinstance(node, ast.ImportFrom) and node.names[0].name != "*":
                if not module or (node.module == module and not node.level):
                    yield node


def _named_in(file: File, node: ast.expr, model: SqlModel) -> str:
    """How the query itself names its model: of `Order.query` and `select(Order)` what stands for `Order`."""
    current: ast.AST | None = node
    while current is not None:
        if isinstance(current, ast.Call):
            named = (
                current.func.attr
                if isinstance(current.func, ast.Attribute)
                else getattr(current.func, "id", "")
            )
            for given in current.args if named in _BEGINNINGS or named.endswith("_or_404") else ():
                if _stands_for(file, given, model):
                    return file.segment(given)
            current = current.func
        elif isinstance(current, ast.Attribute):
            if current.attr == "query" and _stands_for(file, current.value, model):
                return file.segment(current.value)
            current = current.value
        else:
            return ""
    return ""


def _stands_for(file: File, node: ast.expr, model: SqlModel) -> bool:
    name = file.resolve(node) or ""
    found = definition(name, file) if "." in name else None
    if found is not None and f"{found[1].module}.{name.rpartition('.')[2]}" == model.name:
        return True
    if isinstance(node, ast.Name) and node.id == "cls":
        owner = next((above for above in ancestors(node) if isinstance(above, ast.ClassDef)), None)
        own = sql_model_of(owner, file) if owner is not None else None
        return own is not None and own.name == model.name
    return False


def with_names(file: File, statement: ast.ImportFrom, names: Sequence[str]) -> str:
    """A `from` import of more names: in their order where the others are, each on a line where the others are."""
    given = [alias.name for alias in statement.names]
    is_sorted = given == sorted(given)
    aliases = statement.names
    apart = len(aliases) > 1 and len({alias.lineno for alias in aliases}) == len(aliases)
    apart = apart or aliases[0].lineno > statement.lineno
    line = file.lines[aliases[-1].lineno - 1]
    indent = line[: len(line) - len(line.lstrip())]
    comma = f",\n{indent}" if apart else ", "
    insertions = []
    for name in sorted(names):
        before = [alias for alias in aliases if alias.name < name] if is_sorted else aliases
        if before:
            last = before[-1]
            insertions.append((last.end_lineno or 0, last.end_col_offset or 0, f"{comma}{name}"))
        else:
            insertions.append((aliases[0].lineno, aliases[0].col_offset, f"{name}{comma}"))
    return with_insertions(file, statement, insertions)


def _import(file: File, text: str) -> Edit:
    """An import behind the last one of a library that comes before it in the alphabet, or before all others."""
    best: ast.Import | ast.ImportFrom | None = None
    first: int | None = None
    for statement in file.tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        module = _module(statement)
        if module == "__future__":
            continue
        first = first or statement.lineno
        if module < _ORM and file.project.module(module.partition(".")[0], file.path) is None:
            best = statement
    if best is None:
        return insert_line(file, first or 1, f"{text}\n")
    apart = _module(best).partition(".")[0] in sys.stdlib_module_names
    return insert_line(file, (best.end_lineno or best.lineno) + 1, f"\n{text}" if apart else text)


def _module(statement: ast.Import | ast.ImportFrom) -> str:
    """What an import reads; one relative to the package comes behind all others."""
    if isinstance(statement, ast.ImportFrom):
        return "~" if statement.level else statement.module or ""
    return statement.names[0].name
