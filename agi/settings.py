"""What the call scripts need to know about this installation."""

from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _route(value: object) -> object:
    """Read ``119,03125119119@second`` as numbers, each with its trunk, to dial in order."""
    numbers = value.split(",") if isinstance(value, str) else value
    if not isinstance(numbers, list | tuple):
        raise ValueError("write numbers with commas between them")
    kept = tuple(str(number).strip() for number in numbers if str(number).strip())
    if not kept:
        raise ValueError("write at least one number")
    for route in kept:
        number, at, trunk = route.partition("@")
        if at and not (trunk.isascii() and trunk.isalnum()):
            raise ValueError(f"{route!r} names no trunk after the @")
        if not (number.isascii() and number.isdigit() and 3 <= len(number) <= 15):
            raise ValueError(f"{number!r} is not a number of 3 to 15 digits")
    return kept


def _prefixes(value: object) -> object:
    """Read ``定州=0312,沧州=0317`` as area prefixes by the name of the city."""
    pairs = value.split(",") if isinstance(value, str) else []
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, prefix = (part.strip() for part in pair.partition("="))
        if pair.strip() and not (sign and name and prefix.isascii() and prefix.isdigit()):
            raise ValueError(f"{pair!r} is not name=prefix, as in 沧州=0317")
        if pair.strip():
            found[name] = prefix
    return found


Route = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_route)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Read from variables that begin with ``HOTLINE_``; durations in seconds."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", frozen=True, extra="ignore")

    home: Path
    media: Path
    media_inside: str
    service_token: SecretStr
    data_key: SecretStr

    agi_host: str = "127.0.0.1"
    agi_bind: str | None = None
    agi_port: Port
    asr_host: str = "127.0.0.1"
    asr_port: Port
    audiosocket_host: str = "127.0.0.1"
    audiosocket_port: Port
    backend_host: str = "127.0.0.1"
    backend_port: Port

    most_calls: int = Field(default=300, ge=1, le=5000)
    """Calls carried at once; one more falls back to the agents' queue."""
    agents_queue: str = Field(default="agents", pattern=r"^[a-z][a-z0-9_-]*$")
    agents_wait_seconds: int = Field(default=180, ge=5, le=3600)
    dialect_seconds: int = Field(default=15, ge=1, le=300)
    """How long only agents who speak the caller's dialect are rung."""
    trunk: str = Field(default="trunk", pattern=r"^[a-z][a-z0-9_-]*$")
    routes_110: Route = ("110",)
    routes_119: Route = ("119",)
    routes_120: Route = ("120",)
    routes_122: Route = ("122",)
    bridge_second_service: bool = True
    """Whether a second service that is needed is rung too, and joins the talk."""
    neighbours: Annotated[dict[str, str], NoDecode, BeforeValidator(_prefixes)] = {}
    """Area prefixes of neighbour cities: a service is rung there when the caller names one."""

    @cached_property
    def routes(self) -> dict[str, tuple[str, ...]]:
        """The numbers of each emergency service, in the order to try them."""
        return {
            "110": self.routes_110,
            "119": self.routes_119,
            "120": self.routes_120,
            "122": self.routes_122,
        }

    @property
    def asr_url(self) -> str:
        """Where the recogniser answers over HTTP."""
        return f"http://{self.asr_host}:{self.asr_port}"

    @property
    def backend_url(self) -> str:
        """Where the backend answers over HTTP."""
        return f"http://{self.backend_host}:{self.backend_port}"


class SettingsError(Exception):
    """A variable is missing or wrong; the text names it and the remedy."""


def load() -> Settings:
    """Read the settings from the environment, or raise ``SettingsError`` with one clear line."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "HOTLINE_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        remedy = "set it in the instance's hotline.env" if first["type"] == "missing" else "mend it"
        raise SettingsError(f"{name}: {first['msg'].lower()}; {remedy}") from None
