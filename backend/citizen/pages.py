"""Writes citizens' pages, with headers under which a browser loads nothing but the style."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.errors import document

_HERE = Path(__file__).parent / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
STYLE = (_HERE / "style.css").read_bytes()
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cache-Control": "no-store",
}

REFUSALS = (400, 404, 410, 429)
ANSWERS: dict[int | str, dict[str, Any]] = {
    **document(),
    200: {"content": {"text/html": {}}},
    **{
        status: {"description": HTTPStatus(status).phrase, "content": {"text/html": {}}}
        for status in REFUSALS
    },
}
"""What a page may answer besides itself, for the description of the API."""


def page(name: str, city: str, status: HTTPStatus = HTTPStatus.OK, **facts: Any) -> HTMLResponse:
    """Write a page; whatever people wrote is escaped."""
    words = _PAGES.get_template(f"{name}.html").render(city=city, **facts)
    return HTMLResponse(words, status_code=int(status), headers=HEADERS)


def style() -> Response:
    """Return the one style of all pages."""
    headers = {**HEADERS, "Cache-Control": "public, max-age=86400"}
    return Response(STYLE, media_type="text/css; charset=utf-8", headers=headers)
