"""Agents at their telephones and callers in the queue, put into the database of a test."""

import datetime as dt
import uuid

from sqlalchemy import select

from backend.desk import seats
from backend.desk.models import AgentSeat
from backend.desk.seats import SeatState
from backend.people.models import Person
from backend.people.roles import Role
from backend.queue.models import QueueWait
from tests.backend.console.desk import Console
from tests.backend.story import Story

QUICK, SLOW = dt.timedelta(seconds=9), dt.timedelta(seconds=40)


async def staffed(console: Console, state: SeatState, *, name: str, talk: str | None) -> None:
    """Seat one more agent; `talk` is how far the call at the telephone is: rung, connected."""
    now = dt.datetime.now(dt.UTC)
    login = await console.person(Role.AGENT, name=name)
    async with console.app.state.database.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.login == login))).one()
        seat = AgentSeat(person_id=person.id, state=state.value, since=now)
        if talk:
            seat.call_id = uuid.uuid4()
            wait = QueueWait(call_id=seat.call_id, joined_at=now - SLOW)
            if talk == "connected":
                wait.connected_at = now - SLOW + QUICK
                wait.agent = f"PJSIP/{seats.name_of(person.id)}"
            session.add(wait)
        session.add(seat)


async def waits(console: Console, seconds: float) -> None:
    """Have a caller wait in the queue for so long already."""
    story = Story()
    story.opened()
    await console.api.post("/api/journal", json={"entries": story.entries})
    joined = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)
    async with console.app.state.database.transaction() as session:
        session.add(QueueWait(call_id=uuid.UUID(story.call_id), joined_at=joined))
