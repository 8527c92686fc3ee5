"""The form token 表单令牌: proves that a change was sent by a page of ours, in this session."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi import Request, Response

from backend.errors import Forbidden
from backend.people.access import COOKIE, SAFE
from backend.settings import Settings

FIELD, HEADER = "form_token", "X-Form-Token"
STRANGER = "hotline_form"
"""The cookie that stands for a browser nobody has signed in with yet."""


def token_of(request: Request) -> str:
    """Return the token for the forms of a page: keyed to the session's or stranger's cookie."""
    settings: Settings = request.app.state.settings
    key = settings.data_key.get_secret_value().encode()
    return hmac.new(key, f"form:{_holder(request)}".encode(), hashlib.sha256).hexdigest()


async def refuse_foreign(request: Request) -> None:
    """Raise Forbidden for a change that carries no token of ours."""
    if request.method in SAFE:
        return
    sent: object = request.headers.get(HEADER)
    if sent is None:
        sent = (await request.form()).get(FIELD)
    right = bool(_holder(request)) and hmac.compare_digest(
        str(sent or "").encode(), token_of(request).encode()
    )
    if not right:
        raise Forbidden(
            "form_token",
            "the form was not made for this session",
            field=FIELD,
            remedy="load the page again and send it once more",
        )


def greet_stranger(request: Request, response: Response, *, secure: bool) -> None:
    """Give a browser without a session the cookie its sign-in form is keyed to."""
    response.set_cookie(
        STRANGER, request.state.stranger, httponly=True, secure=secure, samesite="strict"
    )


def name_stranger(request: Request) -> None:
    """Find or invent what the sign-in form is keyed to."""
    request.state.stranger = request.cookies.get(STRANGER) or secrets.token_urlsafe(16)


def _holder(request: Request) -> str:
    """Name whose form it is: the sign-in page's stranger goes before an old session."""
    stranger: str | None = getattr(request.state, "stranger", None)
    return stranger or request.cookies.get(COOKIE, "")
