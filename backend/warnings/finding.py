"""Many callers in a short time on a risky matter in one district: a warning (Art. 31)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from backend.database import Database
from backend.deadlines import SHANGHAI
from backend.duties import catalogue
from backend.duties.matching import Matter
from backend.tickets.models import Ticket
from backend.tickets.states import State
from backend.warnings import service
from backend.warnings.settings import settings

MACHINE = "machine"
APART_HOURS = 6
"""The same matter in the same district is warned of once in so many hours."""


async def find(database: Database, now: dt.datetime) -> int:
    """Warn of what is found now; return how many warnings are new."""
    limits = settings()
    since = now - dt.timedelta(hours=limits.hours)
    day = since.astimezone(SHANGHAI).strftime("%y%m%d")
    callers = func.count(Ticket.caller_digest.distinct())
    query = (
        select(Ticket.category, Ticket.district, callers)
        .where(
            Ticket.number >= day,
            Ticket.created_at >= since,
            Ticket.category.in_(limits.matters),
            Ticket.district.is_not(None),
            Ticket.state != State.WITHDRAWN.value,
        )
        .group_by(Ticket.category, Ticket.district)
        .having(callers >= limits.callers)
    )
    async with database.transaction(writes=False) as session:
        found = [(what, where, many) for what, where, many in await session.execute(query)]
    window = int(now.timestamp()) // (APART_HOURS * 3600)
    made = 0
    for category, district, count in found:
        async with database.transaction() as session:
            matter = Matter(category, district)
            _, proposal = await catalogue.proposal_for(session, matter)
            what = f"{limits.hours}小时内{district}有{count}人反映{category}，请快速处置、及时化解"
            warned = await service.warn(
                session,
                f"{category}:{district}:{window}",
                unit_id=proposal.entry.unit_id if proposal.entry else None,
                category=category,
                district=district,
                what=what,
                facts={"callers": count, "hours": limits.hours},
                actor=MACHINE,
                at=now,
            )
            made += warned is not None
    return made
