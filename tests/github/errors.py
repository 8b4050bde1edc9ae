"""GitHub's refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """An answer other than success, in GitHub's words."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[Any] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {message} {list(errors) or ''}")
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.headers = dict(headers or {})


NOT_ACCESSIBLE = "Resource not accessible by integration"


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


def not_accessible() -> Refusal:
    return Refusal(403, NOT_ACCESSIBLE)


def unprocessable(*sentences: str) -> Refusal:
    """The refusal of the review endpoints, whose errors are sentences."""
    return Refusal(422, "Unprocessable Entity", errors=sentences)


def invalid(resource: str, field: str, message: str, code: str = "custom") -> Refusal:
    """The refusal of most endpoints, whose errors name a field."""
    error = {"resource": resource, "code": code, "field": field, "message": message}
    return Refusal(422, "Validation Failed", errors=[error])


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b, and c`: how GitHub puts several errors into one sentence."""
    if len(parts) < 3:
        return " and ".join(parts)
    return ", ".join(parts[:-1]) + f", and {parts[-1]}"


MAX_BODY = 65_536


def check_body(resource: str, body: str) -> None:
    """Refuses a comment's or review's text that is blank or too long."""
    if not body.strip():
        raise invalid(resource, "body", "body can't be blank", "missing_field")
    if len(body) > MAX_BODY:
        raise invalid(resource, "body", f"body is too long (maximum is {MAX_BODY} characters)")
