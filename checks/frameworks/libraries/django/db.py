"""Django's database layer: querysets, managers, models, raw SQL, cursors, migrations.

From Django's documentation: "QuerySet API reference", "Performing raw SQL queries", "Query Expressions",
"Making queries", "Migration Operations", "Schema editor", "Database transactions". Rows that come back are
the database's, not the client's: no method passes anything on.
"""

from __future__ import annotations

from checks.frameworks.django.loading import prefetch, prefetch_objects
from checks.frameworks.django.managers import MANAGER, QUERYSET
from checks.frameworks.django.model_classes import get_model
from checks.frameworks.django.query_makers import queryset_of, scoped_manager
from checks.frameworks.django.querysets import described, of_instance, unknown_method
from checks.frameworks.libraries.conditions import is_built
from checks.frameworks.libraries.tables import (
    ITSELF,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    each,
    of,
    own,
    sinks,
)
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, Sink, any_receiver, escapes, gives, passes, sink
from checks.semantics.taints import MAX_TAINTS
from checks.semantics.values import UNKNOWN, Value, all_taints

CONNECTION = "django.db.backends.base.base.BaseDatabaseWrapper"
CURSOR = "django.db.backends.utils.CursorWrapper"

_FIELDS = Entry(sinks=(Sink("model", "*"),))
BY_KEY = tuple(Sink("object-key", keyword) for keyword in ("pk", "id", "uuid"))
"""The arguments of a lookup that name one row."""

_EXTRA = tuple(Sink("sql", place) for place in ((0, "select"), (1, "where"), (3, "tables"), (4, "order_by")))
_QUERYSET = {
    **each(
        "all alias annotate complex_filter dates datetimes defer difference distinct exclude"
        " intersection none"
        " only order_by prefetch_related reverse select_for_update select_related union using values"
        " values_list",
        ITSELF,
    ),
    **each("iterator aiterator", ITSELF),
    "filter": Entry(returns="self", sinks=BY_KEY),
    **each("get aget", Entry(sinks=BY_KEY)),
    **each("aggregate aaggregate explain aexplain in_bulk ain_bulk", NOTHING),
    **each(
        "first afirst last alast earliest aearliest latest alatest __getitem__ __iter__ db query model",
        NOTHING,
    ),
    **each("count acount", NUMBER),
    **each("delete adelete as_manager", NOTHING),
    **each("contains acontains exists aexists", TRUTH),
    **each("create acreate update aupdate", _FIELDS),
    **each("get_or_create aget_or_create update_or_create aupdate_or_create", _FIELDS),
    **each("bulk_create abulk_create bulk_update abulk_update", Entry(sinks=(Sink("model", (0, "objs")),))),
    "raw": sink("sql", (0, "raw_query")),
    "extra": Entry(returns="self", sinks=_EXTRA),
    "as_manager": gives(MANAGER),
}
_RELATED = (
    "annotate distinct exclude filter filter_by get_or_create order_by prefetch_related select_related"
    " update_or_create values values_list"
)
"""Methods that only queries have, on managers and queries of which nobody knows the type (`order.items`)."""


def _row(call: Invocation) -> Value | None:
    """`items.get(slug=...)` of a related manager gives a row: a dict has no keywords. Others may be dicts."""
    if call.keywords and not call.positional and "default" not in call.keywords:
        return UNKNOWN
    given = [value for place in (-1, 1) for value in call.arguments(place)]
    taints = tuple(taint.changed(sure=False) for value in given for taint in all_taints(value))
    return Value(taints=taints[:MAX_TAINTS]) if taints else UNKNOWN


_MODEL = {
    **{
        name: Entry(does=of_instance(name.removeprefix("a")))
        for name in ("save", "asave", "delete", "adelete", "refresh_from_db", "arefresh_from_db")
    },
    **each("full_clean clean clean_fields", NOTHING),
    **each("validate_constraints validate_unique", NOTHING),
    **each("pk id _state _meta", NOTHING),
    "objects": gives(MANAGER),
    "_default_manager": gives(MANAGER),
    "_base_manager": gives(MANAGER),
    "from_db": NOTHING,
    **each("get_absolute_url serializable_value", TEXT),
}
_EXECUTE = sink("sql", (0, "sql"))
_CONNECTION = {
    "cursor": gives(CURSOR),
    **each(
        "close connect ensure_connection commit rollback on_commit set_autocommit savepoint"
        " validate_no_atomic_block",
        NOTHING,
    ),
    **each("vendor alias display_name", TEXT),
    **each("is_usable in_atomic_block", TRUTH),
    **each("features introspection queries settings_dict", NOTHING),
    "ops": gives("django.db.backends.base.operations.BaseDatabaseOperations"),
    "schema_editor": gives("django.db.backends.base.schema.BaseDatabaseSchemaEditor"),
    "execute_wrapper": NOTHING,
}
_FUNCTIONS = {
    **each("Avg Count Max Min StdDev Sum Variance", NOTHING),
    **each("Exists OuterRef Q Subquery When Case F Window ExpressionWrapper FilteredRelation", NOTHING),
    "Value": passes((0, "value")),
    "Func": sinks(Sink("sql", "function"), Sink("sql", "template")),
    "Aggregate": sinks(Sink("sql", "function"), Sink("sql", "template")),
    "Prefetch": Entry(does=prefetch),
    **each("aprefetch_related_objects prefetch_related_objects", Entry(does=prefetch_objects)),
}

