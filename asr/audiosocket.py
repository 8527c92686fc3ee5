"""The AudioSocket wire, without any socket: frames from bytes and bytes for frames.

A frame is ``[kind u8][length u16 big-endian][payload]``. Sound is 8 kHz signed 16-bit
little-endian mono; 20 ms of it are 320 bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

RATE = 8000
FRAME_SECONDS = 0.02
FRAME_BYTES = 320
SILENCE = bytes(FRAME_BYTES)
HANG_UP = b"\x00\x00\x00"
LONGEST_PAYLOAD = 8192
"""No honest frame is longer; Asterisk sends 320 bytes."""
_KEYS = "0123456789*#ABCDabcd"


class WireError(ValueError):
    """The far end does not speak AudioSocket; the message says how."""


class Kind(IntEnum):
    """What a frame carries."""

    HANG_UP = 0x00
    UUID = 0x01
    KEY = 0x03
    SOUND = 0x10
    ERROR = 0xFF


_KINDS = frozenset(int(kind) for kind in Kind)


@dataclass(frozen=True, slots=True)
class Identity:
    """The first frame of a session: which announced step it is for."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Key:
    """A key the caller pressed."""

    key: str


@dataclass(frozen=True, slots=True)
class Sound:
    """What the caller's side sounded like, an even number of bytes."""

    samples: bytes


@dataclass(frozen=True, slots=True)
class HungUp:
    """The far end is done: the caller left, or Asterisk names an error."""

    code: int | None = None


Event = Identity | Key | Sound | HungUp


def sound_frame(samples: bytes) -> bytes:
    """Give header and payload as one piece, to be written at once."""
    return struct.pack(">BH", Kind.SOUND, len(samples)) + samples


class Unpacker:
    """Turns received bytes into events; bounded, raises ``WireError`` on a wrong frame."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, received: bytes) -> Iterator[Event]:
        """Take bytes as they came; give the events that are complete, up to a wrong frame."""
        self._held += received
        while len(self._held) >= 3:
            kind, size = struct.unpack_from(">BH", self._held)
            if size > LONGEST_PAYLOAD:
                raise WireError(f"frame of {size} bytes, at most {LONGEST_PAYLOAD} are taken")
            if kind not in _KINDS:
                raise WireError(f"unknown kind of frame 0x{kind:02x}")
            if len(self._held) < 3 + size:
                return
            payload = bytes(self._held[3 : 3 + size])
            del self._held[: 3 + size]
            yield _event(Kind(kind), payload)


def _event(kind: Kind, payload: bytes) -> Event:
    match kind:
        case Kind.UUID:
            if len(payload) != 16:
                raise WireError(f"identity of {len(payload)} bytes instead of 16")
            return Identity(UUID(bytes=payload))
        case Kind.KEY:
            key = payload.decode("latin-1")
            if len(key) != 1 or key not in _KEYS:
                raise WireError(f"key frame that is no key: {payload[:8]!r}")
            return Key(key.upper())
        case Kind.SOUND:
            if len(payload) % 2:
                raise WireError(f"sound of {len(payload)} bytes, half a sample too many")
            return Sound(payload)
        case Kind.HANG_UP:
            return HungUp()
        case Kind.ERROR:
            return HungUp(payload[0] if payload else None)
