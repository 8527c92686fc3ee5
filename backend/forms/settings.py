"""How citizens reach their pages (`HOTLINE_…`)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ValueError("must be an address like https://12345.example.cn")
    return url.rstrip("/")


class FormSettings(BaseSettings):
    """The address of the citizens' pages, and how long a link lives; without one none is sent."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    city: str = "保定"
    public_url: Annotated[str, AfterValidator(_address)] | None = None
    survey_link_hours: Annotated[float, Field(gt=0, le=24 * 14)] = 72.0
