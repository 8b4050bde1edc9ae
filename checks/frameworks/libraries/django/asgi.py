"""asgiref: what Django bridges synchronous and asynchronous code with.

From asgiref's README ("Function wrappers"): what is wrapped does the same, and is awaited or not.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import each
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library
from checks.semantics.values import Value


def _wrapped(call: Invocation) -> Value | None:
    """The function itself; a decorator with options gives one that does nothing here."""
    return call.positional[0] if call.positional else None


library = Library(
    "django.asgi",
    entries=each("asgiref.sync.async_to_sync asgiref.sync.sync_to_async", Entry(passes=(0,), apply=_wrapped)),
)
