"""Conditions that look for a word within texts, in the shape of either library."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.asked_columns import django_condition, is_by_tree
from checks.frameworks.django.indexes import indexes_of
from checks.frameworks.django.lookups import BY_PART, Asked, Owner, asked_by, is_key, owner_of
from checks.frameworks.request_data import reads_request
from checks.frameworks.sqlalchemy.indexes import sql_finds, sql_indexes
from checks.frameworks.sqlalchemy.models import sql_model_of
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called
from checks.semantics.interpret.targets import Class
from checks.semantics.names import ancestors, parent
from checks.semantics.nodes import descendants
from checks.semantics.rows import Rows
from checks.semantics.source import Call, File

_Q = frozenset({"django.db.models.Q", "django.db.models.query_utils.Q"})
_TEXTS = ("CharField", "EmailField", "SlugField", "TextField", "URLField")
_SQL_TEXTS = frozenset({"String", "Text", "Unicode", "UnicodeText", "str"})
_NARROWING = frozenset({"exclude", "filter", "filter_by", "slice", "where"})
_ALWAYS = frozenset({"contains", "endswith", "icontains"})
_CHECKED = frozenset({"cleaned_data", "validated_data"})


@dataclass(frozen=True, slots=True)
class Search:
    """A condition that looks within texts: `how` as it is written, at `node`, among the rows of `model`.

    `from_request` says that the word is the request's, as far as its function tells.
    """

    node: ast.AST
    how: str
    model: str
    from_request: bool


def searches_of(call: Call, file: File) -> list[Search]:
    """What a `filter` of Django looks for within texts; nothing where another condition finds the rows by an index."""
    receiver = call.invocation.receiver if call.invocation is not None else None
    rows = receiver.record if receiver is not None else None
    if not isinstance(rows, Rows) or rows.parent is not None or rows.library != "django":
        return []
    owner = owner_of(rows.type.node, rows.type.file) if isinstance(rows.type, Class) else None
    if owner is None or rows.applied & _NARROWING:
        return []
    if _is_narrowed_by(call.node, owner, file):
        return []
    return [
        one for keyword in _lookups(call.node, file) if (one := _search(keyword, owner, file)) is not None
    ]


def _is_narrowed_by(call: ast.Call, owner: Owner, file: File) -> bool:
    """Whether a condition that must hold beside the search finds the rows by an index, or can't be read."""
    needed = list(call.keywords)
    terms = [file.names.value(given) for given in call.args]
    for term in terms:
        if isinstance(term, ast.BinOp) and isinstance(term.op, ast.BitAnd):
            terms += [term.left, term.right]
        elif isinstance(term, ast.Call) and file.resolve(term.func) in _Q:
            needed += term.keywords
            terms += term.args
    return any(keyword.arg is None or _narrows(keyword.arg, keyword, owner) for keyword in needed)


def _narrows(text: str, node: ast.AST, owner: Owner) -> bool:
    found = django_condition(text, node, ast.Constant(None), owner)
    if found is None:
        return is_key(text, owner)
    return found.indexed and is_by_tree(found) and not found.few


def _lookups(call: ast.Call, file: File) -> Iterator[ast.keyword]:
    """The conditions of a call, and of the `Q` objects among its arguments, also where a name stands for them."""
    yield from call.keywords
    for given in call.args:
        for inner in descendants(file.names.value(given)):
            if isinstance(inner, ast.Call) and file.resolve(inner.func) in _Q:
                yield from inner.keywords


def _search(keyword: ast.keyword, owner: Owner, file: File) -> Search | None:
    asked = asked_by(keyword.arg or "", owner)
    if (
        asked is None
        or asked.lookup not in BY_PART
        or asked.column.kind not in _TEXTS
        or asked.column.choices
    ):
        return None
    if file.constant(keyword.value) is not None or _is_searchable(asked):
        return None
    return Search(keyword, keyword.arg or "", asked.owner.node.name, _is_from_request(keyword.value, file))


