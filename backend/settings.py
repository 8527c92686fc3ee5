"""What the backend and its worker read from the environment (`HOTLINE_…`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, TypeVar

from cryptography.fernet import Fernet
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "HOTLINE_"
REMEDY = "set it in the environment or in hotline.env"


def _is_a_key(value: SecretStr) -> SecretStr:
    try:
        Fernet(value.get_secret_value())
    except ValueError as error:
        raise ValueError("must be a Fernet key: 32 bytes in URL-safe base64") from error
    return value


def _is_a_known_database(url: str) -> str:
    if not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return url


class DatabaseSettings(BaseSettings):
    """Where the database is: all that a migration needs."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    database_url: Annotated[str, AfterValidator(_is_a_known_database)]


class Settings(DatabaseSettings):
    """What the backend needs; durations are in seconds."""

    service_token: Annotated[SecretStr, Field(min_length=16)]
    data_key: Annotated[SecretStr, AfterValidator(_is_a_key)]
    redis_url: str = "redis://127.0.0.1:6379/0"
    backend_host: str = "127.0.0.1"
    backend_bind: str | None = None
    backend_port: int = 12345
    backend_workers: Annotated[int, Field(ge=1, le=64)] = 1
    """How many processes answer requests; each keeps meters of its own."""
    asr_host: str = "127.0.0.1"
    asr_port: int = 12348
    media: Path
    instance: str = "hotline"
    city: str = "保定"
    calendar: Path | None = None
    """The operator's file of holidays and make-up days; read anew when it changes."""
    lease_seconds: Annotated[float, Field(gt=0)] = 30.0
    settle_seconds: Annotated[float, Field(ge=0)] = 20.0
    """How long the files of a call that never closed must rest before it is adopted."""
    closed_settle_seconds: Annotated[float, Field(ge=0)] = 3.0
    """How long the files of a closed call must rest before they are hashed."""
    scan_seconds: Annotated[float, Field(gt=0)] = 1.0
    transcription_tries: Annotated[int, Field(ge=1)] = 8
    """How often a sound is offered to the recogniser before it is given to a person."""
    retry_seconds: Annotated[float, Field(gt=0)] = 5.0


S = TypeVar("S", bound=BaseSettings)


def load(kind: type[S]) -> S:
    """Read the settings, or end the program (exit 2) with a line for each wrong variable."""
    try:
        return kind()
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = PREFIX + str(problem["loc"][0]).upper()
            print(f"{name}: {problem['msg']}; {REMEDY}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
