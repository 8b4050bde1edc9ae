"""What all pages share: templates that escape, the style sheet, and headers that tell the browser what is allowed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
STATIC = "/static"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"moment": _moment, "duration": _duration}


def furnish(app: web.Application, *, sends_forms_to: str = "") -> None:
    """Give an application the style sheet and the headers. Its forms lead to itself and one other server at most."""
    app.router.add_static(STATIC, HERE / "static")
    target = urlsplit(sends_forms_to)
    others = f" {target.scheme}://{target.netloc}" if target.netloc else ""
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        f"form-action 'self'{others}; base-uri 'none'; frame-ancestors 'none'"
    )

    async def guard(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(_HEADERS)
        response.headers["Content-Security-Policy"] = policy
        if not request.path.startswith(f"{STATIC}/"):
            response.headers["Cache-Control"] = "no-store"

    app.on_response_prepare.append(guard)


def page(name: str, /, *, status: int = 200, **shown: Any) -> web.Response:
    """A page of its own template. What it shows is text: a template that has not got all of it fails."""
    text = _templates.get_template(f"{name}.html").render({"person": None, **shown})
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status)


def message(
    title: str, *sentences: str, status: int = 200, link: tuple[str, str] | None = None
) -> web.Response:
    """A page that says a few sentences; `link` is where to go on, and its text."""
    return page("message", status=status, title=title, sentences=sentences, link=link)


def refusal(
    kind: type[web.HTTPException], title: str, *sentences: str, link: tuple[str, str] | None = None
) -> web.HTTPException:
    """An answer to be raised, as a page that says why."""
    return kind(text=message(title, *sentences, link=link).text, content_type="text/html")
