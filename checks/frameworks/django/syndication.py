"""Feeds and sitemaps of Django at work: what they ask of each item.

From Django's documentation: "The syndication feed framework", "The sitemap framework".
"""

from __future__ import annotations

from checks.frameworks.lookups import each, method_called, place_of, shown
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Row, Rows
from checks.semantics.values import UNKNOWN, Value, instance

_SITEMAPS = ("django.contrib.sitemaps.Sitemap", "django.contrib.sitemaps.GenericSitemap")
_FEEDS = ("django.contrib.syndication.views.Feed",)
_OF_SITEMAP = ("location", "lastmod", "changefreq", "priority", "alternates")
_OF_FEED = (
    "item_title", "item_description", "item_link", "item_guid", "item_author_name", "item_author_email",
    "item_author_link", "item_pubdate", "item_updateddate", "item_categories", "item_copyright", "item_comments",
    "item_enclosure_url", "item_enclosure_length", "item_enclosure_mime_type", "item_enclosures", "item_extra_kwargs",
)  # fmt: skip


def act(frame: Frame, owner: Class) -> None:
    """Go through the items of a feed or sitemap: its methods are called for each, or the item's own."""
    names = owner.order()[1]
    if any(name in _SITEMAPS for name in names):
        _items(frame, owner, _OF_SITEMAP, {"location": "get_absolute_url"})
    elif any(name in _FEEDS for name in names):
        _items(frame, owner, _OF_FEED, {"item_link": "get_absolute_url", "item_title": "__str__"})


def generic_sitemap(frame: Frame, call: Invocation) -> Value | None:
    """`GenericSitemap({"queryset": ...})`: the address of each row."""
    info = call.argument((0, "info_dict"))
    rows = (info.items or {}).get("queryset") if info is not None else None
    if rows is not None and isinstance(rows.record, Rows):
        place = place_of(call.node)
        method_called(frame, each(frame, rows, place, call.node), "get_absolute_url", place)
        leave(frame)
    return None


def _items(frame: Frame, owner: Class, methods: tuple[str, ...], defaults: dict[str, str]) -> None:
    receiver, place = instance(owner), place_of(owner.node)
    found = method_called(frame, receiver, "items", place, UNKNOWN)
    if found is None or (found.rest is None and found.record is None):
        return
    one = each(frame, found, place, owner.node)
    for name in methods if isinstance(one.record, Row) else ():
        given = method_called(frame, receiver, name, place, one)
        if given is None and name in defaults:
            if defaults[name] == "__str__":
                shown(frame, one, place)
            else:
                method_called(frame, one, defaults[name], place)
    leave(frame)
