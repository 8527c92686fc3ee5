"""A real backend process, for the tests that need one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from backend.settings import Settings
from tests.backend.conftest import KEY, TOKEN

CHECKOUT = Path(__file__).parents[2]
START_SECONDS = 240
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def backend(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a real backend process until the end of the block, if it lives that long."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOTLINE_DATABASE_URL": settings.database_url,
        "HOTLINE_SERVICE_TOKEN": TOKEN,
        "HOTLINE_DATA_KEY": KEY,
        "HOTLINE_REDIS_URL": settings.redis_url,
        "HOTLINE_MEDIA": str(settings.media),
        "HOTLINE_BACKEND_PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "backend", "serve"], env=environment, cwd=CHECKOUT
    )
    try:
        wait_for(process, port)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the backend did not start")
