"""A town whose citizens are called back: complete tickets, a clock, and calls told as stories."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.chain import START
from backend.calls.entries import read
from backend.database import Database
from backend.deadlines import SHANGHAI
from backend.privacy import Seal
from backend.reception.service import take_in
from backend.surveys import claiming, following, opening
from backend.surveys.channels import RINGING, UP, Ending
from backend.surveys.claiming import Claimed
from backend.surveys.codes import TryResult
from backend.surveys.models import Survey, SurveyTry
from backend.surveys.plan import Rules
from backend.surveys.planning import Policy
from backend.tickets import history, moving
from backend.tickets.models import Ticket
from backend.tickets.moves import Move
from backend.tickets.numbers import new_code, next_number
from backend.tickets.states import EventKind
from backend.units.models import Unit

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
"""A working day, at the first permitted minute."""
SATISFIED = {
    "way": "ready",
    "contact": "contacted",
    "solution": "solved",
    "satisfaction": "satisfied",
}


@dataclass
class Town:
    """The database, what seals it, the rules, and the time."""

    database: Database
    seal: Seal
    now: dt.datetime = MONDAY
    policy: Policy = field(default_factory=lambda: Policy(Rules()))

    async def complete(self, number: str | None = "13812345678", *, closed: bool = True) -> str:
        """A ticket that was answered, and whose caller is owed a callback."""
        async with self.database.transaction() as session:
            ticket = await self._ticket(session, number)
            for move in (Move.ANSWER, Move.ACCEPT_REPLY, *((Move.CLOSE,) if closed else ())):
                moving.move(session, ticket, move, actor="agent", at=self.now, version=None)
            return ticket.number

    async def _ticket(self, session: AsyncSession, number: str | None) -> Ticket:
        code, named = new_code(), await next_number(session, self.now)
        ticket = Ticket(
            number=named,
            code_digest=self.seal.digest_of_code(named, code),
            code_sealed=self.seal.close(code),
            state="draft",
            created_at=self.now,
            updated_at=self.now,
            version=1,
            words="暖气不热",
            words_sealed=self.seal.close("暖气不热"),
            kind="求助",
            acceptable=True,
            category="供热",
            contact_sealed=self.seal.close(number) if number else None,
            tier="24h",
            confidences={},
            unsure=[],
            notes={},
            authors={},
            pending={},
            events_count=0,
            events_head=START,
        )
        session.add(ticket)
        await session.flush()
        history.append(session, ticket, EventKind.DRAFTED, actor="agent", at=self.now, data={})
        return ticket

    async def open(self) -> int:
        async with self.database.transaction() as session:
            return await opening.open_due(session, self.seal, self.now)

    async def claim(self, actor: str = "dialler:1") -> Claimed | None:
        async with self.database.transaction() as session:
            return await claiming.claim(
                session, self.seal, self.policy, actor, self.now, uuid.uuid4()
            )

    async def left(self, call: uuid.UUID, cause: int | None, state: str = UP) -> TryResult | None:
        async with self.database.transaction() as session:
            ending = Ending(call, cause, state)
            return await following.left(session, ending, self.seal, self.policy, self.now)

    async def busy(self, call: uuid.UUID) -> None:
        assert await self.left(call, 17, RINGING) is TryResult.BUSY

    async def over(self, call: uuid.UUID, *, give_up: bool = False) -> TryResult | None:
        async with self.database.transaction() as session:
            return await following.over(
                session, call, self.seal, self.policy, self.now, give_up=give_up
            )

    async def tell(self, call: uuid.UUID, *entries: tuple[str, dict[str, Any]]) -> None:
        """Report what happened in a call, in this order."""
        at = dt.datetime.now(dt.UTC)
        made = [
            read(uuid.uuid4(), call, kind, at + dt.timedelta(milliseconds=n), data)
            for n, (kind, data) in enumerate(entries)
        ]
        async with self.database.transaction() as session:
            await take_in(session, made, self.seal, at)

    async def answer(
        self,
        call: uuid.UUID,
        said: dict[str, str],
        outcome: str = "completed",
        reason: str = "",
    ) -> TryResult | None:
        """The citizen answers, gives these answers by key, and the call ends."""
        story: list[tuple[str, dict[str, Any]]] = [("call.opened", {"flow": "survey"})]
        for question, answer in said.items():
            step = {"step": question, "reply": "key 1", "question": question}
            story.append(("call.step", step | {"answer": answer, "by": "key"}))
        if reason:
            heard = {"step": "reason", "listen_id": "r", "profile": "statement", "text": reason}
            story.append(("call.heard", heard | {"sound": "utterances/r.wav"}))
        story.append(("call.closed", {"outcome": outcome, "path": list(said)}))
        await self.tell(call, *story)
        assert await self.left(call, 16) is None
        return await self.over(call)

    async def call(self, said: dict[str, str], **more: Any) -> TryResult | None:
        """Dial whoever is due, and let them answer."""
        claimed = await self.claim()
        assert claimed is not None
        return await self.answer(claimed.id, said, **more)

    def later(self, **much: float) -> None:
        self.now += dt.timedelta(**much)

    async def survey(self, number: str) -> Survey:
        """The survey of a ticket that counts."""
        query = select(Survey).join(Ticket).where(Ticket.number == number)
        async with self.database.transaction(writes=False) as session:
            return (await session.scalars(query.order_by(Survey.id.desc()).limit(1))).one()

    async def handled_by(self, name: str, tickets: list[str]) -> None:
        """Let these tickets' surveys be about the work of a unit of this name."""
        unit = Unit(name=name, level="city", path=f"/{name}/", duties=[])
        unit.created_at = unit.updated_at = self.now
        async with self.database.transaction() as session:
            root = await session.scalar(select(Unit.id).where(Unit.parent_id.is_(None)))
            unit.parent_id = root
            session.add(unit)
            await session.flush()
            ids = select(Ticket.id).where(Ticket.number.in_(tickets))
            await session.execute(
                update(Survey).where(Survey.ticket_id.in_(ids)).values(unit_id=unit.id)
            )

    async def ticket(self, number: str) -> Ticket:
        async with self.database.transaction(writes=False) as session:
            return (await session.scalars(select(Ticket).where(Ticket.number == number))).one()

    async def tries(self) -> list[SurveyTry]:
        async with self.database.transaction(writes=False) as session:
            return list(await session.scalars(select(SurveyTry).order_by(SurveyTry.began_at)))
