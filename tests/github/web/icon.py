"""The icon that browsers ask for by themselves."""

from __future__ import annotations

from tests.github.rest import Answer
from tests.github.web import Visit, page


@page("GET", "/favicon.ico")
def icon(visit: Visit) -> Answer:
    return Answer(204)
