"""The tables of the desk: drafts in somebody's hands, and the agents' states."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.people.models import Person
from backend.tickets.models import BigId, Ticket


class DraftHold(Base):
    """A draft that an agent has taken 领取: for a while nobody else gets it."""

    __tablename__ = "draft_holds"

    ticket_id: Mapped[int] = mapped_column(ForeignKey(Ticket.id), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    taken_at: Mapped[dt.datetime] = mapped_column(AwareTime)


class AgentSeat(Base):
    """An agent's telephone 坐席: its state since when, until when its secret holds, their call."""

    __tablename__ = "agent_seats"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[dt.datetime] = mapped_column(AwareTime)
    secret_until: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    session_id: Mapped[int | None] = mapped_column(BigId)
    call_id: Mapped[uuid.UUID | None]
