"""How call control is reached, and how patiently callers are called back."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backend.ami import AmiLogin
from backend.settings import PREFIX

SERVICES = ("110", "119", "120", "122")


def _numbers(value: object) -> object:
    """Read ``119=03121190099,120=8899@second`` as a test number for each service."""
    if not isinstance(value, str):
        return value
    found: dict[str, str] = {}
    for pair in value.split(","):
        if not pair.strip():
            continue
        service, sign, route = (part.strip() for part in pair.partition("="))
        number = route.partition("@")[0]
        if service not in SERVICES or not sign or not (number.isascii() and number.isdigit()):
            raise ValueError(f"{pair!r} is not service=number, as in 119=03121190099")
        found[service] = route
    return found


class LineSettings(BaseSettings):
    """Read from variables that begin with ``HOTLINE_``; durations in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    ami_host: str = "127.0.0.1"
    ami_port: int = 12350
    ami_secret: SecretStr = SecretStr("")
    trunks: str = ""
    city_number: str = "031212345"
    call_back_turns: Annotated[int, Field(ge=1, le=5)] = 3
    call_back_ring_seconds: Annotated[int, Field(ge=5, le=60)] = 25
    call_back_pause_seconds: Annotated[float, Field(ge=0)] = 15.0
    """Between one turn that reached nobody and the next."""
    test_numbers: Annotated[dict[str, str], NoDecode, BeforeValidator(_numbers)] = {}
    """Numbers that answer by themselves, one a service: a check rings them and nobody else."""
    line_check_hour: Annotated[int, Field(ge=0, le=23)] = 5
    """At this hour, local time, every route is checked."""
    routes_110: str = "110"
    routes_119: str = "119"
    routes_120: str = "120"
    routes_122: str = "122"

    @property
    def login(self) -> AmiLogin:
        """Where the hotline's Asterisk is controlled."""
        return AmiLogin(self.ami_host, self.ami_port, "hotline", self.ami_secret.get_secret_value())

    @property
    def trunk_names(self) -> tuple[str, ...]:
        """The trunks in the order in which they are tried."""
        more = (pair.partition("=")[0].strip() for pair in self.trunks.split(",") if pair.strip())
        return ("trunk", *more)

    @property
    def routes(self) -> dict[str, list[str]]:
        """The routes of each service, as ``number`` or ``number@trunk``."""
        told = (self.routes_110, self.routes_119, self.routes_120, self.routes_122)
        return {
            service: [route.strip() for route in text.split(",") if route.strip()]
            for service, text in zip(SERVICES, told, strict=True)
        }
