"""The sound of a call, left as Asterisk and the worker leave it."""

import struct
import uuid
from pathlib import Path

from backend.recordings import files, taking_in
from tests.backend.console.desk import Console

SECONDS = 2


async def recorded(console: Console, number: str) -> str:
    """Leave the sound of the call of a ticket, as Asterisk and the worker do; return the call."""
    found = (await console.api.get(f"/api/tickets/{number}")).json()
    call, media = uuid.UUID(found["call_id"]), Path(console.app.state.settings.media)
    (media / "recordings").mkdir(parents=True, exist_ok=True)
    sound = struct.pack(f"<{8000 * SECONDS}h", *(one % 9000 for one in range(8000 * SECONDS)))
    for side in ("caller", "hotline"):
        (media / "recordings" / f"{call}-{side}.sln").write_bytes(sound)
    measured = [files.measure(media, path) for path in files.paths_of(media, call)]
    async with console.app.state.database.transaction() as session:
        await taking_in.take_in(session, media, call, console.app.state.seal, measured)
    return str(call)
