"""Tokens of other systems 系统接入 (Art. 32): made once, limited in scope and time, revocable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.errors import Conflict, NotFound
from backend.people import audit, token_text
from backend.people import identity as identities
from backend.people.audit import Act
from backend.people.identity import Identity
from backend.people.models import ApiToken
from backend.people.rights import Right
from backend.people.schemas import TokenIn
from backend.units.models import Unit
from backend.units.service import find as find_unit

USED_STEP_SECONDS = 60.0
"""Use is noted this often, not at every request."""


@dataclass(frozen=True, slots=True)
class Found:
    """A living token, and the identity it gives."""

    token: ApiToken
    identity: Identity

    def noted_long_ago(self, now: dt.datetime) -> bool:
        """Tell whether the use of the token should be noted again."""
        used = self.token.used_at
        return used is None or (now - used).total_seconds() > USED_STEP_SECONDS


async def make(
    session: AsyncSession, sent: TokenIn, *, actor: str, now: dt.datetime
) -> tuple[str, ApiToken]:
    """Make a token; the text returned is its only copy."""
    await audit.hold(session)
    if sent.unit_id is not None:
        await find_unit(session, sent.unit_id, "unit_id")
    text = token_text.new(token_text.SYSTEM)
    token = ApiToken(
        name=sent.name,
        digest=token_text.digest(text),
        scopes=[scope.value for scope in sent.scopes],
        unit_id=sent.unit_id,
        made_by=actor,
        made_at=now,
        ends_at=now + dt.timedelta(days=sent.days),
    )
    session.add(token)
    await session.flush()
    await audit.record(
        session,
        Act.TOKEN_MADE,
        actor=actor,
        subject=f"token:{token.id}",
        at=now,
        scopes=token.scopes,
        days=sent.days,
    )
    return text, token


async def revoke(session: AsyncSession, token_id: int, *, actor: str, now: dt.datetime) -> None:
    """End a token at once; it stays listed."""
    await audit.hold(session)
    token = await session.get(ApiToken, token_id, populate_existing=True)
    if token is None:
        raise NotFound(
            "no_such_token",
            f"there is no token {token_id}",
            field="token_id",
            remedy="take an id that GET /api/tokens lists",
        )
    if token.revoked_at is not None:
        raise Conflict(
            "revoked_already",
            "the token was revoked before",
            field="token_id",
            remedy="nothing is left to do",
        )
    token.revoked_at = now
    await audit.record(session, Act.TOKEN_REVOKED, actor=actor, subject=f"token:{token_id}", at=now)


async def all_of_them(session: AsyncSession) -> Sequence[ApiToken]:
    """Return every token, newest first."""
    return (await session.scalars(select(ApiToken).order_by(ApiToken.id.desc()))).all()


async def find(database: Database, text: str, now: dt.datetime) -> Found | None:
    """Return the living token of a text, and whose it is."""
    async with database.glance() as session:
        query = select(ApiToken, Unit.path).outerjoin(Unit, Unit.id == ApiToken.unit_id)
        query = query.where(ApiToken.digest == token_text.digest(text))
        found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    token, path = found
    if token.revoked_at is not None or now >= token.ends_at:
        return None
    scopes = [Right(scope) for scope in token.scopes]
    return Found(token, identities.of_system(token.id, scopes, path))
