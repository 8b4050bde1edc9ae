"""Django's admin: what its classes give to methods that override them.

From Django's documentation: "The Django admin site".
"""

from __future__ import annotations

from checks.frameworks.django import admin, syndication
from checks.frameworks.libraries.tables import NOTHING, TEXT, each, of
from checks.semantics.library import Entry, Library

ADMIN = "django.contrib.admin.ModelAdmin"
_CLASSES = "StackedInline TabularInline InlineModelAdmin"

library = Library(
    "django.admin",
    entries={
        f"{ADMIN}.get_queryset": Entry(does=admin.get_queryset),
        **of(ADMIN, each("get_list_display get_list_filter get_search_fields get_readonly_fields", NOTHING)),
        **of(ADMIN, each("lookup_allowed model opts", NOTHING)),
        f"{ADMIN}.empty_value_display": TEXT,
        "django.contrib.admin.site.register": Entry(does=admin.register),
        "django.contrib.sitemaps.GenericSitemap": Entry(does=syndication.generic_sitemap),
    },
    bases={
        **{f"django.contrib.admin.{name}": (ADMIN,) for name in _CLASSES.split()},
        **{f"django.contrib.admin.options.{name}": (ADMIN,) for name in ("ModelAdmin", *_CLASSES.split())},
        "django.contrib.auth.admin.UserAdmin": (ADMIN,),
        "django.contrib.auth.admin.GroupAdmin": (ADMIN,),
        "django.contrib.contenttypes.admin.GenericTabularInline": (ADMIN,),
        "django.contrib.contenttypes.admin.GenericStackedInline": (ADMIN,),
    },
)
