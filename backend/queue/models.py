"""The tables of the queue: each wait, each try to call somebody back, agents' skills."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.calls.models import Call
from backend.database import AwareTime, Base
from backend.people.models import Person


class QueueWait(Base):
    """One wait of one call: joined, then connected with an agent, or left."""

    __tablename__ = "queue_waits"
    __table_args__ = (Index("ix_queue_waits_joined_at", "joined_at"),)

    call_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    joined_at: Mapped[dt.datetime] = mapped_column(AwareTime, primary_key=True)
    connected_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    left_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    agent: Mapped[str | None] = mapped_column(String(80))


class ReturnedCall(Base):
    """A missed call that an agent has called back 漏接回拨, or taken to call back."""

    __tablename__ = "returned_calls"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Call.id), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    at: Mapped[dt.datetime] = mapped_column(AwareTime)
    result: Mapped[str | None] = mapped_column(String(20))
    tries: Mapped[int] = mapped_column(default=1)


class KeptPlace(Base):
    """A caller who hung up to be called back, and whose place in the queue is kept 保留位置."""

    __tablename__ = "kept_places"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Call.id), primary_key=True)
    arrived_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    """When the place was got: callers are called back in this order."""
    asked_at: Mapped[dt.datetime] = mapped_column(AwareTime)


class AgentSkill(Base):
    """A dialect or language that an agent speaks 技能; see `backend.queue.skills`."""

    __tablename__ = "agent_skills"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    skill: Mapped[str] = mapped_column(String(20), primary_key=True)
