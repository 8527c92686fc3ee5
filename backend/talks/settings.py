"""How the two sides of a talk reach the recogniser."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX


class TalkSettings(BaseSettings):
    """Read from variables that begin with ``HOTLINE_``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    audiosocket_host: str = "127.0.0.1"
    audiosocket_port: int = 12347
    talk_spare_slots: Annotated[int, Field(ge=0, le=500)] = 1
    """So many recognisers stay free for the next caller: a side of a talk takes none of them."""

    @property
    def audiosocket(self) -> str:
        """Where Asterisk sends the sound of a side."""
        return f"{self.audiosocket_host}:{self.audiosocket_port}"
