"""Random walks over the whole table by real acts: history, ticket and units always agree."""

import random
from typing import Any

import pytest
from sqlalchemy import select

from backend.tickets.models import Assignment
from backend.tickets.moves import Move
from backend.tickets.moving import replay
from backend.tickets.states import State
from tests.backend.dispatch.town import Town

STEPS = 25
WHY = {"reason": "按规定处理"}
ADDRESS = {
    Move.PASS_ON: "pass-on",
    Move.RAISE: "emergency",
    Move.ASK_RETURN: "return",
    Move.ACCEPT_RETURN: "return/accept",
    Move.REFUSE_RETURN: "return/refuse",
    Move.ASK_EXTENSION: "extension",
    Move.GRANT_EXTENSION: "extension/grant",
    Move.REFUSE_EXTENSION: "extension/refuse",
    Move.JOIN: "co-handlers",
    Move.LIST_LONG: "long-list",
    Move.REVIEW: "long-list/review",
    Move.TAKE_OFF: "long-list/take-off",
    Move.ACCEPT_REPLY: "accept-reply",
}
BY_UNIT = {
    Move.SIGN,
    Move.START,
    Move.REPLY,
    Move.ASK_RETURN,
    Move.ASK_EXTENSION,
    Move.JOIN,
    Move.ESCALATE,
}


def who(move: Move) -> str:
    """Who may make a move, where the bureau leads and water helps."""
    match move:
        case Move.REPORT:
            return "water"
        case Move.GUIDE:
            return "county"
        case Move.RECOMPUTE:
            return "supervisor"
        case _:
            return "bureau" if move in BY_UNIT else "dispatcher"


def body(town: Town, move: Move) -> dict[str, Any]:
    """Return what the move needs, and more that it does not mind."""
    now, later = town.office.now.isoformat(), "2027-06-01"
    unit = {Move.JOIN: "water", Move.ESCALATE: "county"}.get(move, "bureau")
    words = ("answer", "basis", "body", "result", "why_late", "progress", "lacking", "opinion")
    words += ("measures", "explanation", "scope", "standard", "procedure", "finding", "note")
    return {
        **dict.fromkeys(words, "按规定处理"),
        **WHY,
        "unit_id": town.units[unit],
        "tier": "2h" if move is Move.JOIN else "5d",
        "clause": "12.1",
        "told_at": now,
        "caller_told_at": now,
        "service": "119",
        "working_days": 3,
        "review_on": later,
        "callback": "satisfied",
        "done": True,
    }


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_done_history_ticket_and_units_agree(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    number, done = await town.draft(), set[str]()

    for _ in range(STEPS):
        stands = await town.stands(number)
        ways = [Move(one["move"]) for one in stands["moves"]]
        move = chance.choice([one for one in ways if one not in (Move.MERGE, Move.WITHDRAW)])
        address = ADDRESS.get(move, move.value)
        answer = await town.try_to(who(move), address, number, **body(town, move))
        town.pass_time(hours=chance.choice([1, 5, 30]))

        assert answer.status_code in (200, 403, 404, 409), (move, answer.text)
        if answer.status_code == 200:
            done.add(move.value)
        await agree(town, number)

    assert len(done) > 4


async def agree(town: Town, number: str) -> None:
    """Prove the history, and that it leads to what the ticket and its lead say."""
    ticket, events = await town.ticket(number), await town.events(number)
    assert replay(events) == (State(ticket.state), ticket.deadline)
    query = select(Assignment).where(
        Assignment.ticket_id == ticket.id, Assignment.lead, Assignment.ended_at.is_(None)
    )
    async with town.office.database.transaction(writes=False) as session:
        leads = (await session.scalars(query)).all()
    assert len(leads) <= 1
    assert all(one.deadline == ticket.deadline for one in leads)
    assert all(one.due_at == ticket.due_at for one in leads)
