"""Static files of the pages: our own, and those of others by an allow-list; cached for good."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from pathlib import Path

from backend.errors import NotFound

OWN = Path(__file__).parent / "static"
MODULES = Path(__file__).resolve().parents[2] / "node_modules"
VENDOR = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.min.js",
    "jssip.js": "jssip/dist/jssip.min.js",
}
"""Name in our addresses -> file under node_modules. Nothing else there is served."""
FOR_GOOD = "public, max-age=31536000, immutable"
SHORTLY = "no-cache"


def path_of(name: str) -> Path:
    """Return the file of a name, or raise NotFound; no name leads out of the two places."""
    if name in VENDOR:
        found = MODULES / VENDOR[name]
    elif name in {one.name for one in OWN.iterdir()}:
        found = OWN / name
    else:
        raise _unknown(name)
    if not found.is_file():
        raise _unknown(name)
    return found


@functools.cache
def version_of(name: str) -> str:
    """Return the version of a file, by its content; "missing" while it is not installed."""
    try:
        return hashlib.sha256(path_of(name).read_bytes()).hexdigest()[:12]
    except NotFound:
        return "missing"


def address_of(name: str) -> str:
    """Return the address under which a page loads a file; it changes with the content."""
    return f"/console/static/{name}?v={version_of(name)}"


def kind_of(name: str) -> str:
    """Return the media type of a file."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _unknown(name: str) -> NotFound:
    return NotFound(
        "no_such_file",
        "no such static file",
        field="name",
        remedy="run `make setup` if the pages look bare: it installs the browser packages",
    )
