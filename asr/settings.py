"""What the speech program needs to know about this installation."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65535)]


class VoiceSettings(BaseSettings):
    """What rendering speech needs; read from variables that begin with ``HOTLINE_``."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", frozen=True, extra="ignore")

    home: Path = Path("var")
    media: Path = Path("var/media")
    voice_cache: Path = Path("var/voice")
    voice: str = "jf_alpha"
    """The neural voice of the prompts."""
    voice_engine: Literal["auto", "kokoro", "espeak"] = "auto"
    voice_speed: float = Field(default=1.15, ge=0.5, le=2.0)


class ModelSettings(BaseSettings):
    """Which recogniser is used, and where its models lie."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", frozen=True, extra="ignore")

    models: Path = Path("var/models")
    asr_engine: Literal["auto", "vosk", "whisper"] = "auto"
    vosk_model: Path | None = None
    """A directory that holds a Vosk model; overrides the store."""
    whisper_threads: int = Field(default=2, ge=1, le=32)
    whisper_beam: int = Field(default=5, ge=1, le=10)
    city: str = "保定"


class Settings(VoiceSettings, ModelSettings):
    """Everything the server needs. Durations in seconds."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", frozen=True, extra="ignore")

    service_token: SecretStr
    redis_url: str | None = None
    asr_host: str = "127.0.0.1"
    asr_bind: str | None = None
    asr_port: Port
    audiosocket_host: str = "127.0.0.1"
    audiosocket_bind: str | None = None
    audiosocket_port: Port
    emergency_cues: Path | None = None
    """A file of further cues, read beside the built-in ones."""

    open_slots: int | None = Field(default=None, ge=1, le=500)
    """Open dictations at once; by default as many as this machine's cores carry in time."""
    grammar_slots: int | None = Field(default=None, ge=1, le=2000)
    """Closed questions at once; by default ten times the cores."""
    emergency_slots: int = Field(default=1, ge=0, le=100)
    """Slots beyond the others that only calls about an emergency may take."""
    announce_seconds: float = Field(default=10, ge=1, le=120)
    final_seconds: float = Field(default=8, ge=1, le=60)
    """How long final words may take before the worker counts as hung."""
    keep_seconds: float = Field(default=600, ge=10, le=86400)

    @property
    def cores(self) -> int:
        """Count the cores this process may use."""
        return len(os.sched_getaffinity(0))
