"""The form of a sealed file: encrypted in chunks, so that any part can be opened alone.

A header (magic, chunk length, plain length, salt) is followed by the chunks, each AES-256-GCM
under a key of the file's own. The header is authenticated with every chunk and the number of a
chunk is its nonce: a chunk changed, moved, left out or taken from another file does not open.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"HLA1"
CHUNK_BYTES = 64 * 1024
_HEADER = struct.Struct(">4sIQ16s")
_TAG_BYTES = 16


class Damaged(Exception):
    """A sealed file is not what was sealed."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sealed file as it lies on disk, and the plain one it holds."""

    sha256: str
    bytes: int
    sealed_sha256: str
    sealed_bytes: int


def key_of(data_key: str, salt: bytes) -> bytes:
    """Return the key of one file."""
    return HKDF(SHA256(), length=32, salt=salt, info=b"sealed file").derive(data_key.encode())


def write(path: Path, parts: Iterable[bytes], length: int, data_key: str) -> Written:
    """Seal `length` bytes into a new file that is whole on disk when this returns.

    Raises Damaged when the parts hold more or less than `length` bytes.
    """
    header = _HEADER.pack(MAGIC, CHUNK_BYTES, length, secrets.token_bytes(16))
    cipher = AESGCM(key_of(data_key, header[-16:]))
    plain, sealed, seen = hashlib.sha256(), hashlib.sha256(header), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with unfinished.open("xb") as file:
            file.write(header)
            for number, chunk in enumerate(_chunks(parts)):
                seen += len(chunk)
                plain.update(chunk)
                closed = cipher.encrypt(_nonce(number), chunk, header)
                sealed.update(closed)
                file.write(closed)
            if seen != length:
                raise Damaged(f"{seen} bytes came, {length} were announced")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(path.parent)
    size = path.stat().st_size
    return Written(plain.hexdigest(), length, sealed.hexdigest(), size)


class SealedReader:
    """Reads any part of a sealed file; raises Damaged where it was tampered with.

    It keeps no file open, so that a player who leaves in the middle leaves nothing behind.
    """

    def __init__(self, path: Path, data_key: str) -> None:
        with path.open("rb") as file:
            self._header = file.read(_HEADER.size)
        if len(self._header) != _HEADER.size or not self._header.startswith(MAGIC):
            raise Damaged("this is no sealed file")
        _, self._chunk, self.length, salt = _HEADER.unpack(self._header)
        if self._chunk != CHUNK_BYTES:
            raise Damaged("the header was changed")
        self._path, self._cipher = path, AESGCM(key_of(data_key, salt))

    def read(self, offset: int, count: int) -> bytes:
        """Return up to `count` plain bytes from `offset`; fewer only at the end."""
        end = min(offset + count, self.length)
        if offset >= end:
            return b""
        first, last = offset // self._chunk, (end - 1) // self._chunk
        with self._path.open("rb") as file:
            plain = b"".join(self._open(file, number) for number in range(first, last + 1))
        begin = offset - first * self._chunk
        return plain[begin : begin + end - offset]

    def parts(self) -> Iterator[bytes]:
        """Give the whole plain file, chunk by chunk."""
        with self._path.open("rb") as file:
            for number in range(-(-self.length // self._chunk)):
                yield self._open(file, number)

    def _open(self, file: BinaryIO, number: int) -> bytes:
        step = self._chunk + _TAG_BYTES
        due = min(self._chunk, self.length - number * self._chunk)
        file.seek(_HEADER.size + number * step)
        closed = file.read(due + _TAG_BYTES)
        try:
            return self._cipher.decrypt(_nonce(number), closed, self._header)
        except (InvalidTag, ValueError) as error:
            raise Damaged(f"part {number} was changed") from error


def digest_on_disk(path: Path) -> str:
    """Return the SHA-256 (hex) of a sealed file as it lies there; this needs no key."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for part in parts:
        waiting += part
        while len(waiting) >= CHUNK_BYTES:
            yield bytes(waiting[:CHUNK_BYTES])
            del waiting[:CHUNK_BYTES]
    if waiting:
        yield bytes(waiting)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