def _is_searchable(asked: Asked) -> bool:
    """Whether an index for texts within texts is made for a column, by `Meta` or by a migration in SQL."""
    owner = asked.owner
    if any(
        index.finds_parts and asked.column.name in index.names for index in indexes_of(owner.node, owner.file)
    ):
        return True
    made = owner.file.project.mentioning(
        ("gin_trgm_ops", "gist_trgm_ops", "TrigramExtension"), "/migrations/*.py"
    )
    return not set(made).isdisjoint(
        owner.file.project.mentioning((asked.column.name,), "/migrations/*.py") if made else ()
    )


def _is_from_request(value: ast.expr, file: File) -> bool:
    followed = file.names.value(value)
    if any(getattr(inner, "attr", "") in _CHECKED for inner in descendants(followed)):
        return True
    return any(
        isinstance(inner, ast.expr) and reads_request(inner, file)
        for inner in (value, *descendants(followed))
    )


def sql_search(call: Call, file: File) -> Search | None:
    """A comparison of SQLAlchemy's with a pattern that begins with anything: `Order.title.ilike(f"%{word}%")`."""
    column = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
    pattern = call.argument(0)
    name = file.resolve(column.value) if isinstance(column, ast.Attribute) else None
    found = definition(name, file) if name is not None else None
    if found is None or not isinstance(found[0], ast.ClassDef) or not isinstance(column, ast.Attribute):
        return None
    model = sql_model_of(found[0], found[1])
    known = model.columns.get(column.attr) if model is not None else None
    if model is None or known is None or known.kind not in _SQL_TEXTS or pattern is None:
        return None
    begins = called(call.node) in _ALWAYS or _begins_with_anything(file.names.value(pattern), file)
    if (
        not begins
        or _is_second(call.node)
        or file.constant(pattern) is not None
        or column.attr in sql_indexes(found[0], found[1])
        or _is_made_searchable(column.attr, model.table, file)
    ):
        return None
    if _is_narrowed(call.node, file):
        return None
    how = f"{column.attr}.{called(call.node)}"
    return Search(call.node, how, found[0].name, _is_from_request(pattern, file))


def _is_made_searchable(name: str, table: str, file: File) -> bool:
    """Whether a migration of Alembic's makes an index for texts within texts, and names the table and the column."""
    for path in file.project.mentioning(("gin_trgm_ops", "gist_trgm_ops"), "/versions/*.py"):
        home = file.project.file(path)
        named = re.findall(r"\w+", home.text) if home is not None else ()
        if name in named and table in named:
            return True
    return False


def _is_second(node: ast.Call) -> bool:
    """Whether a comparison of the same kind stands before one in the same `or_`: of a search one is told."""
    above = parent(node)
    before = (
        above.args[: above.args.index(node)] if isinstance(above, ast.Call) and node in above.args else []
    )
    return any(isinstance(one, ast.Call) and called(one) == called(node) for one in before)


def _begins_with_anything(pattern: ast.AST, file: File) -> bool:
    """Whether a pattern's first character is `%`, in a text, an f-string, a sum or a format."""
    while True:
        if isinstance(pattern, ast.JoinedStr):
            pattern = pattern.values[0] if pattern.values else ast.Constant("")
        elif isinstance(pattern, ast.BinOp):
            pattern = pattern.left
        elif isinstance(pattern, ast.Call) and isinstance(pattern.func, ast.Attribute):
            pattern = pattern.func.value
        else:
            folded = file.constant(pattern)
            return folded is not None and str(folded.value).startswith("%")


def _is_narrowed(node: ast.Call, file: File) -> bool:
    """Whether a condition beside it in the same query finds the rows by an index, or is not to be read."""
    query = next(
        (one for one in ancestors(node) if isinstance(one, ast.Call) and called(one) in _NARROWING), None
    )
    if query is None:
        return False
    for inner in descendants(query):
        if isinstance(inner, ast.keyword) and called(query) == "filter_by":
            return True
        if (
            isinstance(inner, ast.Compare)
            and isinstance(inner.ops[0], ast.Eq)
            and isinstance(inner.left, ast.Attribute)
        ):
            name = file.resolve(inner.left.value)
            found = definition(name, file) if name is not None else None
            if found is not None and isinstance(found[0], ast.ClassDef):
                model = sql_model_of(found[0], found[1])
                if model is not None and sql_finds(inner.left.attr, model, found[0], found[1]):
                    return True
    return False
