"""The door of every endpoint: who asks is found out, and the right it names is checked."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from backend.errors import Forbidden, Unauthorised
from backend.people import identity as identities
from backend.people import sessions, token_text, tokens
from backend.people.identity import SERVICE, Identity
from backend.people.models import ApiToken, SignIn
from backend.people.passwords import Passwords
from backend.people.rights import TABLE, Right
from backend.people.roles import Role
from backend.people.settings import PeopleSettings
from backend.people.use import Use, note
from backend.settings import Settings

COOKIE = "hotline_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RIGHT, OPEN = "opens_with", "open_because"
"""Attributes of a door's function: the right it asks for, or why it asks for none."""

_bearer = HTTPBearer(auto_error=False, description="A session's, a system's or the service token")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="A session's token")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class Desk:
    """What the application keeps for signing in: limits, password hashes, the clock."""

    settings: PeopleSettings
    passwords: Passwords
    now: Callable[[], dt.datetime] = field(default=_now)


def desk_of(request: Request) -> Desk:
    """Return the desk of the application that answers."""
    desk: Desk = request.app.state.people
    return desk


async def identify(
    request: Request,
    sent: HTTPAuthorizationCredentials | None = Depends(_bearer),
    cookie: str | None = Depends(_cookie),
) -> Identity:
    """Find out who asks: by the Authorization header, else by the session's cookie.

    An endpoint names its identity before its session, so that nobody holds one connection to
    the database while waiting for another.
    """
    token = sent.credentials if sent else None
    if token is None and cookie and _from_our_own_page(request):
        token = cookie
    if token is None:
        raise _unknown()
    found = await _whose(request, token)
    if found is None:
        raise _unknown()
    return found


def require(right: Right) -> Callable[..., Awaitable[Identity]]:
    """Make the dependency that lets only holders of a right pass."""

    async def allowed(asker: Annotated[Identity, Depends(identify)]) -> Identity:
        if asker.may(right):
            return asker
        if asker.must_change and right in asker.rights:
            raise Forbidden(
                "password_must_change",
                "the password was given by somebody else",
                field="password",
                remedy="choose your own: PUT /api/people/me/password",
            )
        raise Forbidden(
            "forbidden",
            f"{asker.actor} may not do this: it needs {right} {TABLE[right].chinese}",
            remedy="ask an administrator for a role that holds it: GET /api/rights lists them",
        )

    setattr(allowed, RIGHT, right)
    return allowed


def open_to_all(because: str) -> Callable[..., Awaitable[None]]:
    """Make the dependency that says why an endpoint asks for no right."""

    async def anybody() -> None:
        return None

    setattr(anybody, OPEN, because)
    return anybody


async def _whose(request: Request, token: str) -> Identity | None:
    settings: Settings = request.app.state.settings
    if hmac.compare_digest(token.encode("utf-8", "replace"), _service_token(settings)):
        return SERVICE
    if token.startswith(token_text.SYSTEM):
        return await _whose_system(request, token)
    if token.startswith((token_text.SESSION, token_text.VOUCHED)):
        return await _whose_session(request, token)
    return None


async def _whose_system(request: Request, token: str) -> Identity | None:
    now = desk_of(request).now()
    found = await tokens.find(request.app.state.database, token, now)
    if found is None:
        return None
    if found.noted_long_ago(now):
        note(request, Use(ApiToken, found.token.id, now))
    return found.identity


async def _whose_session(request: Request, token: str) -> Identity | None:
    desk = desk_of(request)
    now = desk.now()
    found = await sessions.find(request.app.state.database, token, desk.settings, now)
    if found is None:
        return None
    if found.noted_long_ago(desk.settings, now):
        note(request, Use(SignIn, found.sign_in.id, now))
    return identities.of_person(
        found.person.id,
        [Role(role) for role in found.person.roles],
        found.unit_path,
        session_id=found.sign_in.id,
        must_change=found.person.must_change and not token.startswith(token_text.VOUCHED),
        name=found.person.name,
    )


def _service_token(settings: Settings) -> bytes:
    return settings.service_token.get_secret_value().encode()


def _from_our_own_page(request: Request) -> bool:
    """Refuse a change that another site's page makes with our cookie."""
    if request.method in SAFE:
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _unknown() -> Unauthorised:
    return Unauthorised(
        "unauthorised",
        "the request carries no valid token or session",
        field="Authorization",
        remedy="people sign in with POST /api/sessions; a program sends 'Authorization: Bearer'"
        " with HOTLINE_SERVICE_TOKEN or the token it was given",
    )
