"""A town with an archive: calls that left their sound, and short ways to look after it."""

import contextlib
import struct
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from backend.archive import web
from backend.archive.settings import ArchiveSettings
from backend.archive.shelf import Shelf
from backend.recordings import files, taking_in
from tests.backend.dispatch.town import NOISE, Town, open_town
from tests.grounds import Ground

FRAMES = 16_000
"""Two seconds of telephone sound."""


def samples(frames: int = FRAMES, begin: int = 0) -> bytes:
    """Return sound in which every sample tells its own place."""
    return struct.pack(f"<{frames}h", *((begin + one) % 30_000 for one in range(frames)))


@dataclass
class Store:
    """The town, its archive, and the directory in which Asterisk leaves sound."""

    town: Town
    media: Path
    shelf: Shelf

    async def call(self, *, closed: bool = True, caller: str = "13812345678") -> tuple[str, str]:
        """Take a call with both sides recorded and one utterance; return its id and ticket."""
        call, listen = str(uuid.uuid4()), str(uuid.uuid4())
        sound = f"utterances/{listen}.wav"
        (self.media / sound).write_bytes(wav(samples(4000)))
        for side, begin in (("caller", 0), ("hotline", 7)):
            path = self.media / "recordings" / f"{call}-{side}.sln"
            path.write_bytes(samples(FRAMES, begin))
        town = self.town
        await town.report(call, "call.opened", {"caller": caller, "flow": "inbound"})
        heard = {"step": "matter", "listen_id": listen, "text": NOISE, "sound": sound}
        await town.report(call, "call.heard", heard)
        if closed:
            await town.report(call, "call.closed", {"outcome": "completed"})
        await self.take_in(call)
        reply = await town.browsers["program"].post(
            f"/api/calls/{call}/draft", json={"entries": []}
        )
        return call, str(reply.json()["number"])

    async def take_in(self, call: str) -> None:
        """Write the files of a call into its journal, as the worker does."""
        found = [
            files.measure(self.media, path) for path in files.paths_of(self.media, uuid.UUID(call))
        ]
        app = self.town.office.app
        async with self.town.office.database.transaction() as session:
            await taking_in.take_in(session, self.media, uuid.UUID(call), app.state.seal, found)


def wav(data: bytes) -> bytes:
    """Return a WAV of telephone sound."""
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16_000, 2, 16)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


@contextlib.asynccontextmanager
async def open_store(ground: Ground, directory: Path) -> AsyncIterator[Store]:
    """Open a town with an archive in a directory."""
    media = directory / "media"
    for name in ("recordings", "messages", "utterances"):
        (media / name).mkdir(parents=True)
    async with open_town(ground) as town:
        app = town.office.app
        app.state.settings = app.state.settings.model_copy(update={"media": media})
        chosen = ArchiveSettings(archive=directory / "archive", seal_after_seconds=0)
        web.install(app, chosen)
        yield Store(town, media, app.state.shelf)
