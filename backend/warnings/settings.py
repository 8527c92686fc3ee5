"""From when tickets together are taken for the sign of an emergency (`HOTLINE_WARNING_…`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

RISKY = (
    "供热",
    "供水",
    "供电",
    "供气",
    "市政设施",
    "环境污染",
    "电梯",
    "房屋质量",
    "医疗卫生",
    "社会治安",
    "消防安全",
)
"""Matters behind which an emergency may stand."""


class WarningSettings(BaseSettings):
    """Figures of the city's own choice."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_WARNING_", extra="ignore")

    callers: Annotated[int, Field(ge=2)] = 5
    hours: Annotated[int, Field(ge=1, le=24)] = 2
    matters: tuple[str, ...] = RISKY


@lru_cache(maxsize=1)
def settings() -> WarningSettings:
    """Return the settings in use."""
    return WarningSettings()
