"""What a mapped class declares: `Column` and `relationship`, `Mapped[...]` and `mapped_column`, `declared_attr`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checks.semantics.definitions import definition
from checks.semantics.names import link_parents, parent
from checks.semantics.nodes import descendants
from checks.semantics.source import File

COLUMNS = frozenset({"Column", "Field", "mapped_column"})
RELATIONS = frozenset({"dynamic_loader", "relation", "relationship"})
_HINTS = {"DynamicMapped": "dynamic", "Mapped": "select", "WriteOnlyMapped": "write_only"}
_LAZY: Final[dict[str | bool | None, str]] = {
    **{
        name: name
        for name in (
            "dynamic", "immediate", "joined", "noload", "raise", "select", "selectin", "subquery", "write_only",
        )
    },
    "raise_on_sql": "raise",
    True: "select",
    False: "joined",
    None: "noload",
}  # fmt: skip
_MANY = frozenset({"Collection", "Dict", "List", "MutableSequence", "Sequence", "Set", "dict", "list", "set"})
_OPTIONAL = frozenset({"Optional", "Union"})
_HINT_LENGTH = 200

Declaration = tuple[str, ast.Call | None, ast.expr | None, ast.stmt]


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column: `kind` its type's last name (`String`); `foreign_key` as in `orders.id`, empty where it is none."""

    name: str
    kind: str
    line: int
    nullable: bool
    unique: bool
    index: bool
    primary_key: bool
    length: int | None
    foreign_key: str
    deferred: bool = False

    @property
    def indexed(self) -> bool:
        """Whether rows are found by this column without reading them all; a foreign key alone makes no index."""
        return self.unique or self.index or self.primary_key


@dataclass(frozen=True, slots=True)
class SqlRelation:
    """A relation to another model: `target` is the class's name as given, `lazy` how it is loaded.

    `other` is the attribute by which the other side leads back, given by `backref` or `back_populates`. `many` is None
    where nothing but the foreign keys tells. `made` says that `backref` makes the other side, loaded as `made_lazy`
    says and a collection where `made_many`, when it says so. `foreign` and `remote` are the columns that
    `foreign_keys` and `remote_side` name.
    """

    name: str
    target: str
    line: int
    lazy: str
    other: str
    many: bool | None
    secondary: bool = False
    made: bool = False
    made_lazy: str = "select"
    made_many: bool | None = None
    foreign: tuple[str, ...] = ()
    remote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SqlProxy:
    """`association_proxy("taggings", "tag")`: an attribute of what a relation leads to, read as one's own."""

    name: str
    relation: str
    attribute: str
    line: int


def declared(node: ast.ClassDef, file: File) -> Iterator[SqlColumn | SqlProxy | SqlRelation]:
    """The columns, relations and proxies that a class's own body declares."""
    for name, given, annotation, item in _attributes(node):
        hint, call = _read(annotation), given
        deferred = given is not None and _word(given, None, file) == "deferred" and bool(given.args)
        if deferred and given is not None:
            call = given.args[0] if isinstance(given.args[0], ast.Call) else None
        word = _word(call, hint, file)
        if word in COLUMNS:
            yield _column(name, call, hint, item, file, deferred=deferred)
        elif word in RELATIONS and call is not None:
            yield _relation(name, call, hint, item, file)
        elif word == "association_proxy" and call is not None:
            texts = [file.constant(one) for one in call.args[:2]]
            names = [str(one.value) for one in texts if one is not None and isinstance(one.value, str)]
            if len(names) == 2 and all(one.isidentifier() for one in names):
                yield SqlProxy(name, names[0], names[1], item.lineno)


def _attributes(node: ast.ClassDef) -> Iterator[Declaration]:
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.value, ast.Call):
            if isinstance(item.targets[0], ast.Name):
                yield item.targets[0].id, item.value, None, item
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            if item.value is None or isinstance(item.value, ast.Call):
                yield item.target.id, item.value, item.annotation, item
        elif isinstance(item, ast.FunctionDef) and any(_declares(one) for one in item.decorator_list):
            returned = [inner.value for inner in descendants(item) if isinstance(inner, ast.Return)]
            if len(returned) == 1 and isinstance(returned[0], ast.Call):
                yield item.name, returned[0], item.returns, item


