"""The real backend in a process of its own, on a SQLite file, killed and started at will."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

TOKEN = "a-token-for-this-test-only"


class RealBackend:
    """``start`` it, ``kill`` it, ``start`` it again: the database stays."""

    def __init__(self, folder: Path, key: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {
            "HOTLINE_SERVICE_TOKEN": TOKEN,
            "HOTLINE_DATA_KEY": key,
            "HOTLINE_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/backend.db",
            "HOTLINE_REDIS_URL": "redis://127.0.0.1:9/0",
            "HOTLINE_BACKEND_PORT": str(self.port),
            "HOTLINE_MEDIA": str(folder / "media"),
            "HOTLINE_HOME": str(folder),
        }
        self._log = folder / "backend.log"
        self._run("migrate").wait(180)

    def _run(self, command: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            arguments = [sys.executable, "-m", "backend", command]
            return subprocess.Popen(arguments, env=self._environment, stdout=log, stderr=log)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = self._run("serve")
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                httpx.get(f"{self.url}/openapi.json", trust_env=False)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self._log.read_text("utf-8", "replace")[-3000:])

    def kill(self) -> None:
        """Kill it without a warning."""
        self._process.kill()
        self._process.wait(10)

    def get(self, path: str) -> dict[str, Any]:
        """Read something from its API."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = httpx.get(self.url + path, headers=headers, trust_env=False, timeout=20)
        answer.raise_for_status()
        read: dict[str, Any] = answer.json()
        return read
