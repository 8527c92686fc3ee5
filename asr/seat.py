"""The line between the server and a recogniser process: one seat hears one utterance at a time."""

import json
import struct
from enum import IntEnum
from typing import Any

HEADER = struct.Struct(">IB")
LONGEST = 8_000_000


class Word(IntEnum):
    """What is said over the line: down to the seat, up to the server."""

    OPEN = 1
    SOUND = 2
    PAUSE = 3
    FINISH = 4
    DROP = 5
    HELLO = 10
    OPENED = 11
    SO_FAR = 12
    FINAL = 13
    FAILED = 14


def message(word: Word, payload: bytes = b"") -> bytes:
    """Write one message."""
    return HEADER.pack(len(payload), word) + payload


def told(word: Word, **facts: Any) -> bytes:
    """Write one message that carries facts."""
    return message(word, json.dumps(facts, ensure_ascii=False).encode())
