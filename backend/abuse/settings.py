"""From when a caller's incidents are put before a person (`HOTLINE_ABUSE_…`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class AbuseSettings(BaseSettings):
    """Figures of the city's own choice; the article has none."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_ABUSE_", extra="ignore")

    notes: Annotated[int, Field(ge=1)] = 3
    """So many noted incidents within the days make a case."""
    days: Annotated[int, Field(ge=1)] = 30
    tickets: Annotated[int, Field(ge=2)] = 10
    """So many tickets of one caller within the hours are noted by the machine."""
    hours: Annotated[int, Field(ge=1)] = 24


@lru_cache(maxsize=1)
def settings() -> AbuseSettings:
    """Return the settings in use."""
    return AbuseSettings()
