"""Who may ask, and the headers of every answer."""

import hmac

from flask import Response, abort, current_app, request


def require_token() -> None:
    """Refuse a request without the stockroom's token."""
    sent = request.authorization.token if request.authorization else None
    expected = current_app.config["STOCKROOM_TOKEN"]
    if not sent or not hmac.compare_digest(sent.encode(), expected.encode()):
        abort(401)


def add_security_headers(response: Response) -> Response:
    """Tell browsers to do nothing with what is meant for programs."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    return response
