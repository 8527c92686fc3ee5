"""Who is on duty, and how patiently they are told: from the environment (`HOTLINE_DUTY_…`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One place of the duty list 值班表: a name to show, and the address that is told."""

    name: str
    url: str


def read_list(text: str) -> tuple[OnDuty, ...]:
    """Read `name=https://…` parted by commas or spaces; raises ValueError with the remedy."""
    return tuple(_one(part) for part in text.replace(",", " ").split())


def _one(part: str) -> OnDuty:
    name, sign, url = part.partition("=")
    parts = urlsplit(url)
    if not (name and sign and parts.hostname and parts.scheme in ("http", "https")):
        raise ValueError(f"write name=https://address, not {part[:60]!r}")
    return OnDuty(name[:100], url)


def _is_a_list(text: str) -> str:
    read_list(text)
    return text


class DutySettings(BaseSettings):
    """The duty list; without one alarms are shown on the consoles only."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    duty_list: Annotated[str, AfterValidator(_is_a_list)] = ""
    duty_secret: Annotated[SecretStr | None, Field(min_length=16, validate_default=True)] = None
    """Signs what is sent, so that the receiver knows the hotline by it."""
    duty_wait_seconds: Annotated[float, Field(gt=0)] = 120.0
    """How long one on duty has to take an alarm before the next is told."""
    duty_rounds: Annotated[int, Field(ge=1, le=20)] = 3
    """How often the whole list is gone through before nobody is told any more."""
    duty_tries: Annotated[int, Field(ge=1, le=50)] = 6
    """How often one address is tried before the next on duty is told at once."""
    duty_retry_seconds: Annotated[float, Field(gt=0)] = 2.0
    """The first pause between two tries; each further one is twice as long, up to a minute."""
    duty_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 5.0

    @field_validator("duty_secret")
    @classmethod
    def _signs(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("duty_list", "").strip():
            raise ValueError("a duty list needs a secret of 16 characters or more")
        return secret

    @property
    def people(self) -> tuple[OnDuty, ...]:
        """The duty list in its order."""
        return read_list(self.duty_list)

    def turn(self, number: int) -> OnDuty | None:
        """Return whose turn it is, or None when the list has been gone through often enough."""
        people = self.people
        if number >= len(people) * self.duty_rounds:
            return None
        return people[number % len(people)]
