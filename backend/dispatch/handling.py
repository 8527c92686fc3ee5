"""What units do with a ticket: sign, start, report, reply, ask their superior (Art. 20-23)."""

from __future__ import annotations

from sqlalchemy import select

from backend.deadlines import is_overdue
from backend.dispatch.act import Act
from backend.dispatch.assignments import own
from backend.dispatch.schemas import Escalate, Guide, Read, Reply, Report
from backend.errors import Forbidden, Invalid
from backend.tickets.models import Assignment
from backend.tickets.moves import Move
from backend.units import queries, tree
from backend.units import service as units


async def sign(act: Act, sent: Read) -> None:
    """Sign for a ticket 签收 (Art. 20); the clock has run since dispatch."""
    lead = await own(act)
    lead.signed_at = lead.signed_at or act.at
    late = lead.sign_by is not None and act.at > lead.sign_by
    act.move(Move.SIGN, unit=lead.unit_id, late=late)


async def start(act: Act, sent: Read) -> None:
    """Begin to handle a ticket (Art. 22)."""
    lead = await own(act)
    act.move(Move.START, unit=lead.unit_id)


async def report(act: Act, sent: Report) -> None:
    """Report as a co-handler to the lead: done, or how far and why not (Art. 21)."""
    mine = await own(act, lead=False)
    late = is_overdue(mine.due_at, act.at)
    if (late or not sent.done) and not sent.why_late:
        raise Invalid(
            "no_reason",
            "why_late: the work is late or not done, and nothing says why",
            field="why_late",
            remedy="give the reason, and the state of the work in result (Art. 21)",
        )
    if sent.done:
        mine.replied_at = mine.replied_at or act.at
    said = {"result": sent.result, "why_late": sent.why_late}
    act.move(Move.REPORT, unit=mine.unit_id, done=sent.done, late=late, **said)


async def reply(act: Act, sent: Reply) -> None:
    """Reply as the lead 反馈, once the caller has been told of it (Art. 22)."""
    lead = await own(act)
    if sent.caller_told_at > act.at:
        raise Invalid(
            "not_told_yet",
            "caller_told_at: lies in the future",
            field="caller_told_at",
            remedy="tell the caller what was done first (Art. 22(3)), then reply",
        )
    lead.replied_at = act.at
    late = is_overdue(lead.due_at, act.at)
    unsettled, act.ticket.pending = sorted(act.ticket.pending), {}
    act.move(
        Move.REPLY,
        unit=lead.unit_id,
        result=sent.result,
        caller_told_at=sent.caller_told_at.isoformat(),
        late=late,
        unsettled=unsettled,
        unreported=await _unreported(act),
    )


async def escalate(act: Act, sent: Escalate) -> None:
    """Ask the government of its level or a superior body for help 报请 (Art. 23)."""
    lead = await own(act)
    unit = await units.find(act.session, lead.unit_id)
    above = [one for one in await queries.way_up(act.session, unit) if one.id != unit.id]
    if sent.unit_id not in [one.id for one in above]:
        names = "、".join(f"{one.name} ({one.id})" for one in above) or "nobody: it is the root"
        raise Invalid(
            "not_above",
            f"unit_id: unit {sent.unit_id} does not stand above {unit.name}",
            field="unit_id",
            remedy=f"above it: {names}",
        )
    act.put("escalation", {"unit": sent.unit_id, "reason": sent.reason})
    act.move(Move.ESCALATE, unit=lead.unit_id, to=sent.unit_id, reason=sent.reason)


async def guide(act: Act, sent: Guide) -> None:
    """Say as the superior what is to be done; the lead goes on with it (Art. 23)."""
    asked = act.ticket.pending["escalation"]["unit"]
    path = act.asker.sight.path
    if path is None or tree.ids_in(path)[-1] != asked:
        raise Forbidden(
            "not_asked",
            f"{act.asker.actor} does not act for unit {asked}, which was asked",
            remedy=f"a lead of unit {asked} gives the opinion",
        )
    act.put("escalation", None)
    act.move(Move.GUIDE, unit=asked, opinion=sent.opinion, measures=sent.measures)


async def _unreported(act: Act) -> list[int]:
    query = select(Assignment.unit_id).where(
        Assignment.ticket_id == act.ticket.id,
        Assignment.lead.is_(False),
        Assignment.ended_at.is_(None),
        Assignment.replied_at.is_(None),
    )
    return sorted((await act.session.scalars(query)).all())
