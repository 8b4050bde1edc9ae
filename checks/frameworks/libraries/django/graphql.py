"""GraphQL in Django: what the base classes of types do with rows, and the optimizers that load along what is asked.

From graphene-django's documentation: "Authorization" (`get_queryset`); from that of graphene-django-optimizer: "Usage";
from that of graphene-django-query-optimizer: "Usage"; from that of strawberry-graphql-django: "Query optimizer".
"""

from __future__ import annotations

from checks.frameworks.graphql.resolving import handed_back, optimized
from checks.frameworks.libraries.tables import each
from checks.semantics.library import Entry, Library

_TYPE = "graphene_django.DjangoObjectType"

library = Library(
    "django.graphql",
    entries={
        **each(
            "graphene_django_optimizer.query query_optimizer.optimize strawberry_django.optimizer.optimize",
            Entry(passes=(0,), does=optimized),
        ),
        f"{_TYPE}.get_queryset": Entry(passes=(0,), does=handed_back),
    },
    bases={
        "graphene_django_optimizer.OptimizedDjangoObjectType": (_TYPE,),
        "query_optimizer.DjangoObjectType": (_TYPE,),
    },
    aliases={
        "graphene_django.types.": "graphene_django.",
        "graphene_django_optimizer.query.query": "graphene_django_optimizer.query",
        "query_optimizer.compiler.": "query_optimizer.",
        "query_optimizer.types.": "query_optimizer.",
    },
)
