"""From when the machine finds a matter to be supervised (`HOTLINE_SUPERVISION_…`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.deadlines import Tier

Count = Annotated[int, Field(ge=2, le=1000)]


class SupervisionSettings(BaseSettings):
    """Thresholds and terms; the article names the cases, the city their figures."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_SUPERVISION_", extra="ignore")

    unsigned_hours: Annotated[float, Field(ge=0)] = 4.0
    """Unsigned so long after the time to sign counts as refusing to (Art. 24(1))."""
    same_caller: Count = 3
    same_caller_days: Annotated[int, Field(ge=1, le=366)] = 30
    callers: Count = 5
    callers_hours: Annotated[int, Field(ge=1, le=720)] = 24
    redone: Count = 3
    passed_on: Count = 3
    first_term: Tier = Tier.THREE_DAYS
    """By when a unit answers at the first level; the higher levels have less."""
    second_term: Tier = Tier.ONE_DAY
    third_term: Tier = Tier.ONE_DAY
    round_seconds: Annotated[float, Field(gt=0)] = 30.0
    groups_seconds: Annotated[float, Field(gt=0)] = 300.0
    """How often callers and matters are compared; late tickets are looked for every round."""

    def term(self, level: int) -> Tier:
        """Return how long a unit has to answer at a level."""
        return (self.first_term, self.second_term, self.third_term)[level - 1]


@lru_cache(maxsize=1)
def settings() -> SupervisionSettings:
    """Return the settings in use."""
    return SupervisionSettings()
