"""Page sizes that whoever asks may choose without a limit.

## What it does

Reports lists whose length the request decides and nothing limits: `Paginator(rows, request.GET["per_page"])`, a query
that is cut at a number of the request, SQLAlchemy's `limit`, Flask-SQLAlchemy's `paginate` without `max_per_page`, and
Django REST framework's pagination with `page_size_query_param` but no `max_page_size`, or with limit and offset but no
`max_limit`.

## Why it matters

Pagination keeps one request from reading a whole table. Who may choose the size of a page asks for a million rows, and
then all of them are read, made into objects and written out: memory and time of one worker, for one address that
anybody can type. Some clients do so in good faith, to spare themselves the second page.

## Example

```python title="shop/api.py"
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
```

## Use instead

```python title="shop/api.py"
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
```

## Limits

A number that is compared with anything but 0 and 1, or passed to `min`, in a function on its way counts as limited.
Where a query is cut, `rows[:size]`, the number is followed within its function alone. What a form has checked counts as
limited.

## References

- [Django REST framework: pagination](https://www.django-rest-framework.org/api-guide/pagination/)
- [Flask-SQLAlchemy: paginate](https://flask-sqlalchemy.readthedocs.io/en/stable/api/#flask_sqlalchemy.SQLAlchemy.paginate)
- [CWE-770: Allocation of Resources Without Limits or Throttling](https://cwe.mitre.org/data/definitions/770.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.bounded import is_bounded
from checks.frameworks.class_options import lineage_of
from checks.frameworks.request_data import reads_request
from checks.rule import CERTAIN, LIKELY, MEDIUM, Call, File, Finding, Flow, Rule, Setting
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="performance.pagination",
    cwe=770,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{what}` lets the request choose how many rows are read: nothing limits it",
    advice="Limit the size of a page, by `max_page_size`, `max_limit`, `max_per_page` or `min(size, 100)`",
)

_REST = "rest_framework.pagination."
_LIMITS = {
    "CursorPagination": ("max_page_size", "get_page_size"),
    "LimitOffsetPagination": ("max_limit", "get_limit"),
    "PageNumberPagination": ("max_page_size", "get_page_size"),
}
_QUERIES = frozenset(
    {"all", "exclude", "filter", "filter_by", "order_by", "get_queryset", "select_related", "values"}
)
_CHECKED = frozenset({".cleaned_data", ".validated_data", "form"})


@rule.on_flow("page-size")
def check_flow(flow: Flow, file: File) -> Iterator[Finding]:
    """A number of the request that a paginator or a query is given."""
    if flow.label != "request" or not _CHECKED.isdisjoint(flow.taken):
        return
    call = flow.call
    if isinstance(call, ast.Call) and any(given.arg == "max_per_page" for given in call.keywords):
        return
    if not is_bounded(flow.node, flow.trace, file):
        yield rule.flow(flow, what=flow.text)


@rule.on_node(ast.Subscript)
def check_slice(node: ast.Subscript, file: File) -> Iterator[Finding]:
    """A query that is cut at a number of the request."""
    upper = node.slice.upper if isinstance(node.slice, ast.Slice) else None
    if upper is None or not _is_query(node.value, file):
        return
    given = next((part for part in (upper, *_terms(upper)) if reads_request(part, file)), None)
    if given is not None and not is_bounded(upper, (), file):
        yield rule.finding(upper, file, what=file.segment(upper))


@rule.on_class()
def check_pagination(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """A pagination of Django REST framework that takes a size from the request."""
    lineage = lineage_of(node, file)
    kind = next((name for name, found, _ in lineage if found is None and name.startswith(_REST)), "")
    limit = _LIMITS.get(kind.removeprefix(_REST))
    if limit is None or _names(lineage) & set(limit):
        return
    if kind.endswith("LimitOffsetPagination"):
        yield rule.finding(node, file, confidence=CERTAIN, what=node.name, cause_hint=limit[0])
        return
    for item in node.body:
        if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "page_size_query_param":
            given = file.constant(item.value)
            if given is not None and given.value:
                yield rule.finding(item, file, confidence=CERTAIN, what=node.name, cause_hint=limit[0])


@rule.on_setting("REST_FRAMEWORK")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The pagination by limit and offset as it comes, for all views."""
    value = setting.value
    for key, given in zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ():
        named, chosen = file.constant(key), file.constant(given)
        if named is not None and named.value == "DEFAULT_PAGINATION_CLASS" and chosen is not None:
            if chosen.value == f"{_REST}LimitOffsetPagination":
                yield rule.finding(given, file, confidence=CERTAIN, what="LimitOffsetPagination")


@rule.on_node(ast.Assign)
def check_class(node: ast.Assign, file: File) -> Iterator[Finding]:
    """The same as `pagination_class` of a view."""
    if getattr(node.targets[0], "id", "") == "pagination_class":
        if file.resolve(node.value) == f"{_REST}LimitOffsetPagination":
            yield rule.finding(node.value, file, confidence=CERTAIN, what="LimitOffsetPagination")


@rule.on_call("*.paginate")
def check_flask(call: Call, file: File) -> Iterator[Finding]:
    """Flask-SQLAlchemy's `paginate`: what it is not given it takes from the request, `per_page` as well."""
    name = call.invocation.name if call.invocation is not None else call.name
    own = name.startswith(("flask_sqlalchemy.", "sqlalchemy.orm.Query."))
    names = {given.arg for given in call.node.keywords}
    positional = 2 if name.startswith("flask_sqlalchemy.SQLAlchemy") else 1
    if (
        own
        and not call.unpacks
        and names.isdisjoint({"per_page", "max_per_page"})
        and len(call.node.args) <= positional
    ):
        yield rule.finding(call.node, file, what=file.segment(call.node.func))


def _is_query(node: ast.expr, file: File) -> bool:
    """Whether an expression is a query of either framework, by what makes it."""
    found = file.names.value(node)
    while isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute):
        if found.func.attr in _QUERIES:
            return True
        found = found.func.value
    return isinstance(found, ast.Attribute) and found.attr in ("objects", "query")


def _terms(node: ast.expr) -> list[ast.expr]:
    """The terms of a sum, such as the end of a page: `start + size`."""
    found = node if isinstance(node, ast.BinOp) else None
    return [] if found is None else [found.left, found.right, *_terms(found.left)]


def _names(lineage: list[tuple[str, ast.ClassDef | None, File]]) -> set[str]:
    """The names that the classes of the project define in their bodies."""
    found: set[str] = set()
    for _, node, _ in lineage:
        for item in node.body if node is not None else ():
            found |= {
                inner.id
                for inner in descendants(item)
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
            }
            found.add(getattr(item, "name", ""))
    return found
