"""What signing in reads from the environment (`HOTLINE_…`); durations are in seconds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class PeopleSettings(BaseSettings):
    """Limits of sessions, of wrong passwords and of the password hash."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    session_idle_seconds: Seconds = 30 * 60
    """A session nobody used for so long is over."""
    session_longest_seconds: Seconds = 12 * 3600
    """No session lasts longer, used or not: one shift."""
    lock_after: Count = 5
    """So many wrong passwords for one login within the window, and it is locked."""
    lock_after_from_address: Count = 100
    """The same for one address, behind which a whole office may sit."""
    lock_window_seconds: Seconds = 15 * 60
    lock_seconds: Seconds = 15 * 60
    cookie_secure: bool = True
    """Browsers send the cookie over HTTPS only (and to this machine itself)."""
    hash_time_cost: Count = 3
    hash_memory_kib: Annotated[int, Field(ge=8)] = 65536
    hash_parallelism: Count = 4
    hashes_at_once: Count = 2
    """How many passwords are hashed at the same time; each takes `hash_memory_kib`."""
    hashes_waiting: Count = 64
    """How many may wait; more are told to try again."""
