"""One draft as the agent sees it, and the five routes of Art. 16 by which it is sent on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls import service as calls
from backend.calls.models import Call
from backend.console.desk.words_heard import Said, said
from backend.dispatch.endpoints import DOORS, Door
from backend.dispatch.schemas import Clause
from backend.intake import duties, gazetteer
from backend.intake.fields import Kind
from backend.people.callers import confidential_among, subject_of
from backend.privacy import Seal
from backend.tickets.models import Ticket
from backend.tickets.schemas import FieldsView, fields_view, sentence_of
from backend.units import queries
from backend.units.models import Unit

ROUTES: Mapping[str, str] = {
    "dispatch": "派发承办单位",
    "answer": "即时答复",
    "refuse": "不予受理",
    "pass-on": "转交有关部门",
    "emergency": "转紧急热线",
}
"""Name of the act -> what agents call it, in the order of their keys 1 to 5."""
CLAUSES = {
    Clause.OTHER_PROCEDURE: "第十二条第一项：诉讼、仲裁、纪检、复议、信息公开、信访等另有程序",
    Clause.SECRET: "第十二条第二项：涉及国家秘密、商业秘密、个人隐私",
    Clause.INDECENT: "第十二条第三项：违反法律法规或者公序良俗",
}
SERVICES = {"110": "公安", "119": "消防", "120": "急救", "122": "交通事故"}
EARLIER = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """All that the page of a draft shows."""

    ticket: Ticket
    fields: FieldsView
    caller: str | None
    said: list[Said]
    read_back: str
    earlier: Sequence[Ticket]
    units: Sequence[Unit]
    call: Call | None


def door(route: str) -> Door:
    """Return the act of a route."""
    return next(one for one in DOORS if one.path == route)


async def draft(session: AsyncSession, ticket: Ticket, seal: Seal) -> Draft:
    """Gather what the page of a draft shows; the caller's number stays masked."""
    hidden = bool(await confidential_among(session, [subject_of(ticket.number)]))
    call = await calls.find(session, ticket.call_id) if ticket.call_id else None
    heard = said(await calls.picture_of(session, call.id, seal)) if call else []
    return Draft(
        ticket=ticket,
        fields=fields_view(ticket, seal, numbers=False, confidential=hidden),
        caller="保密" if hidden else call.caller_masked if call else None,
        said=heard,
        read_back=sentence_of(ticket),
        earlier=await _earlier(session, ticket),
        units=await queries.page(session, active=True, limit=500),
        call=call,
    )


def changed(ticket: Ticket, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those sent fields whose value is not the ticket's, so that only they are the agent's.

    The contact is shown masked: an untouched one comes back with its stars.
    """
    found = {}
    for name, value in fields.items():
        before = getattr(ticket, name, None)
        same = str(before).lower() == str(value).lower() if before is not None else False
        if not same and not (name == "contact" and "*" in str(value)):
            found[name] = value
    return found


async def _earlier(session: AsyncSession, ticket: Ticket) -> Sequence[Ticket]:
    """Return earlier tickets of the same caller, newest first."""
    if ticket.caller_digest is None:
        return []
    query = select(Ticket).where(
        Ticket.caller_digest == ticket.caller_digest, Ticket.id != ticket.id
    )
    return (await session.scalars(query.order_by(Ticket.id.desc()).limit(EARLIER))).all()


def kinds() -> list[str]:
    """Return the kinds of Art. 11."""
    return [one.value for one in Kind]


def categories() -> list[str]:
    """Return the categories of matters."""
    return [one.category for one in duties.load().entries]


def districts() -> list[str]:
    """Return the districts of the city, and the neighbours that are passed on to."""
    return list(gazetteer.load().districts)


def now_local(now: dt.datetime) -> str:
    """Return a moment as `datetime-local` fields take it, in the city's time."""
    return now.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%Y-%m-%dT%H:%M")
