"""Pages that grow and that nothing is said of yet, or whose suggested edit mends less than all: each with why."""

from __future__ import annotations

from collections.abc import Mapping

UNREPORTED: Mapping[str, str] = {
    "django/adjudicator_feedback: Grows, by hand: the first of a prefetched collection is asked of the database": (
        "the rows are wrapped in objects, whose property asks"
    ),
    "django/background_jobs: Grows, by hand: a task called with a key, once per row": (
        "work that is done for each key may be meant so"
    ),
    "django/contact_export: Grows, by hand: the lists of each contact are asked as values": (
        "which class exports is looked up by a name that only running tells"
    ),
    "django/device_interfaces: Grows, by hand: the cache is asked by the model's name": (
        "code that looks into the cache of prefetched rows counts as code that remembers"
    ),
    "django/helpers: Grows: the rows are joined in the branch that reads nothing": (
        "what only some ways load is mostly loaded where it is read"
    ),
    "django/known_parents: Grows, by hand: through the parent, whose key is not loaded": (
        "that a related manager looks at the key which `only` left out is not known"
    ),
    "django/many_to_many: Grows, by hand: something is added for each row": (
        "what `add` writes can't be written at once without the table between"
    ),
    "django/paired_loops: Grows, by hand: a queryset that is not yet read is indexed in a loop": (
        "loops over numbers go in steps, mostly"
    ),
    "django/query_in_loop: Grows, by hand: one row is loaded anew in each round": (
        "loading anew what another process may have changed is mostly meant"
    ),
    "django/row_by_row_writes: Grows, by hand: get_or_create": "whether a row is there decides what is written",
    "django/signals: Grows, by hand: rows that are made trigger a receiver that asks the database": (
        "what receivers ask is not said of the loop that writes"
    ),
    "django/site_columns: Grows: a column is a foreign key": (
        "attributes are read by names that objects in a list of the class hold"
    ),
    "django/task_monitor: Grows, by hand: a method that looks for the row before is called for each row": (
        "the methods that Django makes for dates are not known"
    ),
    "flask/writes: Grows, by hand: a commit for each row": "commits in loops may be meant",
    "flask/writes: Grows, by hand: a flush for each new row": "writes of SQLAlchemy's sessions are not looked at",
    "flask/writes: Grows, by hand: a statement for each row": "writes of SQLAlchemy's sessions are not looked at",
    "flask/writes: Grows, by hand: rows deleted, each with its collection": (
        "writes of SQLAlchemy's sessions are not looked at"
    ),
    "flask/writes: Grows, by hand: rows read after the commit that let go of them": (
        "loading before the commit would be in vain"
    ),
}
"""Every page here must go unreported: one that is seen some day leaves the list."""