def _declares(decorator: ast.expr) -> bool:
    """`@declared_attr`, `@declared_attr.directive`, `@db.declared_attr`."""
    names = [inner for inner in descendants(decorator) if isinstance(inner, ast.Attribute | ast.Name)]
    return any(last(inner) == "declared_attr" for inner in names)


def _read(hint: ast.expr | None) -> ast.expr | None:
    """A hint, read where it is given as text; a name alone stays a text."""
    if not isinstance(hint, ast.Constant) or not isinstance(hint.value, str):
        return hint
    if hint.value.replace(".", "_").isidentifier() or len(hint.value) > _HINT_LENGTH:
        return hint
    try:
        read = ast.parse(hint.value.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    link_parents(read)
    read._parent = parent(hint)  # type: ignore[attr-defined]
    return read


def _word(call: ast.Call | None, hint: ast.expr | None, file: File) -> str:
    """What an attribute is made by; `name: Mapped[str]` alone is a column, and `Mapped["Order"]` is none."""
    if call is not None:
        return (file.resolve(call.func) or last(call.func)).rpartition(".")[2]
    inner = _inner(hint)
    return "mapped_column" if inner is not None and not isinstance(inner, ast.Constant) else ""


def _column(
    name: str, call: ast.Call | None, hint: ast.expr | None, item: ast.stmt, file: File, *, deferred: bool
) -> SqlColumn:
    words = _words(call)
    kinds = [value for value in call.args if not isinstance(value, ast.Constant)] if call is not None else []
    foreign = next((value for value in kinds if last(value) == "ForeignKey"), None)
    kind = next((value for value in kinds if last(value) != "ForeignKey"), words.get("type_"))
    sized = kind.args[0] if isinstance(kind, ast.Call) and kind.args else words.get("max_length")
    length = file.constant(sized)
    inner = _inner(hint)
    nullable = file.constant(words.get("nullable"))
    primary = _is_true(words.get("primary_key"), file)
    optional = inner is None or _may_be_none(inner)
    return SqlColumn(
        name=name,
        kind=last(kind) if kind is not None else last(inner) if inner is not None else "",
        line=item.lineno,
        nullable=bool(nullable.value) if nullable is not None else optional and not primary,
        unique=_is_true(words.get("unique"), file),
        index=_is_true(words.get("index"), file),
        primary_key=primary,
        length=length.value if length is not None and isinstance(length.value, int) else None,
        foreign_key=_foreign_key(foreign, words.get("foreign_key"), file),
        deferred=deferred or _is_true(words.get("deferred"), file),
    )


def _foreign_key(call: ast.expr | None, given: ast.expr | None, file: File) -> str:
    target = call.args[0] if isinstance(call, ast.Call) and call.args else given
    folded = file.constant(target)
    if folded is not None:
        return str(folded.value)
    return (file.resolve(target) or "") if target is not None else ""


def _relation(name: str, call: ast.Call, hint: ast.expr | None, item: ast.stmt, file: File) -> SqlRelation:
    words = _words(call)
    inner = _read(_inner(hint))
    target = call.args[0] if call.args else words.get("argument")
    listed = (isinstance(inner, ast.Subscript) and last(inner.value) in _MANY) or "collection_class" in words
    folded_many = file.constant(words.get("uselist"))
    many = (
        listed
        if inner is not None or listed
        else bool(folded_many.value)
        if folded_many is not None
        else None
    )
    if target is None and inner is not None:
        target = _element(inner)
    default = (
        "dynamic" if _word(call, None, file) == "dynamic_loader" else _HINTS.get(_hint_name(hint), "select")
    )
    back = words.get("back_populates") or words.get("backref")
    made = _words(back) if isinstance(back, ast.Call) else {}
    if isinstance(back, ast.Call) and back.args:
        back = back.args[0]
    other = file.constant(back)
    made_many = file.constant(made.get("uselist"))
    return SqlRelation(
        name=name,
        target=_target(target, file),
        line=item.lineno,
        lazy=_lazy(words.get("lazy"), default, file),
        other=str(other.value) if other is not None else "",
        many=True if default in ("dynamic", "write_only") else many,
        secondary="secondary" in words or len(call.args) > 1,
        made="backref" in words,
        made_lazy=_lazy(made.get("lazy"), "select", file),
        made_many=bool(made_many.value) if made_many is not None else None,
        foreign=tuple(_columns(words.get("foreign_keys"), file)),
        remote=tuple(_columns(words.get("remote_side"), file)),
    )


def _words(call: ast.expr | None) -> dict[str, ast.expr]:
    if not isinstance(call, ast.Call):
        return {}
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}


