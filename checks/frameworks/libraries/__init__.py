"""The tables of libraries: what their functions take, give, let through, clean and check.

Each module below this folder that has a `library` is a table, found by walking: a new one adds a file and
edits none. None of them imports the library that it describes. `checks.semantics.library` says what an entry
means; beyond that:

- A name without an entry is unknown, and what it gives has the sources of all that it was given. So what passes
  nothing (`len`, a database's row) has an entry that says nothing.
- Types are named as users import them (`flask.Request`); `aliases` lead there from where they are defined.
- What a context manager gives on entering, and what awaiting a coroutine gives, is named as its maker's result.
- `T.__getitem__` and `T.__setitem__` stand for subscripts: the key is argument 0, the value argument 1.
- `T.name=` stands for assigning to an attribute: the value is argument 0.
- `T.__call__` stands for calling an instance.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from checks.semantics.library import Library


@lru_cache(maxsize=1)
def all_libraries() -> tuple[Library, ...]:
    """Every table, sorted by name."""
    found = []
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not module.ispkg:
            library = getattr(importlib.import_module(module.name), "library", None)
            if isinstance(library, Library):
                found.append(library)
    return tuple(sorted(found, key=lambda library: library.name))
