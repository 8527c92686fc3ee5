"""How notices leave the house (`HOTLINE_SMS_…`, `HOTLINE_NOTICE_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MOBILE = r"^1[3-9]\d{9}$"


class NoticeSettings(BaseSettings):
    """An SMS service by HTTP, or a directory in which each message becomes a file."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", extra="ignore")

    city: str = "保定"
    sms_url: str | None = None
    sms_token: SecretStr | None = None
    sms_directory: Path | None = None
    """For trials: each message becomes a file here, with its number in plain sight."""
    discipline_number: Annotated[str, Field(pattern=MOBILE)] | None = None
    """The mobile number of the office that oversees discipline 纪检监察: told at level three."""
    discipline_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")] | None = None
    """Its system instead, told by a webhook that `discipline_secret` signs."""
    discipline_secret: SecretStr | None = None
    notice_tries: Annotated[int, Field(ge=1)] = 8
    notice_retry_seconds: Annotated[float, Field(ge=0)] = 5.0
    notice_timeout_seconds: Annotated[float, Field(gt=0)] = 10.0

    @property
    def oversees(self) -> bool:
        """Tell whether the office that oversees discipline can be reached."""
        return bool(self.discipline_number or self.discipline_url)
