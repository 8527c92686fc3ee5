"""What an alarm looks like from outside."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, Field

from backend.alarms.models import Alarm, AlarmDelivery
from backend.alarms.service import Level


class DeliveryView(BaseModel):
    """One turn of the duty list."""

    turn: int
    duty: str
    tries: int
    began_at: dt.datetime
    delivered_at: dt.datetime | None
    given_up_at: dt.datetime | None
    fault: str | None


class AlarmView(BaseModel):
    """An alarm, who has taken it, and who was told of it."""

    id: uuid.UUID
    kind: str
    level: Level
    text: str
    call_id: uuid.UUID | None
    ticket_id: int | None
    raised_at: dt.datetime
    acknowledged_at: dt.datetime | None
    acknowledged_by: str | None
    note: str | None
    unheard_at: dt.datetime | None
    deliveries: list[DeliveryView]


class AlarmPage(BaseModel):
    """Some alarms, newest first; `next_before` asks for the ones after them."""

    items: list[AlarmView]
    next_before: uuid.UUID | None


class Acknowledgement(BaseModel):
    """Somebody takes the alarm."""

    note: Annotated[str, Field(max_length=1000)] | None = None


def alarm_view(alarm: Alarm, deliveries: Iterable[AlarmDelivery]) -> AlarmView:
    """Show an alarm with its own among these deliveries."""
    own = [
        DeliveryView.model_validate(one, from_attributes=True)
        for one in deliveries
        if one.alarm_id == alarm.id
    ]
    facts = {name: getattr(alarm, name) for name in AlarmView.model_fields if name != "deliveries"}
    return AlarmView.model_validate({**facts, "deliveries": own})
