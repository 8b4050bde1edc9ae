"""Lists of all rows of a table, without pages.

## What it does

Reports answers that hold every row of a table: list endpoints of Django REST framework without pagination, JSON made of
a whole table in a view of Django or Flask, a `ListView` without `paginate_by`, and pages whose template goes through a
whole table.

## Why it matters

The list is short while the site is new. Each row that is added makes it slower, for everybody who asks for it: all
rows are read, made into objects, written out and sent, until the request runs into a timeout or the process out of
memory. To introduce pages later breaks every client that has come to rely on getting all.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    total = models.IntegerField()
    placed = models.DateTimeField(auto_now_add=True)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def orders(request):
    return JsonResponse({"orders": list(Order.objects.values())})
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    total = models.IntegerField()
    placed = models.DateTimeField(auto_now_add=True)
```

```python title="shop/views.py"
from django.core.paginator import Paginator
from django.http import JsonResponse

from shop.models import Order


def orders(request):
    pages = Paginator(Order.objects.order_by("pk").values(), 50)
    return JsonResponse({"orders": list(pages.get_page(request.GET.get("page")))})
```

## Limits

How many rows a table has nobody can tell from the code: where a model notes no dates and no users, it is only
possible. Those whose names say that there are few (`Country`, `Setting`) are left alone, and so is whatever narrows the
rows: a condition, the owner, an object of the address. Exports, feeds, sitemaps and the admin are meant to give
everything. A project without settings of its own may be given its pagination by those who install it: then nothing is
said of its endpoints.

## References

- [Django: pagination](https://docs.djangoproject.com/en/stable/topics/pagination/)
- [Django REST framework: pagination](https://www.django-rest-framework.org/api-guide/pagination/)
- [Flask-SQLAlchemy: paging query results](https://flask-sqlalchemy.readthedocs.io/en/stable/pagination/)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.edit import insert_line
from checks.frameworks.answers import is_answered
from checks.frameworks.list_views import list_view
from checks.frameworks.lookups import Place
from checks.frameworks.request_paths import answers
from checks.frameworks.whole_tables import is_growing, is_small, is_wanted_whole, is_whole, paginates
from checks.model import Confidence, Fix, Severity
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Asking, File, Finding, Function, Query, Rule, View
from checks.semantics.enclosing import function_around
from checks.semantics.interpret.targets import Class
from checks.semantics.names import qualified_name
from checks.semantics.repeated import name_of
from checks.semantics.rows import Origin

rule = Rule(
    __name__,
    checklist="performance.pagination",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{view}` gives every `{model}` there is: nothing cuts the list into pages",
    advice="Give the rows page by page",
)

_HOWS = frozenset({"all", "dict", "iterate", "list"})
_MARKUP = (".html", ".htm", ".jinja", ".jinja2", ".j2")


@rule.on_asking()
def check_function(asking: Asking, file: File) -> Iterator[Finding]:
    """What a view, or a method of one, reads of a whole table and shows."""
    node = asking.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or not answers(node, file):
        return
    if is_wanted_whole(node) or paginates(node):
        return
    seen: set[ast.AST] = set()
    for asked in asking.queries:
        rows = asked.rows
        if asked.kind != "rows" or asked.how not in _HOWS or rows is None or not is_whole(rows):
            continue
        root = rows.root
        if isinstance(root, Origin) and root.file is file and function_around(root.node) is node:
            severity = _shown(asked, node, file) if root.node not in seen else None
            if severity is not None:
                seen.add(root.node)
                grows = isinstance(rows.type, Class) and is_growing(rows.type.node, rows.type.file)
                confidence = LIKELY if grows else POSSIBLE
                yield _finding(
                    root.node, qualified_name(node), file, name_of(rows.type), severity, confidence
                )


@rule.on_view()
def check_class(view: View, file: File) -> Iterator[Finding]:
    """List views of Django and Django REST framework, by their bases and options."""
    found = list_view(view)
    if found is None or found.pages not in ("no", "off") or not found.model or is_small(found.model):
        return
    if not is_wanted_whole(view.node):
        severity, confidence = (
            MEDIUM if found.rest else LOW,
            LIKELY if found.pages == "no" and found.grows else POSSIBLE,
        )
        fix = _fix(found.statement, view, file) if not found.rest else None
        yield _finding(view.node, view.name, file, found.model, severity, confidence, fix)


def _shown(asked: Query, node: Function, file: File) -> Severity | None:
    """How bad it is where it is shown: in JSON, or in a page; `None` where it goes nowhere that can be seen."""
    if not isinstance(asked.file, File):
        return LOW if asked.file.path.endswith(_MARKUP) else None
    here = asked.file is file and not asked.hops
    if here and isinstance(asked.node, Place):
        return MEDIUM  # a serializer that is given many rows
    root = asked.rows.root if asked.rows is not None else None
    at = asked.node if here or not isinstance(root, Origin) else root.node
    return MEDIUM if is_answered(at, node, file) else None


def _fix(statement: ast.stmt, view: View, file: File) -> Fix | None:
    """`paginate_by` behind the statement that says what is listed."""
    if statement not in view.node.body:
        return None
    line = (statement.end_lineno or statement.lineno) + 1
    edit = insert_line(file, line, f"{' ' * statement.col_offset}paginate_by = 50")
    return Fix("Show 50 rows on a page", safe=False, edits=(edit,))


def _finding(
    at: ast.AST,
    view: str,
    file: File,
    model: str,
    severity: Severity,
    confidence: Confidence,
    fix: Fix | None = None,
) -> Finding:
    return rule.finding(
        at,
        file,
        severity=severity,
        confidence=confidence,
        fix=fix,
        cause_hint="paginat|PAGE_SIZE|Paginator",
        view=view,
        model=model,
    )
