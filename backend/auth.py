"""Who asks, and what they may do."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from backend.errors import Forbidden, Unauthorised
from backend.settings import Settings


class Scope(StrEnum):
    """One right; an identity has a set of them."""

    JOURNAL_WRITE = "journal:write"
    CALLS_READ = "calls:read"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    PROGRESS_READ = "progress:read"
    NUMBERS_READ = "numbers:read"


@dataclass(frozen=True, slots=True)
class Identity:
    """The one who asks: a program of the hotline, or a person."""

    name: str
    scopes: frozenset[Scope]


SERVICE = Identity("service", frozenset(Scope))
"""The programs of the hotline itself, which share one token."""

_bearer = HTTPBearer(auto_error=False, description="The service token")


async def _identify(
    request: Request, token: HTTPAuthorizationCredentials | None = Depends(_bearer)
) -> Identity:
    settings: Settings = request.app.state.settings
    known = settings.service_token.get_secret_value().encode()
    given = token.credentials.encode("utf-8", "replace") if token else b""
    if hmac.compare_digest(given, known):
        return SERVICE
    raise Unauthorised(
        "unauthorised",
        "the request carries no valid token",
        field="Authorization",
        remedy="send 'Authorization: Bearer' with HOTLINE_SERVICE_TOKEN",
    )


def require(scope: Scope) -> Callable[..., Awaitable[Identity]]:
    """Make the dependency that lets only holders of a right pass."""

    async def allowed(identity: Identity = Depends(_identify)) -> Identity:
        if scope not in identity.scopes:
            raise Forbidden(
                "forbidden", f"{identity.name} may not do this", remedy=f"ask for the right {scope}"
            )
        return identity

    return allowed
