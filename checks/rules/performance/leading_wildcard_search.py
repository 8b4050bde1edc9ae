"""Searches for a word within texts that no index can answer.

## What it does

Reports conditions such as `title__icontains`, `__endswith` and `__regex`, and `ilike("%word%")` of SQLAlchemy, on words
of the request, where nothing but they narrow the query and no trigram or full-text index is made for the field.

## Why it matters

An index is sorted by how texts begin, as a telephone book is. Who looks for a word in the middle has to read every
row, with every search, and several such conditions joined by `or` read it for each. It is the request that visitors,
and robots, send most readily.

## Example

```python title="shop/models.py"
from django.db import models


class Product(models.Model):
    title = models.CharField(max_length=80)
    added = models.DateTimeField(auto_now_add=True)
```

```python title="shop/views.py"
from django.shortcuts import render

from shop.models import Product


def search(request):
    found = Product.objects.filter(title__icontains=request.GET["q"])[:20]
    return render(request, "search.html", {"found": found})
```

## Use instead

```python title="shop/models.py"
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Product(models.Model):
    title = models.CharField(max_length=80)
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="title_trigrams")]
```

```python title="shop/views.py"
from django.shortcuts import render

from shop.models import Product


def search(request):
    found = Product.objects.filter(title__icontains=request.GET["q"])[:20]
    return render(request, "search.html", {"found": found})
```

## Limits

How many rows a table has, and how many people search it, nobody can tell from the code: it is only possible. A
search counts where its word is seen to be the request's; what a helper is given is not followed.
What another condition finds by an index is left alone, and so are queries that other statements narrow and the
`search_fields` of the admin. An index that only a migration makes, by SQL, counts where it names the field.

## References

- [Django: trigram lookups and indexes](https://docs.djangoproject.com/en/stable/ref/contrib/postgres/lookups/#trigram-similarity)
- [Django: full text search](https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/)
- [PostgreSQL: pg_trgm, index support](https://www.postgresql.org/docs/current/pgtrgm.html#PGTRGM-INDEX)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.request_paths import is_served
from checks.frameworks.searches import Search, searches_of, sql_search
from checks.frameworks.whole_tables import is_small
from checks.rule import LOW, POSSIBLE, Asking, Call, File, Finding, Rule
from checks.semantics.enclosing import function_around

rule = Rule(
    __name__,
    checklist="performance.indexes",
    severity=LOW,
    confidence=POSSIBLE,
    message="`{how}` looks within every `{model}`: no index can answer it, so all rows are read",
    advice="Make a trigram or full-text index for the field, or search by how it begins",
)


@rule.on_call("*.filter")
def check_django(call: Call, file: File) -> Iterator[Finding]:
    """The first of the conditions of a query that look within texts, those in `Q` objects too."""
    found = next((one for one in searches_of(call, file) if not is_small(one.model)), None)
    if found is not None:
        yield from _reported(found, call, file)


@rule.on_call("*.contains", "*.icontains", "*.ilike", "*.like", "*.endswith")
def check_sqlalchemy(call: Call, file: File) -> Iterator[Finding]:
    """A comparison of a column with a pattern that begins with anything."""
    found = sql_search(call, file)
    if found is not None and not is_small(found.model):
        yield from _reported(found, call, file)


@rule.on_asking()
def check_nothing(_asking: Asking, _file: File) -> Iterator[Finding]:
    """Values are followed where some hook asks for it."""
    yield from ()


def _reported(found: Search, call: Call, file: File) -> Iterator[Finding]:
    around = function_around(call.node)
    if around is not None and is_served(around, file):
        if found.from_request:
            yield rule.finding(found.node, file, how=found.how, model=found.model)
