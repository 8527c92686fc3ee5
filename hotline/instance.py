"""One installed hotline: where its files are, its ports, and the secrets it made for itself."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

CHECKOUT = Path(__file__).resolve().parent.parent
"""The directory that holds the programs."""

DEFAULT_PORT_BASE = 12345
"""The backend's port; every other port is counted from it."""

PORTS = (
    "BACKEND",
    "AGI",
    "AUDIOSOCKET",
    "ASR",
    "REDIS",
    "AMI",
    "EXCHANGE_AMI",
    "SIP",
    "EXCHANGE_SIP",
    "WSS",
)
"""The ports of one instance, in the order in which they follow the base."""

RTP_SPAN = 1000
"""How many ports each Asterisk may use for sound: two for every call at once."""

PREFIX = "HOTLINE_"


class InstanceError(Exception):
    """The instance cannot be used as it is; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance keeps its own files, and what it shares with others on the machine."""

    home: Path
    name: str = "hotline"
    port_base: int = DEFAULT_PORT_BASE
    shared: Path = CHECKOUT / "var"
    """Holds what instances share: the Asterisk root, the models, the rendered voice."""


def settings_of(place: Place) -> dict[str, str]:
    """Return the variables of a new instance, with fresh secrets, without the prefix."""
    root = place.shared / "asterisk"
    ports = {f"{name}_PORT": str(place.port_base + i) for i, name in enumerate(PORTS)}
    rtp = place.port_base + RTP_SPAN + place.port_base % 2
    return {
        "HOME": str(place.home),
        "INSTANCE": place.name,
        "CITY": "保定",
        "ASTERISK_ROOT": str(root),
        "MEDIA": str(root / "srv" / place.name / "media"),
        "MEDIA_INSIDE": f"/srv/{place.name}/media",
        "MODELS": str(place.shared / "models"),
        "VOICE_CACHE": str(place.shared / "voice"),
        "SMS_DIRECTORY": str(place.home / "sms"),
        "DATABASE_URL": f"sqlite+aiosqlite:///{place.home / 'hotline.db'}",
        "REDIS_URL": f"redis://127.0.0.1:{ports['REDIS_PORT']}/0",
        **ports,
        "RTP_START": str(rtp),
        "RTP_END": str(rtp + RTP_SPAN - 1),
        "EXCHANGE_RTP_START": str(rtp + RTP_SPAN),
        "EXCHANGE_RTP_END": str(rtp + 2 * RTP_SPAN - 1),
        **{f"{name}_HOST": "127.0.0.1" for name in ("BACKEND", "AGI", "AUDIOSOCKET", "ASR", "SIP")},
        "EXCHANGE": "yes",
        "EXCHANGE_HOST": "127.0.0.2",
        "TRUNK_MATCH": "127.0.0.2,127.0.0.3",
        "DUTY_LIST": "",
        "DUTY_SECRET": secrets.token_urlsafe(24),
        "SERVICE_TOKEN": secrets.token_urlsafe(32),
        "DATA_KEY": Fernet.generate_key().decode(),
        "AMI_SECRET": secrets.token_urlsafe(24),
        "EXCHANGE_AMI_SECRET": secrets.token_urlsafe(24),
    }


def create(env_file: Path, place: Place) -> bool:
    """Write the settings of a new instance (mode 600) unless they exist; tell whether it did."""
    if env_file.exists():
        return False
    place.home.mkdir(parents=True, exist_ok=True)
    lines = [f"{PREFIX}{name}={value}" for name, value in settings_of(place).items()]
    head = "# Settings and secrets of this hotline. Made at its first start; keep it to yourself.\n"
    with os.fdopen(os.open(env_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(head + "\n".join(lines) + "\n")
    return True


def load(env_file: Path) -> dict[str, str]:
    """Read an instance's settings; a variable of the environment goes before the file's.

    Raises InstanceError for a missing file or a line that is not NAME=value.
    """
    if not env_file.is_file():
        raise InstanceError(f"no settings at {env_file}: run `make demo` or `hotline init` first")
    found = {}
    for number, line in enumerate(env_file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, sign, value = line.partition("=")
        if not sign or not name.strip().isidentifier():
            raise InstanceError(f"{env_file}:{number}: write NAME=value, not {line[:40]!r}")
        found[name.strip()] = value.strip()
    return found | {k: v for k, v in os.environ.items() if k.startswith(PREFIX)}
