"""Errors as pages: in Chinese, as a whole page or, to htmx, as a line in the notice bar."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backend.console import words
from backend.console.headers import CONSOLE
from backend.console.pages import page
from backend.errors import ErrorBody

Handler = Callable[[Request, Exception], Awaitable[Response]]
SIGN_IN, ACCOUNT = f"{CONSOLE}/sign-in", f"{CONSOLE}/account"


def install(app: FastAPI) -> None:
    """Let every error under /console leave as a page; all others leave as they did."""
    for kind, told in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _as_page(told))


def _as_page(told: Any) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        plain: Response = await told(request, error)
        path = request.url.path
        if path != CONSOLE and not path.startswith(f"{CONSOLE}/"):
            return plain
        return _shown(request, plain)

    return answer


def _shown(request: Request, plain: Response) -> Response:
    body = ErrorBody.model_validate(json.loads(bytes(plain.body)))
    status = plain.status_code
    if status == HTTPStatus.UNAUTHORIZED and body.error == "unauthorised":
        return _go(request, f"{SIGN_IN}?next={quote(_wanted(request))}")
    if body.error == "password_must_change":
        return _go(request, ACCOUNT)
    said = words.problem(body.error, status, body.field)
    if request.headers.get("HX-Request"):
        notice = page(request, "notice.html", status=status, said=said)
        notice.headers.update({"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
        return notice
    return page(request, "error.html", status=status, said=said, code=status)


def _go(request: Request, address: str) -> Response:
    if request.headers.get("HX-Request"):
        return HTMLResponse("", headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def _wanted(request: Request) -> str:
    """Return the page that was asked for, so that signing in leads there."""
    if request.method != "GET" or request.headers.get("HX-Request"):
        return CONSOLE
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
