"""What the archive reads from the environment (`HOTLINE_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX

DAYS_OF_THREE_YEARS = 1096


class ArchiveSettings(BaseSettings):
    """Where the archive is and how long it keeps what."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    home: Path | None = None
    archive: Path | None = None
    """The archive's directory; without it `archive` below HOTLINE_HOME."""
    recordings_keep_days: Annotated[int, Field(ge=1)] = DAYS_OF_THREE_YEARS
    seal_after_seconds: Annotated[float, Field(ge=0)] = 600.0
    """How long a call must be over, with all its words known, before its sound is sealed."""
    archive_round_seconds: Annotated[float, Field(gt=0)] = 3600.0
    """How often old sounds are looked for and histories are witnessed."""
    listening_seconds: Annotated[int, Field(ge=10)] = 900
    """How long a recording may be played after the look was recorded."""
    attachment_most_bytes: Annotated[int, Field(ge=1024)] = 20 * 1024 * 1024
    attachments_most: Annotated[int, Field(ge=1)] = 50
    """How many files one ticket may carry."""
    virus_scanner: str = ""
    """A command that reads a file on its standard input and ends with 0 if it is clean."""
    virus_scanner_seconds: Annotated[float, Field(gt=0)] = 30.0

    def directory(self, media: Path) -> Path:
        """Return the archive's directory."""
        return self.archive or (self.home or media.parent) / "archive"
