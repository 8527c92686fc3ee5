"""Has an uploaded file looked at by the operator's virus scanner, if there is one."""

from __future__ import annotations

import asyncio
import shlex

from backend.archive.settings import ArchiveSettings
from backend.errors import Away, Invalid
from backend.logs import log


async def scan(data: bytes, settings: ArchiveSettings) -> None:
    """Let a file pass that the scanner ends with 0 for.

    Raises Invalid for an infected one, Away when the scanner itself fails: nothing passes unseen.
    The file goes to its standard input and nothing of it into the command.
    """
    if not settings.virus_scanner:
        return
    quiet = asyncio.subprocess.DEVNULL
    try:
        scanner = await asyncio.create_subprocess_exec(
            *shlex.split(settings.virus_scanner),
            stdin=asyncio.subprocess.PIPE,
            stdout=quiet,
            stderr=quiet,
        )
    except (OSError, ValueError) as error:
        log.error("the virus scanner does not start", error=type(error).__name__)
        raise _away() from error
    try:
        async with asyncio.timeout(settings.virus_scanner_seconds):
            await scanner.communicate(data)
    except TimeoutError as error:
        log.error("the virus scanner took too long")
        raise _away() from error
    finally:
        if scanner.returncode is None:
            scanner.kill()
            await scanner.wait()
    if scanner.returncode == 1:
        raise Invalid(
            "infected",
            "file: the virus scanner refuses it",
            field="file",
            remedy="send another copy of the file",
        )
    if scanner.returncode != 0:
        log.error("the virus scanner failed", code=scanner.returncode)
        raise _away()


def _away() -> Away:
    return Away(
        "scanner_away",
        "the file could not be looked at for viruses; it was not kept",
        field="file",
        remedy="try again in a moment",
    )
