"""The advice for each item of the checklist: what it asks, the Django way, the Flask way, and how it is checked."""

from __future__ import annotations

from importlib.resources import files

from checks.checklist import ITEMS


def advice(item: str) -> str:
    """The page of an item (`security.csrf`), in Markdown. Raises KeyError for what is no item of the checklist."""
    if item not in ITEMS:
        raise KeyError(item)
    section, _, name = item.partition(".")
    return files(__name__).joinpath(section, f"{name}.md").read_text("utf-8")
