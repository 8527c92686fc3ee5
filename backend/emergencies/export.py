"""Writes every reviewed emergency as a labelled case, in the form the detector's bench reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.emergencies.masking import anonymous
from backend.emergencies.models import EmergencyNotice
from backend.emergencies.notices import Judged
from backend.privacy import Seal
from ivr_flows.emergency.labelled import COLUMNS


async def cases(session: AsyncSession, seal: Seal) -> list[str]:
    """Return the lines of the table, its head first; a call without words makes no case.

    Nothing personal stands in it: the id is a digest, the words are anonymous.
    """
    query = select(EmergencyNotice).where(EmergencyNotice.verdict.is_not(None))
    rows = await session.scalars(query.order_by(EmergencyNotice.call_id))
    return ["\t".join(COLUMNS), *_lines(rows.all(), seal)]


def _lines(rows: Iterable[EmergencyNotice], seal: Seal) -> Iterator[str]:
    for row in rows:
        text = anonymous(str(seal.open(row.told_sealed)["text"]))
        if text:
            yield "\t".join(_case(row, text))


def _case(row: EmergencyNotice, text: str) -> tuple[str, ...]:
    digest = hashlib.sha256(row.call_id.bytes).hexdigest()[:12]
    note = f"review {row.verdict}, heard {row.decision}"
    if row.verdict == Judged.FALSE:
        return (f"r{digest}", text, "none", "", "", "", note)
    service = row.right_service or row.service or ""
    also = " ".join(one for one in row.also if one != service)
    return (f"r{digest}", text, "certain", service, also, "yes" if row.critical else "", note)
