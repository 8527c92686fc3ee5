"""When and how citizens are called back, and over which lines: from the environment."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX
from backend.surveys.plan import Part, Rules

PARTS = "上午=09:00-10:30,午前=10:30-12:00,下午=14:30-17:30,晚间=18:30-20:30"


def read_parts(text: str) -> tuple[Part, ...]:
    """Read `name=09:00-10:30` parted by commas; raises ValueError."""
    return tuple(_part(one) for one in text.split(","))


def _part(text: str) -> Part:
    name, sign, hours = text.strip().partition("=")
    begins, dash, ends = hours.partition("-")
    if not (name and sign and dash):
        raise ValueError(f"write name=09:00-10:30, not {text[:40]!r}")
    return Part(name[:10], dt.time.fromisoformat(begins), dt.time.fromisoformat(ends))


def _are_parts(text: str) -> str:
    read_parts(text)
    return text


class SurveySettings(BaseSettings):
    """The operator's choices for callbacks."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    survey_parts: Annotated[str, AfterValidator(_are_parts)] = PARTS
    survey_tries: Annotated[int, Field(ge=1, le=4)] = 4
    survey_rest_hours: Annotated[float, Field(gt=0)] = 20.0
    survey_window_days: Annotated[float, Field(gt=0)] = 15.0
    survey_on_rest_days: bool = False
    """Whether citizens are called on weekends and holidays too."""
    survey_clock: Path | None = None
    """A file that holds how many seconds the surveys' clock is ahead: for rehearsals alone."""

    @model_validator(mode="after")
    def _can_be_kept(self) -> SurveySettings:
        _ = self.rules
        return self

    @property
    def rules(self) -> Rules:
        """The rules of the plan."""
        return Rules(
            parts=read_parts(self.survey_parts),
            most_tries=self.survey_tries,
            rest=dt.timedelta(hours=self.survey_rest_hours),
            window=dt.timedelta(days=self.survey_window_days),
        )


class LineSettings(SurveySettings):
    """What the dialler needs besides: call control, and how much of the lines is its own."""

    ami_host: str = "127.0.0.1"
    ami_port: int
    ami_secret: SecretStr
    survey_trunk: Annotated[str, Field(pattern=r"^[a-z0-9]+$")] = "trunk"
    city_number: Annotated[str, Field(pattern=r"^[0-9]{3,20}$")] = "031212345"
    """What citizens see on their telephone."""
    trunk_lines: Annotated[int, Field(ge=1)] = 30
    """How many calls the trunk carries at once, both ways together."""
    emergency_lines: Annotated[int, Field(ge=0)] = 2
    """How many of them are kept for danger: neither surveys nor agents' calls take them."""
    survey_lines: Annotated[int, Field(ge=0)] = 6
    """How many of them surveys may use at once."""
    survey_inbound_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """The share of the trunk that surveys leave free for citizens who call, whatever happens."""
    survey_calls_per_second: Annotated[float, Field(gt=0, le=50)] = 1.0
    survey_ring_seconds: Annotated[int, Field(ge=5, le=120)] = 30
    survey_longest_seconds: Annotated[int, Field(ge=60, le=1800)] = 420
    """After so long a survey call is ended."""
    survey_words_seconds: Annotated[float, Field(ge=0)] = 45.0
    """How long the end of a call waits for what was said in it."""
