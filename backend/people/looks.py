"""Looks at what is hidden 查看留痕 (Art. 13, 35): number or recording, for a reason, recorded."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Forbidden, Invalid, printable
from backend.people import audit
from backend.people.audit import Act, AuditEntry
from backend.people.identity import Identity
from backend.people.rights import TABLE, Right

SHORTEST_REASON, LONGEST_REASON = 4, 500


class Look(StrEnum):
    """What is looked at."""

    NUMBER = "number"
    RECORDING = "recording"


_NEEDS = {Look.NUMBER: Right.LOOK_AT_NUMBERS, Look.RECORDING: Right.HEAR_RECORDINGS}
_ACTS = {Look.NUMBER: Act.LOOKED_AT_NUMBER, Look.RECORDING: Act.HEARD_RECORDING}


async def look(
    session: AsyncSession,
    asker: Identity,
    what: Look,
    subject: str,
    reason: str,
    *,
    unit_path: str | None,
    confidential: bool,
    now: dt.datetime,
) -> AuditEntry:
    """Record a look before the hidden thing is given out, or refuse it and record nothing.

    `subject` is like `ticket:2611230042`; `unit_path` is the path of the unit that handles it.
    A confidential caller's data takes LOOK_AT_CONFIDENTIAL besides. The entry is committed with
    the session, that is before the answer leaves.
    """
    needed = [_NEEDS[what], Right.LOOK_AT_CONFIDENTIAL] if confidential else [_NEEDS[what]]
    for right in needed:
        if not asker.may(right):
            raise _refused(asker, right)
    if not asker.sight.covers(unit_path):
        raise Forbidden(
            "not_yours",
            f"{subject} is not of {asker.actor}'s unit",
            field="number",
            remedy="ask the unit that handles it",
        )
    return await audit.record(
        session,
        _ACTS[what],
        actor=asker.actor,
        subject=subject,
        at=now,
        reason=sound_reason(reason),
        confidential=confidential,
    )


def sound_reason(reason: str) -> str:
    """Return a reason without its outer spaces, or raise Invalid for one that says nothing."""
    words = " ".join(printable(reason).split())
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON or len(set(words)) < SHORTEST_REASON:
        raise Invalid(
            "reason_missing",
            f"reason: must say why, in {SHORTEST_REASON} to {LONGEST_REASON} characters",
            field="reason",
            remedy="say what the look is for; it is kept with your name",
        )
    return words


def _refused(asker: Identity, right: Right) -> Forbidden:
    return Forbidden(
        "forbidden",
        f"{asker.actor} may not look at this: it needs {right} {TABLE[right].chinese}",
        remedy="the hotline can reach the caller for you",
    )
