"""Duplicates 并单: the matter is dealt with once, in the parent; every caller is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.dispatch.act import Act
from backend.dispatch.assignments import end_all
from backend.dispatch.schemas import Merge, Reasoned
from backend.errors import Conflict, Invalid, NotFound
from backend.tickets import history, moving
from backend.tickets import service as tickets
from backend.tickets.models import Merged, Ticket
from backend.tickets.moves import Move
from backend.tickets.states import EventKind, State

TAKES_NO_MORE = frozenset(
    {
        State.AWAITING_CALLBACK,
        State.CLOSED,
        State.REFUSED,
        State.PASSED_ON,
        State.MERGED,
        State.WITHDRAWN,
    }
)
"""States of a parent in which another caller would no longer be told with the rest."""


async def hold_both(session: AsyncSession, number: str, into: str) -> None:
    """Hold two tickets until the commit, always in the same order, so that nobody waits in a ring.

    Raises Invalid when they are one, NotFound for a parent that is not there.
    """
    if number == into:
        raise Invalid(
            "same_ticket",
            "into: a ticket is not merged into itself",
            field="into",
            remedy="name the other ticket",
        )
    for one in sorted((number, into)):
        if await tickets.by_number(session, one, locked=True) is None and one == into:
            raise NotFound(
                "no_such_ticket",
                f"into: there is no ticket {into}",
                field="into",
                remedy="check the number of the parent",
            )


async def merge(act: Act, sent: Merge) -> None:
    """Make a ticket the duplicate of another; both must be held."""
    parent = await tickets.by_number(act.session, sent.into)
    assert parent
    if State(parent.state) in TAKES_NO_MORE:
        raise Conflict(
            "takes_no_more",
            f"into: the parent is {parent.state} {State(parent.state).chinese}",
            field="into",
            remedy="choose a ticket that is still being dealt with",
        )
    await refuse_while_merged(act)
    act.session.add(Merged(ticket_id=act.ticket.id, parent_id=parent.id, at=act.at))
    _tell_parent(act, parent, EventKind.MERGED_IN)
    act.move(Move.MERGE, into=parent.number, reason=sent.reason, ended=await end_all(act))


async def split(act: Act, sent: Reasoned) -> None:
    """Undo a merge: the ticket goes its own way again."""
    parent = await parent_of(act.session, act.ticket)
    assert parent
    await act.session.execute(delete(Merged).where(Merged.ticket_id == act.ticket.id))
    held = await tickets.by_number(act.session, parent.number, locked=True)
    assert held
    _tell_parent(act, held, EventKind.SPLIT_OFF)
    act.move(Move.SPLIT, reason=sent.reason, parent=parent.number)


async def callers_follow(act: Act) -> None:
    """Have every caller of a merged ticket called back, now that the parent's matter is decided."""
    for child in await merged_into(act.session, act.ticket, locked=True):
        if child.state == State.MERGED:
            data: dict[str, Any] = {"parent": act.ticket.number, "parent_state": act.ticket.state}
            moving.move(
                act.session,
                child,
                Move.FOLLOW,
                actor=act.asker.actor,
                at=act.at,
                version=None,
                data=data,
            )


async def refuse_while_merged(act: Act) -> None:
    """Raise Conflict while callers of merged tickets wait for this one."""
    waiting = [
        one.number
        for one in await merged_into(act.session, act.ticket)
        if one.state == State.MERGED
    ]
    if waiting:
        raise Conflict(
            "others_wait",
            f"callers of {', '.join(waiting)} wait for this ticket",
            field="number",
            remedy="split those tickets off first",
        )


async def merged_into(
    session: AsyncSession, parent: Ticket, *, locked: bool = False
) -> Sequence[Ticket]:
    """Return the duplicates of a ticket, oldest first."""
    query = (
        select(Ticket)
        .join(Merged, Merged.ticket_id == Ticket.id)
        .where(Merged.parent_id == parent.id)
        .order_by(Ticket.id)
    )
    return (await session.scalars(query.with_for_update(of=Ticket) if locked else query)).all()


async def parent_of(session: AsyncSession, ticket: Ticket) -> Ticket | None:
    """Return the ticket that this one was merged into, or None."""
    query = select(Ticket).join(Merged, Merged.parent_id == Ticket.id)
    return await session.scalar(query.where(Merged.ticket_id == ticket.id))


def _tell_parent(act: Act, parent: Ticket, kind: EventKind) -> None:
    data = {"ticket": act.ticket.number}
    history.append(act.session, parent, kind, actor=act.asker.actor, at=act.at, data=data)
