"""Telephone sound as a WAV that is made while it is played: a part of a file, one side or both."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

TELEPHONE_RATE = 8000
_SAMPLE_BYTES = 2
_RIFF = struct.Struct("<4sI4s")
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_HEADER_BYTES = 44
_LONGEST_HEADER = 64 * 1024


class Source(Protocol):
    """Bytes of which any part can be read."""

    length: int

    def read(self, offset: int, count: int) -> bytes:
        """Return up to `count` bytes from `offset`."""
        ...


class NotASound(Exception):
    """The bytes are no telephone sound that we can play."""


class PlainFile:
    """A file that is not sealed yet; while a call goes on it grows."""

    def __init__(self, path: Path) -> None:
        self._path, self.length = path, path.stat().st_size

    def read(self, offset: int, count: int) -> bytes:
        """Return up to `count` bytes from `offset`."""
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(max(0, min(count, self.length - offset)))


@dataclass(frozen=True, slots=True)
class Side:
    """One channel of 16-bit samples inside a source."""

    source: Source
    begin: int
    frames: int
    rate: int

    def read(self, first: int, count: int) -> bytes:
        """Return samples, silence where there are none any more."""
        there = max(0, min(count, self.frames - first))
        found = self.source.read(self.begin + first * _SAMPLE_BYTES, there * _SAMPLE_BYTES)
        return found.ljust(count * _SAMPLE_BYTES, b"\0")


def side_of(source: Source) -> Side:
    """Find the samples in a WAV or in raw telephone sound; raises NotASound."""
    if source.read(0, 4) != b"RIFF":
        return Side(source, 0, source.length // _SAMPLE_BYTES, TELEPHONE_RATE)
    place, rate = _RIFF.size, 0
    while place < min(source.length, _LONGEST_HEADER):
        head = source.read(place, _CHUNK.size)
        if len(head) < _CHUNK.size:
            break
        name, size = _CHUNK.unpack(head)
        place += _CHUNK.size
        if name == b"fmt " and size >= _FORMAT.size:
            coding, channels, rate, _, _, bits = _FORMAT.unpack(source.read(place, _FORMAT.size))
            if (coding, channels, bits) != (1, 1, 16) or rate == 0:
                raise NotASound("only plain 16-bit sound of one channel can be played")
        if name == b"data" and rate:
            there = min(size, source.length - place)
            return Side(source, place, there // _SAMPLE_BYTES, rate)
        place += size + size % 2
    raise NotASound("the file holds no sound")


class Wav:
    """A WAV of some sides of one call, from one second to another; `length` is in bytes."""

    def __init__(
        self, sides: Sequence[Side], from_seconds: float = 0, to_seconds: float | None = None
    ) -> None:
        if len({side.rate for side in sides}) != 1:
            raise NotASound("the sides are not of one kind")
        self._sides, self.rate, self.channels = sides, sides[0].rate, len(sides)
        most = max(side.frames for side in sides)
        end = most if to_seconds is None else min(most, round(to_seconds * self.rate))
        self._first = min(round(from_seconds * self.rate), end)
        self.frames = end - self._first
        self._frame_bytes = _SAMPLE_BYTES * len(sides)
        self.length = _HEADER_BYTES + self.frames * self._frame_bytes

    @property
    def seconds(self) -> float:
        """Return how long it plays."""
        return self.frames / self.rate

    def read(self, offset: int, count: int) -> bytes:
        """Return up to `count` bytes from `offset`, header included."""
        end = min(offset + count, self.length)
        if offset >= end:
            return b""
        head = self._header()[offset:end]
        begin, stop = max(offset, _HEADER_BYTES) - _HEADER_BYTES, end - _HEADER_BYTES
        if stop <= begin:
            return head
        first, last = begin // self._frame_bytes, -(-stop // self._frame_bytes)
        frames = self._frames(self._first + first, last - first)
        skip = begin - first * self._frame_bytes
        return head + frames[skip : skip + stop - begin]

    def _frames(self, first: int, count: int) -> bytes:
        read = [side.read(first, count) for side in self._sides]
        if len(read) == 1:
            return read[0]
        return np.column_stack([np.frombuffer(one, "<i2") for one in read]).tobytes()

    def _header(self) -> bytes:
        data = self.length - _HEADER_BYTES
        second = self.rate * self._frame_bytes
        form = _FORMAT.pack(
            1, len(self._sides), self.rate, second, self._frame_bytes, 8 * _SAMPLE_BYTES
        )
        riff = _RIFF.pack(b"RIFF", self.length - 8, b"WAVE")
        return riff + _CHUNK.pack(b"fmt ", len(form)) + form + _CHUNK.pack(b"data", data)
