"""What the application keeps of the archive: its settings and its vault."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import Request

from backend.archive.settings import ArchiveSettings
from backend.archive.vault import Vault
from backend.settings import Settings


@dataclass(frozen=True, slots=True)
class Shelf:
    """The archive as one program uses it."""

    settings: ArchiveSettings
    vault: Vault
    media: Path


def open_shelf(settings: Settings, chosen: ArchiveSettings | None = None) -> Shelf:
    """Open the archive that the settings name."""
    archive = chosen or ArchiveSettings()
    key = settings.data_key.get_secret_value()
    return Shelf(archive, Vault(archive.directory(settings.media), key), settings.media)


def shelf_of(request: Request) -> Shelf:
    """Return the archive of the application that answers."""
    shelf: Shelf = request.app.state.shelf
    return shelf