def _lazy(given: ast.expr | None, default: str, file: File) -> str:
    folded = file.constant(given)
    if folded is None or not isinstance(folded.value, str | bool | None):
        return default
    return _LAZY.get(folded.value, "select")


def _columns(given: ast.expr | None, file: File) -> Iterator[str]:
    """The columns that an option names: `"Order.customer_id"`, `[customer_id]`, `lambda: Order.customer_id`."""
    if isinstance(given, ast.Lambda):
        given = given.body
    for one in given.elts if isinstance(given, ast.List | ast.Tuple | ast.Set) else [given]:
        folded = file.constant(one)
        if folded is not None and isinstance(folded.value, str):
            yield from (part.strip() for part in folded.value.strip("[]() ").split(","))
        elif isinstance(one, ast.Attribute):
            owner = (
                one.value.value
                if last(one.value) == "c" and isinstance(one.value, ast.Attribute)
                else one.value
            )
            yield f"{last(owner)}.{one.attr}"
        elif isinstance(one, ast.Name):
            yield one.id


def _target(node: ast.expr | None, file: File) -> str:
    """The class that a relation leads to: by its text, or by the dotted name of the project's class."""
    if node is None:
        return ""
    folded = file.constant(node)
    if folded is not None and isinstance(folded.value, str):
        return folded.value
    if isinstance(node, ast.Lambda):
        node = node.body
    if isinstance(node, ast.BinOp):
        node = node.left
    name = file.resolve(node) or last(node)
    found = definition(name, file)
    return f"{found[1].module}.{name.rpartition('.')[2]}" if found is not None else name


def _element(inner: ast.expr) -> ast.expr | None:
    """The class within a hint: of `list["Order"]`, `Optional["Order"]`, `"Order | None"`, `dict[str, "Order"]`."""
    for _ in range(3):
        read = _read(inner)
        if read is None:
            return None
        inner = read
        if isinstance(inner, ast.Subscript) and last(inner.value) in _MANY | _OPTIONAL:
            inner = (
                inner.slice.elts[-1]
                if isinstance(inner.slice, ast.Tuple) and inner.slice.elts
                else inner.slice
            )
        elif isinstance(inner, ast.BinOp):
            inner = (
                inner.right
                if isinstance(inner.left, ast.Constant) and inner.left.value is None
                else inner.left
            )
    return inner


def _inner(hint: ast.expr | None) -> ast.expr | None:
    """What stands in `Mapped[...]`, `None` for other hints."""
    return hint.slice if isinstance(hint, ast.Subscript) and _hint_name(hint) else None


def _hint_name(hint: ast.expr | None) -> str:
    name = last(hint.value) if isinstance(hint, ast.Subscript) else ""
    return name if name in _HINTS else ""


def _may_be_none(hint: ast.expr) -> bool:
    if isinstance(hint, ast.BinOp):
        return any(isinstance(side, ast.Constant) and side.value is None for side in (hint.left, hint.right))
    return isinstance(hint, ast.Subscript) and last(hint.value) == "Optional"


def _is_true(node: ast.expr | None, file: File) -> bool:
    folded = file.constant(node)
    return folded is not None and folded.value is True


def last(node: ast.expr) -> str:
    """The last part of a name, of a call that of what is called, of `Optional[str]` the inner one."""
    if isinstance(node, ast.Call):
        return last(node.func)
    if isinstance(node, ast.Subscript):
        return last(node.slice if last(node.value) == "Optional" else node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
