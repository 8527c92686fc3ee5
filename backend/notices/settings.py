"""How notices leave the house (`HOTLINE_SMS_…`, `HOTLINE_NOTICE_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class NoticeSettings(BaseSettings):
    """An SMS service by HTTP, or a directory in which each message becomes a file."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", extra="ignore")

    city: str = "保定"
    sms_url: str | None = None
    sms_token: SecretStr | None = None
    sms_directory: Path | None = None
    """For trials: each message becomes a file here, with its number in plain sight."""
    notice_tries: Annotated[int, Field(ge=1)] = 8
    notice_retry_seconds: Annotated[float, Field(ge=0)] = 5.0
    notice_timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
