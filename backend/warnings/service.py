"""Warn a unit, and keep what it answers (Art. 31)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.alarms.service import Level, raise_alarm
from backend.database import insert_into, tell
from backend.errors import Conflict, NotFound
from backend.people.identity import Identity
from backend.warnings.models import RiskWarning


async def warn(
    session: AsyncSession,
    key: str,
    *,
    unit_id: int | None,
    category: str,
    district: str | None,
    what: str,
    facts: dict[str, Any],
    actor: str,
    at: dt.datetime,
) -> RiskWarning | None:
    """Warn a unit at once, and the hotline's own people beside it; None if done before."""
    row = insert_into(session, RiskWarning).values(
        key=key[:200],
        unit_id=unit_id,
        category=category,
        district=district,
        what=what,
        facts=facts,
        at=at,
        actor=actor,
    )
    row = row.on_conflict_do_nothing(index_elements=["key"]).returning(RiskWarning.id)
    made = await session.scalar(row)
    if made is None:
        return None
    text = f"风险预警：{what}"
    await raise_alarm(session, "risk", Level.URGENT, text, key=f"risk:{made}", at=at)
    tell(session, "warning.made", warning=made, unit_id=unit_id)
    return await session.get_one(RiskWarning, made)


async def answer(
    session: AsyncSession, asker: Identity, warning_id: int, said: str, at: dt.datetime
) -> RiskWarning:
    """Keep what the warned unit has done."""
    mine = RiskWarning.id == warning_id, asker.sight.condition(RiskWarning.unit_id)
    found = await session.scalar(select(RiskWarning).where(*mine).with_for_update())
    if found is None or asker.sight.everything:
        raise NotFound(
            "no_such_warning",
            f"there is no warning {warning_id} to this unit",
            field="warning_id",
            remedy="GET /api/warnings lists them",
        )
    if found.answered_at is not None:
        raise Conflict(
            "answered_already",
            f"warning {warning_id} was answered",
            field="warning_id",
            remedy="what happens later belongs to the tickets themselves",
        )
    found.answer, found.answered_at, found.answered_by = said, at, asker.actor
    return found


async def page(
    session: AsyncSession, asker: Identity, before: int | None, limit: int
) -> Sequence[RiskWarning]:
    """Return warnings, newest first: the hotline sees all, a unit its own."""
    query = select(RiskWarning).where(asker.sight.condition(RiskWarning.unit_id))
    if before is not None:
        query = query.where(RiskWarning.id < before)
    return (await session.scalars(query.order_by(RiskWarning.id.desc()).limit(limit))).all()
