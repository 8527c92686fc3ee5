"""Puts the archive into the backend's application."""

from __future__ import annotations

from fastapi import FastAPI

from backend.archive import endpoints_files, endpoints_holds, endpoints_sound
from backend.archive.settings import ArchiveSettings
from backend.archive.shelf import open_shelf
from backend.doors import open_doors

ROUTERS = (endpoints_sound.router, endpoints_files.router, endpoints_holds.router)


def install(app: FastAPI, settings: ArchiveSettings | None = None) -> None:
    """Add the endpoints and open the vault; the application's own settings are there already."""
    app.state.shelf = open_shelf(app.state.settings, settings)
    open_doors(app, ROUTERS)