library = Library(
    "django.db",
    entries={
        QUERYSET: Entry(returns=QUERYSET, does=queryset_of),
        **of(QUERYSET, described(_QUERYSET)),
        # What a project's own managers add: however it looks for rows, they are the database's.
        f"{QUERYSET}.*": Entry(does=unknown_method),
        **of(
            MANAGER,
            described(
                {
                    "get_queryset": gives(QUERYSET),
                    "from_queryset": NOTHING,
                    "db_manager": ITSELF,
                    "__call__": NOTHING,
                    "raw": _QUERYSET["raw"],
                }
            ),
        ),
        # Of related managers: `order.items.add(...)`.
        **of(MANAGER, described(each("add aadd aclear aremove aset clear remove set", NOTHING))),
        "django.db.models.Model": _FIELDS,
        **of("django.db.models.Model", _MODEL),
        **of("django.db.models", _FUNCTIONS),
        **each("django.db.models.expressions.RawSQL", sinks(Sink("sql", (0, "sql")))),
        **each(
            "django.db.models.functions.Cast django.db.models.functions.Concat"
            " django.db.models.functions.Lower",
            NOTHING,
        ),
        "django.db.connection": gives(CONNECTION),
        "django.db.connections": gives("django.db.utils.ConnectionHandler"),
        **of("django.db.utils.ConnectionHandler", each("__getitem__ create_connection", gives(CONNECTION))),
        **of("django.db.utils.ConnectionHandler", each("all close_all __iter__ databases", NOTHING)),
        **of(CONNECTION, _CONNECTION),
        "django.db.backends.base.operations.BaseDatabaseOperations.quote_name": escapes("sql"),
        "django.db.backends.base.schema.BaseDatabaseSchemaEditor.execute": _EXECUTE,
        "django.db.backends.base.schema.BaseDatabaseSchemaEditor.quote_name": escapes("sql"),
        **of(
            CURSOR,
            {
                **each("execute executemany", _EXECUTE),
                "callproc": sink("sql", (0, "procname")),
                **each("copy_expert copy", Entry(sinks=(Sink("sql", 0),))),
                **each("fetchall fetchmany fetchone description close __iter__ lastrowid", NOTHING),
                "rowcount": NUMBER,
                "mogrify": own("builtins.str"),
            },
        ),
        "django.db.migrations.RunSQL": Entry(
            sinks=(Sink("sql", (0, "sql")), Sink("sql", (1, "reverse_sql")))
        ),
        **of(
            "django.db.transaction",
            each("atomic commit non_atomic_requests on_commit rollback savepoint", NOTHING),
        ),
        **of(
            "django.db.transaction",
            each("savepoint_commit savepoint_rollback set_autocommit set_rollback", NOTHING),
        ),
        **of("django.apps.apps", each("get_app_config get_app_configs get_models is_installed", NOTHING)),
        "django.apps.apps.get_model": Entry(does=get_model),
        **of("django.dispatch.Signal", each("connect disconnect asend send send_robust", NOTHING)),
        **of(
            "django.contrib.postgres.search",
            each("SearchHeadline SearchQuery SearchRank SearchVector TrigramSimilarity", NOTHING),
        ),
        **{any_receiver(name): own() for name in _RELATED.split()},
        **{any_receiver(name): NOTHING for name in ("get_absolute_url", "save")},
        "django_scopes.ScopedManager": Entry(does=scoped_manager),
        any_receiver("get"): Entry(passes=(-1, 1), apply=_row),
        "*.execute": Entry(sinks=(Sink("sql", 0, is_built()),)),
        "*.executemany": Entry(sinks=(Sink("sql", 0, is_built()),)),
        "*.executescript": Entry(sinks=(Sink("sql", 0, is_built()),)),
        "*.raw": Entry(sinks=(Sink("sql", 0, is_built()),)),
        "*.extra": Entry(
            returns="self",
            sinks=tuple(Sink("sql", keyword) for keyword in ("select", "where", "tables")),
        ),
    },
    bases={
        MANAGER: (QUERYSET,),
        "django.db.models.manager.BaseManager": (MANAGER,),
        "django.contrib.auth.models.UserManager": ("django.contrib.auth.models.BaseUserManager",),
        "django.contrib.auth.models.BaseUserManager": (MANAGER,),
        **dict.fromkeys(
            (
                "django.contrib.sites.managers.CurrentSiteManager",
                "model_utils.managers.InheritanceManager",
                "mptt.managers.TreeManager",
                "parler.managers.TranslatableManager",
                "polymorphic.managers.PolymorphicManager",
                "safedelete.managers.SafeDeleteManager",
                "treebeard.mp_tree.MP_NodeManager",
                "treebeard.ns_tree.NS_NodeManager",
            ),
            (MANAGER,),
        ),
        **dict.fromkeys(
            (
                "model_utils.managers.InheritanceQuerySet",
                "mptt.querysets.TreeQuerySet",
                "parler.managers.TranslatableQuerySet",
                "polymorphic.query.PolymorphicQuerySet",
                "safedelete.queryset.SafeDeleteQueryset",
                "treebeard.mp_tree.MP_NodeQuerySet",
                "treebeard.ns_tree.NS_NodeQuerySet",
            ),
            (QUERYSET,),
        ),
    },
    aliases={
        "django.db.models.expressions.Func": "django.db.models.Func",
        "django.db.models.expressions.Value": "django.db.models.Value",
        "django.db.models.manager.Manager": MANAGER,
        "django.db.models.manager.Manager.": f"{MANAGER}.",
        "django.db.models.query.QuerySet": QUERYSET,
        "django.db.models.query.QuerySet.": f"{QUERYSET}.",
        "django.db.models.base.Model": "django.db.models.Model",
        "django.db.models.base.Model.": "django.db.models.Model.",
        "django.db.migrations.operations.special.": "django.db.migrations.",
        "django.contrib.gis.db.models.": "django.db.models.",
    },
)
