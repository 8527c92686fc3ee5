"""Makes pages: one Jinja2 environment that escapes everything, and what every page knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from backend.console import tokens, words
from backend.console.assets import address_of
from backend.console.navigation import links_for
from backend.people.identity import Identity

TEMPLATES = Path(__file__).parent / "templates"
NOTICE = "hotline_notice"
"""The cookie that carries one sentence over a redirect."""

environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters.update(words.FILTERS)
environment.globals["asset"] = address_of
environment.globals["field_name"] = words.FIELDS


def page(request: Request, template: str, *, status: int = 200, **data: Any) -> HTMLResponse:
    """Fill a template with data and with what every page has: who looks, links, form token."""
    asker: Identity | None = getattr(request.state, "asker", None)
    text = environment.get_template(template).render(
        me=asker,
        links=links_for(asker),
        here=request.url.path,
        again=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        city=request.app.state.settings.city,
        notice=_notice(request),
        form_token=lambda: _form_token(request),
        token_value=lambda: tokens.token_of(request),
        **data,
    )
    answer = HTMLResponse(text, status_code=status)
    if NOTICE in request.cookies:
        answer.delete_cookie(NOTICE, path="/console")
    return answer


def back_to(request: Request, address: str, notice: str | None = None) -> Response:
    """Send the browser on after a change, with a sentence about it; follows form and htmx."""
    if request.headers.get("HX-Request"):
        answer = Response(headers={"HX-Redirect": address})
    else:
        answer = RedirectResponse(address, status_code=303)
    if notice:
        secure = request.app.state.people.settings.cookie_secure
        answer.set_cookie(
            NOTICE,
            urlencode({"n": notice}),
            max_age=60,
            path="/console",
            httponly=True,
            secure=secure,
            samesite="strict",
        )
    return answer


def fragment(template: str, **data: Any) -> str:
    """Fill a template that is a part of a page."""
    return environment.get_template(template).render(**data)


def as_json(value: Any) -> str:
    """Write a value for a data attribute, which the template escapes like any text."""
    return json.dumps(value, ensure_ascii=False, default=str)


environment.filters["json"] = as_json


def _form_token(request: Request) -> Markup:
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(tokens.FIELD, tokens.token_of(request))


def _notice(request: Request) -> str | None:
    return parse_qs(request.cookies.get(NOTICE, "")).get("n", [None])[0]
