"""By when a unit signs 签收时限 (Art. 20): soon enough that the tier can still be kept."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.deadlines import Calendar, Counting, Inputs, Tier, count_period, in_shanghai
from backend.deadlines.moments import end_of


class SigningSettings(BaseSettings):
    """How long a unit has to sign, by the tier of the ticket (`HOTLINE_SIGN_…`)."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_SIGN_", extra="ignore")

    two_hours_minutes: Annotated[int, Field(ge=1, le=120)] = 30
    one_day_hours: Annotated[int, Field(ge=1, le=24)] = 4
    days_working_days: Annotated[int, Field(ge=1, le=3)] = 1


@lru_cache(maxsize=1)
def settings() -> SigningSettings:
    """Return the limits in use."""
    return SigningSettings()


def sign_by(given_at: dt.datetime, inputs: Inputs, calendar: Calendar) -> dt.datetime:
    """Return the last moment to sign a ticket given now, in the zone of the city."""
    limits, start = settings(), in_shanghai(given_at)
    match inputs.tier:
        case Tier.TWO_HOURS:
            return start + dt.timedelta(minutes=limits.two_hours_minutes)
        case Tier.ONE_DAY:
            return start + dt.timedelta(hours=limits.one_day_hours)
        case Tier.THREE_DAYS | Tier.FIVE_DAYS:
            counting = Counting.EVERY if inputs.round_the_clock else Counting.WORKING
            days = count_period(start.date(), limits.days_working_days, counting, calendar)
            return end_of(days.last_day, None)
